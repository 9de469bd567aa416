import { fitKMeans, type KMeans, type PointSet, startingCentres } from './kmeans'
import { integer, type Random } from './random'
import { selectPoints } from './select-points'

/**
 * How far two clusterings of the same points agree: 1 when they are the same up to the clusters' names, about 0 when
 * they have nothing to do with each other (adjusted Rand index, Hubert and Arabie 1985). 1 where nothing can differ.
 */
export function adjustedRandIndex(one: ArrayLike<number>, other: ArrayLike<number>): number {
  if (one.length !== other.length) throw new RangeError(`${one.length} labels against ${other.length}`)
  const cells = new Map<string, number>()
  const rows = new Map<number, number>()
  const columns = new Map<number, number>()
  for (let i = 0; i < one.length; i++) {
    const cell = `${one[i]},${other[i]}`
    cells.set(cell, (cells.get(cell) ?? 0) + 1)
    rows.set(one[i]!, (rows.get(one[i]!) ?? 0) + 1)
    columns.set(other[i]!, (columns.get(other[i]!) ?? 0) + 1)
  }
  const together = pairsWithin(cells.values())
  const inOne = pairsWithin(rows.values())
  const inOther = pairsWithin(columns.values())
  const all = (one.length * (one.length - 1)) / 2
  const expected = all === 0 ? 0 : (inOne * inOther) / all
  const most = (inOne + inOther) / 2
  return most === expected ? 1 : (together - expected) / (most - expected)
}

function pairsWithin(counts: Iterable<number>): number {
  let pairs = 0
  for (const count of counts) pairs += (count * (count - 1)) / 2
  return pairs
}

/** The best of several fits, each from starting centres of its own (k-means++): what depends on luck is drawn again. */
export function fitBest(set: PointSet, clusters: number, { random, starts = 5 }: { random: Random; starts?: number }) {
  let best: KMeans | undefined
  for (let start = 0; start < starts; start++) {
    const fit = fitKMeans(set, startingCentres(set, clusters, random.fork(start)))
    if (!best || fit.inertia < best.inertia) best = fit
  }
  if (!best) throw new RangeError(`${starts} starts`)
  return best
}

/**
 * How far a clustering would be found again: it is fitted anew on `resamples` bootstrap samples of the points, and each
 * refit compared with it (ARI) on the points that the sample has. The mean over the samples.
 */
export function bootstrapStability(
  set: PointSet,
  reference: KMeans,
  { random, resamples = 20, starts = 5 }: { random: Random; resamples?: number; starts?: number },
): number {
  let sum = 0
  for (let resample = 0; resample < resamples; resample++) {
    const draws = random.fork(resample)
    const drawn = Uint32Array.from({ length: set.points }, () => integer(draws, 0, set.points - 1))
    const refit = fitBest(selectPoints(set, drawn), reference.clusters, { random: draws.fork('fit'), starts })
    // A point drawn twice counts once: otherwise the sample's own chance would weigh in the comparison.
    const before: number[] = []
    const after: number[] = []
    const seen = new Uint8Array(set.points)
    drawn.forEach((point, place) => {
      if (seen[point] === 1) return
      seen[point] = 1
      before.push(reference.assignment[point]!)
      after.push(refit.assignment[place]!)
    })
    sum += adjustedRandIndex(before, after)
  }
  return sum / resamples
}
