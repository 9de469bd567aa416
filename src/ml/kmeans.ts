import type { Random } from './random'

/** Points as one row-major array: coordinate d of point i is `values[i * dims + d]`. */
export interface PointSet {
  readonly points: number
  readonly dims: number
  readonly values: Float64Array
}

export interface KMeans {
  readonly clusters: number
  /** Row-major, clusters × dims. */
  readonly centres: Float64Array
  /** The cluster of each point. */
  readonly assignment: Int32Array
  /** Sum of squared distances to the own centre. */
  readonly inertia: number
  readonly iterations: number
}

/**
 * Draws starting centres, each with a chance in proportion to its squared distance to those drawn before, the best of
 * a few candidates each time (k-means++, Arthur and Vassilvitskii 2007; greedy as they recommend in section 7).
 */
export function startingCentres({ points, dims, values }: PointSet, clusters: number, random: Random): Float64Array {
  const centres = new Float64Array(clusters * dims)
  const first = Math.floor(random.next() * points)
  centres.set(values.subarray(first * dims, first * dims + dims), 0)
  let distances = new Float64Array(points).fill(Number.POSITIVE_INFINITY)
  let total = lower(distances, distances, values, dims, centres.subarray(0, dims))
  const candidates = 2 + Math.floor(Math.log(clusters))
  for (let c = 1; c < clusters; c++) {
    let best: { total: number; distances: Float64Array<ArrayBuffer>; at: number } | undefined
    for (let tries = 0; tries < candidates; tries++) {
      const at = draw(distances, total, random)
      const tried = new Float64Array(points)
      const triedTotal = lower(distances, tried, values, dims, values.subarray(at * dims, at * dims + dims))
      if (!best || triedTotal < best.total) best = { total: triedTotal, distances: tried, at }
    }
    if (!best) break
    centres.set(values.subarray(best.at * dims, best.at * dims + dims), c * dims)
    distances = best.distances
    total = best.total
  }
  return centres
}

/** Writes the smaller of the known distances and those to `centre`; returns their sum. */
function lower(
  known: Float64Array,
  into: Float64Array,
  values: Float64Array,
  dims: number,
  centre: Float64Array,
): number {
  let total = 0
  for (let i = 0; i < known.length; i++) {
    let distance = 0
    for (let d = 0; d < dims; d++) {
      const difference = values[i * dims + d]! - centre[d]!
      distance += difference * difference
    }
    const least = Math.min(known[i]!, distance)
    into[i] = least
    total += least
  }
  return total
}

function draw(distances: Float64Array, total: number, random: Random): number {
  let left = random.next() * total
  for (let i = 0; i < distances.length; i++) {
    left -= distances[i]!
    if (left < 0) return i
  }
  return distances.length - 1
}

export interface KMeansOptions {
  iterationsMax?: number
  /** Stops when the centres moved by less than this share of the mean variance, squared and summed, as scikit-learn does. */
  tolerance?: number
}

/**
 * Lloyd's algorithm from given centres, with Hamerly's bounds (2010): a point whose upper bound to its centre lies below
 * its lower bound to all others is not looked at. Gives what plain Lloyd gives. A cluster that loses all points gets the
 * point that is farthest from its centre.
 */
export function fitKMeans(set: PointSet, start: Float64Array, options: KMeansOptions = {}): KMeans {
  const { iterationsMax = 300, tolerance = 1e-4 } = options
  const state = new Lloyd(set, start)
  const enough = tolerance * meanVariance(set)
  let iterations = 0
  let moved = Number.POSITIVE_INFINITY
  while (iterations < iterationsMax && moved > enough) {
    const changed = state.assign()
    moved = state.move()
    iterations += 1
    if (changed === 0) break
  }
  state.assign()
  return {
    clusters: state.clusters,
    centres: state.centres,
    assignment: state.assignment,
    inertia: state.inertia(),
    iterations,
  }
}

class Lloyd {
  readonly clusters: number
  readonly centres: Float64Array
  readonly assignment: Int32Array
  private readonly upper: Float64Array
  private readonly lowerBound: Float64Array
  private readonly sums: Float64Array
  private readonly counts: Int32Array
  private readonly half: Float64Array
  private readonly shift: Float64Array
  private isFresh = true

  constructor(
    private readonly set: PointSet,
    start: Float64Array,
  ) {
    this.clusters = start.length / set.dims
    this.centres = start.slice()
    this.assignment = new Int32Array(set.points)
    this.upper = new Float64Array(set.points)
    this.lowerBound = new Float64Array(set.points)
    this.sums = new Float64Array(start.length)
    this.counts = new Int32Array(this.clusters)
    this.half = new Float64Array(this.clusters)
    this.shift = new Float64Array(this.clusters)
  }

