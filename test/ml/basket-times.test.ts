import { type BasketTimes, fitBasketTimes } from '../../src/ml/basket-times'
import { paceOf, passBack, passOn, STEPS } from '../../src/ml/basket-times-steps'
import { fitFollowers } from '../../src/ml/followers'
import { packHistory, type UserBaskets } from '../../src/ml/next-basket-history'
import { createRandom, integer } from '../../src/ml/random'
import { ScoreBoard } from '../../src/ml/rank-board'
import { fitTimelyPopularity } from '../../src/ml/timely-popularity'

const DAYS = 120
const PROMOTIONS = 24
const STAPLES = 40

/** Members who come at random days and buy two of their staples and two of what is promoted in these five days. */
function market(users: number) {
  const random = createRandom(5)
  const days: number[][] = []
  const members: UserBaskets[] = []
  for (let user = 0; user < users; user++) {
    const own = Array.from({ length: 3 + integer(random, 0, 3) }, () => random.next() * DAYS).sort((a, b) => a - b)
    days.push(own)
    const taste = integer(random, 0, STAPLES - 1)
    const baskets = own.map((day) => {
      const promotion = Math.floor((day / DAYS) * PROMOTIONS)
      const staples = [0, 1].map(() => PROMOTIONS * 3 + ((taste + integer(random, 0, 4)) % STAPLES))
      return [...staples, promotion * 3 + integer(random, 0, 2), promotion * 3 + integer(random, 0, 2)]
    })
    members.push({ baskets })
  }
  return { members, days, items: PROMOTIONS * 3 + STAPLES }
}

const middles = ({ steps, basket }: BasketTimes, count: number) =>
  Array.from({ length: count }, (_, one) => {
    let sum = 0
    for (let step = 0; step < steps; step++) sum += step * basket[one * steps + step]!
    return sum
  })

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const product = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, k) => sum + (value - mean(x)) * (y[k]! - mean(y)), 0)
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b))
}

describe('times of baskets without dates', () => {
  const { members, days, items } = market(300)
  const history = packHistory(members, items)
  const times = fitBasketTimes(history)

  it('are those at which the baskets were bought, but for the units', () => {
    expect(correlation(middles(times, history.day.length), days.flat())).toBeGreaterThan(0.95)
  })

  it('are no better than chance where nothing sells at a time of its own', () => {
    const staples = members.map(({ baskets }) => ({ baskets: baskets.map((basket) => basket.slice(0, 2)) }))
    const known = packHistory(staples, items)
    const first = middles(fitBasketTimes(known), known.day.length).filter((_, one) => known.day[one] === 0)
    const firstDays = days.map((own) => own[0] ?? Number.NaN)
    expect(Math.abs(correlation(first, firstDays))).toBeLessThan(0.6)
  })

  it('say that the next basket comes after the last', () => {
    const all = middles(times, history.day.length)
    const ahead = members.map((_, user) => {
      const last = history.userStart[user + 1]! - 1
      let next = 0
      for (let step = 0; step < times.steps; step++) next += step * times.next[user * times.steps + step]!
      return next - (all[last] ?? Number.NaN)
    })
    expect(ahead.every((steps) => steps >= -1e-5)).toBe(true)
  })

  it('are the same again', () => {
    const again = fitBasketTimes(history)
    expect(again.basket.every((chance, at) => chance === times.basket[at])).toBe(true)
    expect(again.season.every((value, at) => value === times.season[at])).toBe(true)
  })

  it('make what is promoted at the time of the next basket popular, and not what was', () => {
    const popular = fitTimelyPopularity(history, times)
    const board = new ScoreBoard(items)
    const top = new Uint32Array(5)
    const late = days.findIndex((own) => own.length === 4 && (own.at(-1) ?? 0) > 60 && (own.at(-1) ?? 0) < 70)
    popular.scoreUser(late, board)
    const promoted = Array.from({ length: PROMOTIONS }, (_, k) =>
      [0, 1, 2].reduce((sum, one) => sum + board.values[k * 3 + one]!, 0),
    )
    board.top(5, top)
    const before = promoted.slice(0, 10).reduce((sum, value) => sum + value, 0)
    const after = promoted.slice(12, 22).reduce((sum, value) => sum + value, 0)
    expect(after).toBeGreaterThan(3 * before)
  })
})

describe('times of baskets with dates', () => {
  it('are the dates', () => {
    const history = packHistory(
      [
        { baskets: [[0], [0]], days: [100, 160] },
        { baskets: [[1]], days: [220] },
        { baskets: [[1]], days: [101] },
      ],
      2,
    )
    const times = fitBasketTimes(history)
    expect(middles(times, 4)).toEqual([0, STEPS / 2, STEPS - 1, 0])
    // Sixty days on from the 160th.
    const next = times.next.subarray(0, STEPS)
    expect(next.subarray(0, STEPS / 2).every((chance) => chance === 0)).toBe(true)
    expect(next.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 6)
  })

  it('are one where all is of one day', () => {
    const times = fitBasketTimes(packHistory([{ baskets: [[0]], days: [9] }], 1))
    expect(times.basket[0]).toBe(1)
    expect(times.season.every(Number.isFinite)).toBe(true)
  })
})

describe('paces', () => {
  it('pass on what there is, and back what it is worth', () => {
    const pace = paceOf(4, 0.3)
    const from = Float64Array.from({ length: STEPS }, (_, step) => (step === 3 || step === STEPS - 1 ? 0.5 : 0))
    const onwards = new Float64Array(STEPS)
    passOn(from, onwards, pace)
    const curve = (gap: number) => (gap === 0 ? 0.3 : Math.exp(-gap / 4))
    const sum = Array.from({ length: STEPS - 3 }, (_, gap) => curve(gap)).reduce((total, value) => total + value, 0)
    expect(onwards[2]).toBe(0)
    expect(onwards[3]).toBeCloseTo((0.5 * curve(0)) / sum, 12)
    expect(onwards[9]).toBeCloseTo((0.5 * curve(6)) / sum, 12)
    expect(onwards.reduce((total, value) => total + value, 0)).toBeCloseTo(1, 12)

    const weights = Float64Array.from({ length: STEPS }, (_, step) => step + 1)
    const back = new Float64Array(STEPS)
    passBack(weights, back, pace)
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((total, value, step) => total + value * b[step]!, 0)
    expect(dot(from, back)).toBeCloseTo(dot(onwards, weights), 10)
  })
})

describe('followers', () => {
  it('are what others bought after a basket like the last one', () => {
    const history = packHistory([{ baskets: [[0]] }, { baskets: [[0], [1], [2], [3]] }, { baskets: [[4], [5]] }], 6)
    const board = new ScoreBoard(6)
    fitFollowers(history).scoreUser(0, board)
    expect(board.values[1]).toBeGreaterThan(0)
    expect(board.values[2]).toBeCloseTo(board.values[1]! / 2, 12)
    expect(Array.from(board.values.subarray(3))).toEqual([0, 0, 0])
  })
})
