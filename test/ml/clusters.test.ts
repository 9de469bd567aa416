import fc from 'fast-check'
import { chooseClusters } from '../../src/ml/cluster-choice'
import { adjustedRandIndex, bootstrapStability, fitBest } from '../../src/ml/cluster-stability'
import type { PointSet } from '../../src/ml/kmeans'
import { fitAxes, onAxes, valueOnAxis } from '../../src/ml/member-space'
import { createRandom, normal } from '../../src/ml/random'
import { nearestCentres, samplePoints } from '../../src/ml/select-points'
import { silhouette } from '../../src/ml/silhouette'

function blobs(seed: number, centres: readonly (readonly number[])[], each: number, spread = 0.3): PointSet {
  const random = createRandom(seed)
  const values: number[] = []
  for (let i = 0; i < each; i++) {
    for (const centre of centres) for (const c of centre) values.push(c + spread * normal(random))
  }
  return { points: each * centres.length, dims: centres[0]!.length, values: Float64Array.from(values) }
}

const corners = [
  [0, 0],
  [6, 0],
  [0, 6],
  [6, 6],
]
const labels = fc.integer({ min: 2, max: 30 }).chain((count) => {
  const some = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: count, maxLength: count })
  return fc.tuple(some, some)
})

describe('adjusted Rand index', () => {
  /** From its definition: pairs that both put together, both apart, or only one. */
  function byPairs(one: readonly number[], other: readonly number[]): number {
    let [both, onlyOne, onlyOther, neither] = [0, 0, 0, 0]
    for (let i = 0; i < one.length; i++) {
      for (let j = i + 1; j < one.length; j++) {
        const [inOne, inOther] = [one[i] === one[j], other[i] === other[j]]
        if (inOne && inOther) both += 1
        else if (inOne) onlyOne += 1
        else if (inOther) onlyOther += 1
        else neither += 1
      }
    }
    // Steinley 2004, equation 5.
    const below = (both + onlyOne) * (onlyOne + neither) + (both + onlyOther) * (onlyOther + neither)
    return below === 0 ? 1 : (2 * (both * neither - onlyOne * onlyOther)) / below
  }

  test('equals a count over all pairs', () => {
    fc.assert(
      fc.property(labels, ([one, other]) => {
        expect(adjustedRandIndex(one, other)).toBeCloseTo(byPairs(one, other), 10)
      }),
    )
  })

  test.each([
    ['other names for the same', [0, 0, 1, 1, 2], [5, 5, 9, 9, 7], 1],
    ['one cluster against itself', [0, 0, 0], [1, 1, 1], 1],
    ['one cluster against singles', [0, 0, 0], [0, 1, 2], 0],
    ['one point', [3], [4], 1],
    ['nothing', [], [], 1],
    ["scikit-learn's example", [0, 0, 1, 2], [0, 0, 1, 1], 0.5714285714],
    ['worse than chance', [0, 0, 1, 1], [0, 1, 0, 1], -0.5],
  ])('%s', (_, one, other, expected) => {
    expect(adjustedRandIndex(one, other)).toBeCloseTo(expected, 9)
  })

  test('labels of different lengths are refused', () => {
    expect(() => adjustedRandIndex([1, 2], [1])).toThrow(RangeError)
  })
})

describe('silhouette', () => {
  /** From its definition, point by point. */
  function byDefinition({ points, dims, values }: PointSet, own: readonly number[]): number {
    const distance = (i: number, j: number) =>
      Math.hypot(...Array.from({ length: dims }, (_, d) => values[i * dims + d]! - values[j * dims + d]!))
    let total = 0
    for (let i = 0; i < points; i++) {
      const meanTo = (cluster: number) => {
        const others = own.flatMap((c, j) => (c === cluster && j !== i ? [distance(i, j)] : []))
        return others.reduce((sum, each) => sum + each, 0) / others.length
      }
      if (own.filter((c) => c === own[i]).length === 1) continue
      const a = meanTo(own[i]!)
      const b = Math.min(...[...new Set(own)].filter((c) => c !== own[i]).map(meanTo))
      total += Math.max(a, b) === 0 ? 0 : (b - a) / Math.max(a, b)
    }
    return total / points
  }

  test('equals its definition, with single points, gaps in the names and points that coincide', () => {
    const cases = fc
      .integer({ min: 2, max: 20 })
      .chain((points) =>
        fc.tuple(
          fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 2 * points, maxLength: 2 * points }),
          fc.array(fc.constantFrom(0, 2, 5), { minLength: points, maxLength: points }),
        ),
      )
    fc.assert(
      fc.property(cases, ([values, own]) => {
        const set = { points: own.length, dims: 2, values: Float64Array.from(values) }
        const found = silhouette(set, own, { random: createRandom(1) })
        if (new Set(own).size < 2) expect(found).toBeNaN()
        else expect(found).toBeCloseTo(byDefinition(set, own), 10)
      }),
    )
  })

  test('a sample is near the whole', () => {
    const set = blobs(3, corners, 300, 1.5)
    const { assignment } = fitBest(set, 4, { random: createRandom(1) })
    const whole = silhouette(set, assignment, { random: createRandom(1), sampleMax: 5_000 })
    const sampled = silhouette(set, assignment, { random: createRandom(1), sampleMax: 400 })
    expect(Math.abs(sampled - whole)).toBeLessThan(0.03)
  })
})

