import { fitBuyAgain } from '../../../src/core/recommendations/buy-again-model'
import { dueTimes, dueWeight, reweighed, tabulate } from '../../../src/core/recommendations/due-curve'
import { listsOf, nextBasketMethods, type ScoredLists } from '../../../src/core/recommendations/next-basket-methods'
import { packHistory } from '../../../src/ml/next-basket-history'
import { createRandom, integer } from '../../../src/ml/random'
import { ScoreBoard } from '../../../src/ml/rank-board'
import { noItem } from '../../../src/ml/rank-metrics'
import { tifuKnnDefaults } from '../../../src/ml/tifuknn'
import { userCfDefaults } from '../../../src/ml/user-cf'

const OPTIONS = { decay: 0.9, userCf: userCfDefaults, tifuKnn: tifuKnnDefaults }
const WIDTH = 5

const listFor = ({ item, width }: ScoredLists, user: number) =>
  [...item.subarray(user * width, (user + 1) * width)].filter((one) => one !== noItem)

/** Users of two kinds: each buys the two things of their kind every week, and one of all twelve by chance. */
function twoKinds() {
  const random = createRandom(5)
  return packHistory(
    Array.from({ length: 40 }, (_, user) => ({
      baskets: Array.from({ length: 6 }, () => [...(user < 20 ? [0, 1] : [2, 3]), integer(random, 0, 11)]),
      days: Array.from({ length: 6 }, (_, week) => 7 * week - 42),
    })),
    12,
  )
}

describe.each(nextBasketMethods.map((method) => [method]))('%s', (method) => {
  const make = (history: ReturnType<typeof twoKinds>) =>
    listsOf(method, history, { options: OPTIONS, width: WIDTH, threads: 1, seed: 1 })

  test('what everybody of a kind buys every week comes first', async () => {
    const lists = await make(twoKinds())
    const first = (user: number) => listFor(lists, user).slice(0, 2).sort()
    if (method === 'global-frequency') expect(listFor(lists, 0).slice(0, 4).sort()).toEqual([0, 1, 2, 3])
    else
      expect([first(0), first(39)]).toEqual([
        [0, 1],
        [2, 3],
      ])
  })

  test('no item twice; scores above 0, at most 1, falling; the same again', async () => {
    const lists = await make(twoKinds())
    for (let user = 0; user < 40; user++) {
      const items = listFor(lists, user)
      expect(new Set(items).size).toBe(items.length)
      const scores = [...lists.score.subarray(user * WIDTH, user * WIDTH + items.length)]
      expect(scores).toEqual([...scores].sort((a, b) => b - a))
      expect([scores[0], scores.every((score) => score > 0)]).toEqual([1, true])
    }
    expect(await make(twoKinds())).toEqual(lists)
  })

  test('a single user with a single item', async () => {
    const lists = await make(packHistory([{ baskets: [[0], [0]] }], 1))
    expect(listFor(lists, 0)).toEqual([0])
  })
})

test('a curve survives being stored, straight between its steps', () => {
  const table = tabulate({ weight: (times, ratio) => times + ratio })
  expect(table).toHaveLength(48)
  // The first step's middle is 2^-2.75 gaps, the last one's 2^2.75.
  expect(dueWeight(table, { times: 1, ratio: 2 ** -2.75 })).toBeCloseTo(1 + 2 ** -2.75, 12)
  expect(dueWeight(table, { times: 9, ratio: 100 })).toBeCloseTo(4 + 2 ** 2.75, 12)
  expect(dueWeight(table, { times: 2, ratio: 0 })).toBeCloseTo(2 + 2 ** -2.75, 12)
  const [low, high] = [2 ** -0.25, 2 ** 0.25]
  expect(dueWeight(table, { times: 2, ratio: 1 })).toBeCloseTo(2 + (low + high) / 2, 12)
  expect(dueWeight([], { times: 2, ratio: 1 })).toBe(1)
})

test('lists are weighed as of each user’s own day; what was never bought keeps its score', () => {
  const history = packHistory([{ baskets: [[0], [0], [1], [1]], days: [-60, -40, -30, -2] }], 3)
  const lists: ScoredLists = {
    width: 3,
    item: Uint32Array.of(1, 2, 0),
    score: Float32Array.of(1, 0.6, 0.5),
    hasDates: false,
  }
  const due = dueTimes(history, tabulate({ weight: (_times, ratio) => (ratio > 0.9 ? 2 : 0.5) }))
  const on = (day: number, power: number) => reweighed(lists, due, { days: Float64Array.of(day), power })
  // On day 10 the first item is due (every 20 days or so, last 30 days ago), the second is not.
  expect([...on(10, 1).item]).toEqual([0, 2, 1])
  expect([...on(10, 1).score].map((score) => Math.round(10 * score) / 10)).toEqual([1, 0.6, 0.5])
  expect([...on(10, 0).item]).toEqual([1, 2, 0])
})

test('the floor that models are measured against: what is due, then what is popular and new', () => {
  const history = packHistory(
    [
      { baskets: [[0, 1], [0], [0, 2]], days: [-60, -30, -1] },
      { baskets: [[3, 4]], days: [-10] },
      { baskets: [[3]], days: [-10] },
      { baskets: [[5]], days: [-200] },
    ],
    6,
  )
  const top = (day: number) => {
    const board = new ScoreBoard(6)
    const found = new Uint32Array(6)
    fitBuyAgain(history, Float64Array.of(day, 0, 0, 0)).scoreUser(0, board)
    return [...found.subarray(0, board.top(6, found))]
  }
  // Bought every month, and just bought; the third item was bought too long ago by somebody to be popular.
  expect(top(0)).toEqual([3, 4])
  expect(top(28)).toEqual([0, 3, 4])
})