  /** Gives each point to its nearest centre; returns how many changed. */
  assign(): number {
    const { set, assignment, upper, lowerBound, half, clusters } = this
    this.halveDistancesBetweenCentres()
    let changed = 0
    for (let i = 0; i < set.points; i++) {
      const own = assignment[i]!
      const bound = Math.max(half[own]!, lowerBound[i]!)
      if (!this.isFresh) {
        if (upper[i]! <= bound) continue
        upper[i] = Math.sqrt(this.squaredDistance(i, own))
        if (upper[i]! <= bound) continue
      }
      let nearest = 0
      let least = Number.POSITIVE_INFINITY
      let second = Number.POSITIVE_INFINITY
      for (let c = 0; c < clusters; c++) {
        const distance = this.squaredDistance(i, c)
        if (distance < least) {
          second = least
          least = distance
          nearest = c
        } else if (distance < second) second = distance
      }
      upper[i] = Math.sqrt(least)
      lowerBound[i] = Math.sqrt(second)
      if (this.isFresh || nearest !== own) {
        if (!this.isFresh) this.take(i, own, -1)
        this.take(i, nearest, 1)
        assignment[i] = nearest
        changed += 1
      }
    }
    this.isFresh = false
    return changed
  }

  /** Puts each centre into the middle of its points; returns the sum of squared moves. */
  move(): number {
    const { set, centres, sums, counts, clusters, shift } = this
    this.fillEmptyClusters()
    let moved = 0
    let [largest, largestAt, runnerUp] = [0, -1, 0]
    for (let c = 0; c < clusters; c++) {
      let squared = 0
      for (let d = 0; d < set.dims; d++) {
        const at = c * set.dims + d
        const middle = sums[at]! / counts[c]!
        squared += (middle - centres[at]!) ** 2
        centres[at] = middle
      }
      moved += squared
      shift[c] = Math.sqrt(squared)
      if (shift[c]! > largest) [runnerUp, largest, largestAt] = [largest, shift[c]!, c]
      else runnerUp = Math.max(runnerUp, shift[c]!)
    }
    for (let i = 0; i < set.points; i++) {
      const own = this.assignment[i]!
      this.upper[i]! += shift[own]!
      this.lowerBound[i]! -= own === largestAt ? runnerUp : largest
    }
    return moved
  }

  inertia(): number {
    let sum = 0
    for (let i = 0; i < this.set.points; i++) sum += this.squaredDistance(i, this.assignment[i]!)
    return sum
  }

  private take(point: number, cluster: number, sign: number): void {
    const { dims, values } = this.set
    this.counts[cluster]! += sign
    for (let d = 0; d < dims; d++) this.sums[cluster * dims + d]! += sign * values[point * dims + d]!
  }

  private fillEmptyClusters(): void {
    for (let c = 0; c < this.clusters; c++) {
      if (this.counts[c]! > 0) continue
      let farthest = -1
      let most = -1
      for (let i = 0; i < this.set.points; i++) {
        if (this.counts[this.assignment[i]!]! < 2) continue
        const distance = this.squaredDistance(i, this.assignment[i]!)
        if (distance > most) [farthest, most] = [i, distance]
      }
      // Fewer points than clusters: the centre stays where it is.
      if (farthest < 0) {
        this.counts[c] = 1
        this.sums.set(this.centres.subarray(c * this.set.dims, (c + 1) * this.set.dims), c * this.set.dims)
        continue
      }
      this.take(farthest, this.assignment[farthest]!, -1)
      this.take(farthest, c, 1)
      this.assignment[farthest] = c
      this.upper[farthest] = 0
      this.lowerBound[farthest] = 0
    }
  }

  private squaredDistance(point: number, cluster: number): number {
    const { dims, values } = this.set
    let sum = 0
    for (let d = 0, a = point * dims, b = cluster * dims; d < dims; d++) {
      const difference = values[a + d]! - this.centres[b + d]!
      sum += difference * difference
    }
    return sum
  }

  private halveDistancesBetweenCentres(): void {
    const { clusters, centres, half, set } = this
    for (let c = 0; c < clusters; c++) {
      let least = Number.POSITIVE_INFINITY
      for (let other = 0; other < clusters; other++) {
        if (other === c) continue
        let sum = 0
        for (let d = 0; d < set.dims; d++) sum += (centres[c * set.dims + d]! - centres[other * set.dims + d]!) ** 2
        least = Math.min(least, sum)
      }
      half[c] = Math.sqrt(least) / 2
    }
  }
}

function meanVariance({ points, dims, values }: PointSet): number {
  let total = 0
  for (let d = 0; d < dims; d++) {
    let sum = 0
    let squares = 0
    for (let i = 0; i < points; i++) {
      sum += values[i * dims + d]!
      squares += values[i * dims + d]! ** 2
    }
    total += squares / points - (sum / points) ** 2
  }
  return total / dims
}