describe('drawing points', () => {
  test('all of few, in order; so many of more, each once', () => {
    expect([...samplePoints(3, 5, createRandom(1))]).toEqual([0, 1, 2])
    const drawn = samplePoints(1_000, 100, createRandom(1))
    expect(new Set(drawn).size).toBe(100)
    expect([...drawn]).toEqual([...drawn].sort((a, b) => a - b))
    // Not just the first ones.
    expect(drawn.reduce((sum, i) => sum + i, 0) / 100).toBeGreaterThan(350)
  })
})

describe('stability', () => {
  test('what is apart is found again by every bootstrap sample; a shapeless cloud is not', () => {
    const apart = blobs(1, corners, 50)
    const fit = fitBest(apart, 4, { random: createRandom(2) })
    expect(bootstrapStability(apart, fit, { random: createRandom(3), resamples: 5 })).toBeCloseTo(1, 6)
    const cloud = blobs(1, [[0, 0]], 200)
    const cut = fitBest(cloud, 5, { random: createRandom(2) })
    expect(bootstrapStability(cloud, cut, { random: createRandom(3), resamples: 5 })).toBeLessThan(0.8)
  })
})

describe('the number of clusters', () => {
  test('is what anybody would say, and the same seed gives the same clusters', () => {
    const set = blobs(4, corners, 60)
    const choice = chooseClusters(set, { random: createRandom(1), resamples: 5 })
    expect(choice?.chosen.clusters).toBe(4)
    expect(choice?.chosen.stability).toBeGreaterThan(0.99)
    expect(choice?.candidates.map(({ clusters }) => clusters)).toEqual([3, 4, 5, 6, 7, 8])
    const again = chooseClusters(set, { random: createRandom(1), resamples: 5 })
    expect(again?.fit.centres).toEqual(choice?.fit.centres)
  })

  test('is found on a sample, and the clusters then hold everybody', () => {
    const set = blobs(5, corners, 250)
    const choice = chooseClusters(set, { random: createRandom(1), resamples: 3, sampleMax: 200 })
    expect(choice?.chosen.clusters).toBe(4)
    expect(choice?.fit.assignment).toHaveLength(1_000)
    expect([...(choice?.fit.assignment ?? [])]).toEqual([...nearestCentres(set, choice!.fit.centres)])
  })

  test.each([
    ['nobody', 0, []],
    ['one member', 2, [1, 2]],
    ['all equal', 2, [1, 2, 1, 2, 1, 2]],
  ])('%s: there are no clusters', (_, dims, values) => {
    const set = { points: dims === 0 ? 0 : values.length / dims, dims, values: Float64Array.from(values) }
    expect(chooseClusters(set, { random: createRandom(1) })).toBeNull()
  })

  test('two kinds of members only: two clusters', () => {
    const set = { points: 40, dims: 1, values: Float64Array.from({ length: 40 }, (_, i) => i % 2) }
    expect(chooseClusters(set, { random: createRandom(1), resamples: 3 })?.chosen.clusters).toBe(2)
  })
})

describe('axes', () => {
  const column = (name: string, values: readonly number[], scale: 'log' | 'plain' = 'plain') => ({
    name,
    scale,
    values: Float64Array.from(values),
  })

  test('have mean 0 and deviation 1, and lead back to the unit', () => {
    const columns = [column('spend', [0, 10, 100, 1000], 'log'), column('share', [0, 0.5, 0.25, 1])]
    const axes = fitAxes(columns)
    const { points, dims, values } = onAxes(axes, columns)
    expect([points, dims]).toEqual([4, 2])
    for (const d of [0, 1]) {
      const own = [0, 1, 2, 3].map((i) => values[i * 2 + d]!)
      expect(own.reduce((sum, z) => sum + z, 0)).toBeCloseTo(0, 10)
      expect(own.reduce((sum, z) => sum + z * z, 0) / 4).toBeCloseTo(1, 10)
      own.forEach((z, i) => {
        expect(valueOnAxis(axes[d]!, z)).toBeCloseTo(columns[d]!.values[i]!, 8)
      })
    }
  })

  test('a column of half the weight spreads half as far', () => {
    const columns = [{ ...column('share', [0, 1, 2, 3]), weight: 0.5 }]
    const axes = fitAxes(columns)
    const { values } = onAxes(axes, columns)
    expect(Math.sqrt(values.reduce((sum, z) => sum + z * z, 0) / 4)).toBeCloseTo(0.5, 10)
    expect(valueOnAxis(axes[0]!, values[3]!)).toBeCloseTo(3, 10)
  })

  test('a column in which (almost) all are equal is left out', () => {
    const rare = Array.from({ length: 100 }, (_, i) => (i < 3 ? 1 : 0))
    const common = rare.map((_, i) => i % 3)
    const axes = fitAxes([column('same', new Array(100).fill(7)), column('rare', rare), column('common', common)])
    expect(axes.map(({ name }) => name)).toEqual(['common'])
    expect(fitAxes([column('nobody', [])])).toEqual([])
  })

  test('one huge value is far out, but no farther than four deviations; a negative spend counts as none', () => {
    const spend = [...Array.from({ length: 99 }, (_, i) => i), 1e300]
    const columns = [column('spend', spend, 'log'), column('other', [-5, ...spend.slice(1)], 'log')]
    const { values } = onAxes(fitAxes(columns), columns)
    expect(Math.max(...values)).toBe(4)
    expect(values.every(Number.isFinite)).toBe(true)
    expect(values[1]).toBe(values[0])
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('%p is refused', (value) => {
    expect(() => fitAxes([column('spend', [1, value, 3], 'log')])).toThrow(/spend/)
  })

  test('a column that is not there is named', () => {
    const axes = fitAxes([column('spend', [1, 2, 3])])
    expect(() => onAxes(axes, [column('orders', [1])])).toThrow(/no column "spend"/)
  })
})
