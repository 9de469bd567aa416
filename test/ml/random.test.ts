import {
  beta,
  chance,
  createRandom,
  exponential,
  gamma,
  integer,
  normal,
  pick,
  poisson,
  type Random,
  shuffle,
  uniform,
  weightedIndex,
  zipfWeights,
} from '../../src/ml/random'

const DRAWS = 40_000

/** Mean and variance of many draws. */
function momentsOf(draw: (random: Random) => number, seed = 'moments') {
  const random = createRandom(seed)
  const values = Float64Array.from({ length: DRAWS }, () => draw(random))
  const mean = values.reduce((sum, value) => sum + value, 0) / DRAWS
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (DRAWS - 1) }
}

test('a seed gives the same numbers today as on the day this was written', () => {
  const random = createRandom(42)
  expect([random.next(), random.next(), random.next()]).toMatchInlineSnapshot(`
[
  0.8245833980299981,
  0.41956601399840665,
  0.001279324550124028,
]
`)
})

test('other seeds and other labels give other numbers', () => {
  const firsts = [
    createRandom(1),
    createRandom(2),
    createRandom(12),
    createRandom(1).fork('a'),
    createRandom(1).fork('b'),
  ]
  expect(new Set(firsts.map((random) => random.next())).size).toBe(firsts.length)
})

test('a fork is the same wherever its parent stands, and leaves the parent as it was', () => {
  const fresh = createRandom('p')
  const used = createRandom('p')
  const expected = createRandom('p')
  for (let i = 0; i < 5; i++) expect(used.next()).toBe(expected.next())
  expect(used.fork('x').next()).toBe(fresh.fork('x').next())
  expect(used.next()).toBe(expected.next())
})

test.each<[string, (random: Random) => number, number, number]>([
  ['next', (random) => random.next(), 0.5, 1 / 12],
  ['uniform(2, 6)', (random) => uniform(random, 2, 6), 4, 16 / 12],
  ['integer(1, 6)', (random) => integer(random, 1, 6), 3.5, 35 / 12],
  ['chance(0.3)', (random) => Number(chance(random, 0.3)), 0.3, 0.21],
  ['normal(3, 2)', (random) => normal(random, 3, 2), 3, 4],
  ['exponential(rate 4)', (random) => exponential(random, 4), 0.25, 1 / 16],
  ['gamma(2.5, rate 2)', (random) => gamma(random, 2.5, 2), 1.25, 0.625],
  ['gamma(0.4, rate 3)', (random) => gamma(random, 0.4, 3), 0.4 / 3, 0.4 / 9],
  ['beta(2, 3)', (random) => beta(random, 2, 3), 0.4, 0.04],
  ['poisson(3)', (random) => poisson(random, 3), 3, 3],
  ['poisson(80)', (random) => poisson(random, 80), 80, 80],
])('%s has its mean and variance', (_name, draw, mean, variance) => {
  const sample = momentsOf(draw)
  // Four standard errors of the mean; the variance within a tenth.
  expect(Math.abs(sample.mean - mean)).toBeLessThan(4 * Math.sqrt(variance / DRAWS))
  expect(Math.abs(sample.variance / variance - 1)).toBeLessThan(0.1)
})

test('weighted draws come in proportion to their weights, and weight 0 never', () => {
  const draw = weightedIndex([1, 0, 3, 6])
  const counts = [0, 0, 0, 0]
  const random = createRandom('weights')
  for (let i = 0; i < DRAWS; i++) counts[draw(random)]! += 1
  expect(counts[1]).toBe(0)
  for (const [index, share] of [0.1, 0, 0.3, 0.6].entries()) expect(counts[index]! / DRAWS).toBeCloseTo(share, 1)
})

test('weights without a sum are refused', () => {
  expect(() => weightedIndex([0, 0])).toThrow('weights must sum to more than 0; theirs is 0')
  expect(() => pick(createRandom(1), [])).toThrow('cannot pick from an empty list')
})

test('Zipf falls with the rank', () => {
  expect([...zipfWeights(4, { exponent: 1 })]).toEqual([1, 1 / 2, 1 / 3, 1 / 4])
  expect([...zipfWeights(2, { exponent: 2, shift: 3 })]).toEqual([1 / 16, 1 / 25])
})

test('a shuffle keeps every item, leaves its input alone, and puts each anywhere', () => {
  const items = ['a', 'b', 'c', 'd'] as const
  const random = createRandom('shuffle')
  const firsts = new Map<string, number>()
  for (let i = 0; i < 4_000; i++) {
    const shuffled = shuffle(random, items)
    expect([...shuffled].sort()).toEqual([...items])
    firsts.set(shuffled[0]!, (firsts.get(shuffled[0]!) ?? 0) + 1)
  }
  expect(items).toEqual(['a', 'b', 'c', 'd'])
  for (const item of items) expect(Math.abs(firsts.get(item)! - 1_000)).toBeLessThan(120)
})
