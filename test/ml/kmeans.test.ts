import { fitKMeans, type PointSet, startingCentres } from '../../src/ml/kmeans'
import { createRandom, normal } from '../../src/ml/random'

function blobs(seed: number, centres: number[][], each: number): PointSet {
  const random = createRandom(seed)
  const dims = centres[0]!.length
  const values: number[] = []
  for (let i = 0; i < each; i++)
    for (const centre of centres) for (const c of centre) values.push(c + 0.3 * normal(random))
  return { points: each * centres.length, dims, values: Float64Array.from(values) }
}

/** Lloyd's algorithm as the textbook has it. */
function plainLloyd({ points, dims, values }: PointSet, start: Float64Array, iterations: number): number {
  const centres = start.slice()
  const clusters = start.length / dims
  const distance = (i: number, c: number) => {
    let sum = 0
    for (let d = 0; d < dims; d++) sum += (values[i * dims + d]! - centres[c * dims + d]!) ** 2
    return sum
  }
  const nearest = (i: number) => {
    let best = 0
    for (let c = 1; c < clusters; c++) if (distance(i, c) < distance(i, best)) best = c
    return best
  }
  for (let iteration = 0; iteration < iterations; iteration++) {
    const own = Array.from({ length: points }, (_, i) => nearest(i))
    for (let c = 0; c < clusters; c++) {
      const members = own.flatMap((cluster, i) => (cluster === c ? [i] : []))
      if (members.length === 0) continue
      for (let d = 0; d < dims; d++) {
        centres[c * dims + d] = members.reduce((sum, i) => sum + values[i * dims + d]!, 0) / members.length
      }
    }
  }
  let inertia = 0
  for (let i = 0; i < points; i++) inertia += distance(i, nearest(i))
  return inertia
}

describe('k-means', () => {
  it('finds clusters that anybody would', () => {
    const set = blobs(
      1,
      [
        [0, 0],
        [10, 0],
        [0, 10],
      ],
      50,
    )
    const { assignment, centres } = fitKMeans(set, startingCentres(set, 3, createRandom(5)))
    for (let i = 3; i < set.points; i++) expect(assignment[i]).toBe(assignment[i % 3])
    expect(new Set(assignment.subarray(0, 3)).size).toBe(3)
    const lengths = [0, 1, 2].map((c) => Math.round(Math.hypot(centres[2 * c]!, centres[2 * c + 1]!)))
    expect(lengths.sort((a, b) => a - b)).toEqual([0, 10, 10])
  })

  it.each([1, 2, 3, 4, 5, 6])('ends where plain Lloyd ends from the same start (seed %i)', (seed) => {
    const random = createRandom(seed)
    const values = Float64Array.from({ length: 400 * 3 }, () => normal(random))
    const set = { points: 400, dims: 3, values }
    const start = startingCentres(set, 7, random)
    const fitted = fitKMeans(set, start, { tolerance: 0 })
    expect(fitted.inertia).toBeCloseTo(plainLloyd(set, start, fitted.iterations), 6)
  })

  it('copes with equal points, as many clusters as points, and more', () => {
    const same = { points: 10, dims: 2, values: new Float64Array(20).fill(3) }
    expect(fitKMeans(same, startingCentres(same, 3, createRandom(1))).inertia).toBe(0)
    const few = { points: 3, dims: 1, values: Float64Array.of(1, 5, 9) }
    expect(fitKMeans(few, Float64Array.of(1, 5, 9)).inertia).toBe(0)
    expect(fitKMeans(few, startingCentres(few, 5, createRandom(2))).inertia).toBe(0)
    const one = { points: 1, dims: 1, values: Float64Array.of(7) }
    expect(fitKMeans(one, startingCentres(one, 1, createRandom(1))).centres).toEqual(Float64Array.of(7))
  })

  it('gives an empty cluster a point rather than NaN', () => {
    const set = { points: 4, dims: 1, values: Float64Array.of(0, 1, 10, 11) }
    const fitted = fitKMeans(set, Float64Array.of(0.5, 1000, 2000))
    for (const centre of fitted.centres) expect(Number.isFinite(centre)).toBe(true)
    expect(fitted.inertia).toBeLessThan(1)
  })

  it('starts from the same centres with the same seed', () => {
    const set = blobs(3, [[0], [5]], 20)
    expect(startingCentres(set, 2, createRandom(9))).toEqual(startingCentres(set, 2, createRandom(9)))
  })
})
