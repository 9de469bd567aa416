import fc from 'fast-check'
import { fitDueCurve, nextBasketDays, repurchaseGaps, withDueWeights } from '../../src/ml/next-basket-due'
import { fitGlobalFrequency, fitPersonalFrequency } from '../../src/ml/next-basket-frequency'
import { type BasketHistory, holdOutLast, itemCounts, packHistory } from '../../src/ml/next-basket-history'
import { type NextBasketModel, recommendLists } from '../../src/ml/next-basket-model'
import { fitTransitions } from '../../src/ml/next-basket-transitions'
import { tuneOptions } from '../../src/ml/next-basket-tuning'
import { ScoreBoard } from '../../src/ml/rank-board'
import { noItem } from '../../src/ml/rank-metrics'
import { fitRanker } from '../../src/ml/rank-model'
import { dealUsers, rankInParallel } from '../../src/ml/rank-parallel'
import { fitTifuKnn, tifuKnnDefaults } from '../../src/ml/tifuknn'
import { fitUserCf, userCfDefaults } from '../../src/ml/user-cf'

const pack = (users: number[][][], items: number) =>
  packHistory(
    users.map((baskets) => ({ baskets })),
    items,
  )

/** Two kinds of members who never share an item: items 0 to 3, and 4 to 7. Each item comes again and again. */
function twoKinds(): BasketHistory {
  const users: number[][][] = []
  for (let user = 0; user < 40; user++) {
    const base = user % 2 === 0 ? 0 : 4
    const left = base + (Math.floor(user / 2) % 4)
    const baskets = [0, 1, 2, 3].map((basket) =>
      [0, 1, 2, 3].map((k) => base + k).filter((item) => item !== left && (item + basket) % 4 !== 0),
    )
    users.push(baskets)
  }
  return pack(users, 8)
}

const methods: Record<string, (history: BasketHistory) => NextBasketModel> = {
  'global frequency': fitGlobalFrequency,
  'personal frequency': fitPersonalFrequency,
  transitions: fitTransitions,
  'UP-CF': fitUserCf,
  'UP-CF by what is due': (history) => withDueWeights(fitUserCf(history), history),
  'TIFU-kNN': fitTifuKnn,
  ranker: (history) => fitRanker(history, { trees: 40, seed: 1 }),
}

describe.each(Object.entries(methods))('every recommender: %s', (name, fit) => {
  const scores = (model: NextBasketModel, user: number, items: number) => {
    const board = new ScoreBoard(items)
    model.scoreUser(user, board)
    return { board, values: Array.from(board.values) }
  }

  it('foretells what is obvious: members of a kind buy what their kind buys', () => {
    if (name === 'global frequency') return
    const history = twoKinds()
    const lists = recommendLists(fit(history), history, { width: 3 })
    for (let user = 0; user < history.users; user++) {
      const row = Array.from(lists.item.subarray(user * 3, user * 3 + 3))
      expect(row.map((item) => Math.floor(item / 4))).toEqual([user % 2, user % 2, user % 2])
    }
  })

  it('gives lists without repeats, as long as there are items, and the same ones again', () => {
    const history = twoKinds()
    const lists = recommendLists(fit(history), history, { width: 10 })
    expect(recommendLists(fit(history), history, { width: 10 })).toEqual(lists)
    for (let user = 0; user < history.users; user++) {
      const row = Array.from(lists.item.subarray(user * 10, user * 10 + 10))
      expect(new Set(row.slice(0, 8)).size).toBe(8)
      expect(row.slice(8)).toEqual([noItem, noItem])
    }
  })

  it('scores one user after another as if alone', () => {
    const history = twoKinds()
    const model = fit(history)
    const before = scores(model, 3, 8).values
    scores(model, 4, 8)
    expect(scores(model, 3, 8).values).toEqual(before)
  })

  it.each([
    ['one user, one item', [[[0]]], 1],
    ['one user, one item, many times', [[[0], [0], [0]]], 1],
    ['a member without baskets', [[], [[0, 1], [1]]], 2],
    ['the same row many times', Array.from({ length: 20 }, () => [[0, 1], [1]]), 2],
    [
      'items named twice in a basket',
      [
        [
          [0, 0, 1],
          [1, 1],
        ],
      ],
      3,
    ],
    ['nobody', [], 2],
    ['nobody who bought', [[], []], 2],
  ] as [string, number[][][], number][])('has finite scores for %s', (_, users, items) => {
    const history = pack(users, items)
    const model = fit(history)
    for (let user = 0; user < history.users; user++) {
      expect(scores(model, user, items).values.every(Number.isFinite)).toBe(true)
    }
    const { item } = recommendLists(model, history, { width: items })
    expect(item.every((one) => one < items)).toBe(true)
  })
})

const histories = fc
  .array(fc.array(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 4 }), { maxLength: 6 }), {
    minLength: 1,
    maxLength: 8,
  })
  .map((users) => ({ users: users.map((baskets) => baskets.map((basket) => [...new Set(basket)])), items: 7 }))

function boardOf(model: NextBasketModel, user: number, items: number): number[] {
  const board = new ScoreBoard(items)
  model.scoreUser(user, board)
  return Array.from(board.values)
}

describe('against the papers, written out', () => {
  it('UP-CF sums the recent popularity of all users by asymmetric cosine', () => {
    fc.assert(
      fc.property(histories, fc.integer({ min: 1, max: 4 }), ({ users, items }, recencyBaskets) => {
        const options = { ...userCfDefaults, recencyBaskets, neighboursMax: 100 }
        const share = users.map((baskets) => {
          const recent = baskets.slice(-recencyBaskets)
          return Array.from({ length: items }, (_, item) =>
            recent.length === 0 ? 0 : recent.filter((basket) => basket.includes(item)).length / recent.length,
          )
        })
        const dot = (a: number[], b: number[]) => a.reduce((sum, value, item) => sum + value * b[item]!, 0)
        const model = fitUserCf(pack(users, items), options)
        users.forEach((_, user) => {
          const expected = Array.from({ length: items }, (_, item) =>
            share.reduce((sum, other) => {
              const own = share[user]!
              if (dot(own, other) === 0) return sum
              const length = dot(own, own) ** options.asymmetry * dot(other, other) ** (1 - options.asymmetry)
              return sum + (dot(own, other) / length) ** options.locality * other[item]!
            }, 0),
          )
          boardOf(model, user, items).forEach((score, item) => {
            expect(score).toBeCloseTo(expected[item]!, 9)
          })
        })
      }),
    )
  })

  it('TIFU-kNN mixes the grouped, decayed frequencies of the user and of the nearest users', () => {
    const users = [[[0], [0, 1], [2]], [[0], [0, 1]], [[5, 6]], [[5], [6], [6]], [[3]]]
    const options = { neighbours: 2, groupSize: 2, withinDecay: 0.5, groupDecay: 0.25, ownShare: 0.6 }
    const history = pack(users, 7)
    // Member 0: the last group is the baskets {0, 1} and {2}, the one before it {0} alone.
    const vectors = [
      [0.25 * (1 / 2) + 0.5 * 0.5 * (1 / 2), 0.5 * 0.5 * (1 / 2), 0.5 * (1 / 2), 0, 0, 0, 0],
      [0.5 / 2 + 1 / 2, 1 / 2, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 1, 1],
      [0, 0, 0, 0, 0, 0.25 * (1 / 2), (0.5 * 0.5 + 0.5) / 2],
      [0, 0, 0, 1, 0, 0, 0],
    ]
    const away = (a: number[], b: number[]) => Math.hypot(...a.map((value, item) => value - b[item]!))
    const model = fitTifuKnn(history, options)
    vectors.forEach((own, user) => {
      const near = vectors
        .map((vector, other) => ({ vector, other, distance: away(own, vector) }))
        .filter(({ other }) => other !== user)
        .sort((a, b) => a.distance - b.distance)
        .slice(0, 2)
      boardOf(model, user, 7).forEach((score, item) => {
        const mean = near.reduce((sum, { vector }) => sum + vector[item]! / 2, 0)
        expect(score).toBeCloseTo(0.6 * own[item]! + 0.4 * mean, 12)
      })
    })
  })

  it('TIFU-kNN finds near users who share nothing', () => {
    fc.assert(
      fc.property(histories, ({ users, items }) => {
        const everybody = boardOf(fitTifuKnn(pack(users, items), { ...tifuKnnDefaults, ownShare: 0 }), 0, items)
        // With room for all, all others are neighbours.
        const others = users.slice(1)
        const rest = others.map((_, k) => boardOf(fitPersonalTifu(pack(others, items)), k, items))
        everybody.forEach((score, item) => {
          expect(score).toBeCloseTo(rest.reduce((sum, own) => sum + own[item]!, 0) / Math.max(1, others.length), 9)
        })
      }),
    )
  })
})

/** The user's own part alone. */
const fitPersonalTifu = (history: BasketHistory) => fitTifuKnn(history, { ...tifuKnnDefaults, ownShare: 1 })

describe('the split', () => {
  it('takes the last basket off whoever has more than one, and loses nothing', () => {
    fc.assert(
      fc.property(histories, ({ users, items }) => {
        const history = pack(users, items)
        const { history: before, truth } = holdOutLast(history)
        users.forEach((baskets, user) => {
          const held = Array.from(truth.item.subarray(truth.start[user]!, truth.start[user + 1]!))
          expect(held).toEqual(baskets.length > 1 ? baskets[baskets.length - 1] : [])
          expect(before.userStart[user + 1]! - before.userStart[user]!).toBe(
            baskets.length > 1 ? baskets.length - 1 : baskets.length,
          )
        })
        const counts = (list: Uint32Array) => itemCounts({ items, item: list })
        expect(counts(before.item).map((count, item) => count + counts(truth.item)[item]!)).toEqual(
          counts(history.item),
        )
      }),
    )
  })

  it('refuses an item that is none', () => {
    expect(() => pack([[[7]]], 7)).toThrow('item 7')
    expect(() => pack([[[-1]]], 7)).toThrow('item -1')
  })

  it('never lets a method see what is held out', () => {
    const history = twoKinds()
    const seen: number[] = []
    tuneOptions(history, {
      start: { locality: 1 },
      choices: { locality: [1, 2, 3] },
      fit(before) {
        seen.push(before.item.length)
        return fitPersonalFrequency(before)
      },
      usersMax: 10,
    })
    expect(new Set(seen)).toEqual(new Set([holdOutLast(history).history.item.length]))
    expect(seen).toHaveLength(3)
  })
})

describe('what is due', () => {
  const weekly = packHistory([{ baskets: [[0], [0, 1], [0]], days: [0, 7, 14] }], 2)

  it('measures gaps in days, shrunk to what is usual', () => {
    const gaps = repurchaseGaps(weekly)
    expect(Array.from(gaps.item)).toEqual([0, 1])
    expect(Array.from(gaps.times)).toEqual([3, 1])
    expect(Array.from(gaps.lastDay)).toEqual([14, 7])
    expect(Array.from(gaps.gap)).toEqual([7, 7])
    expect(Array.from(nextBasketDays(weekly))).toEqual([21])
  })

  it('learns that what is bought every other time is not due the time after', () => {
    const users = Array.from({ length: 200 }, (_, user) => ({
      baskets: Array.from({ length: 9 }, (_, basket) => [(user + basket) % 2, 2 + (user % 5)]),
    }))
    const history = packHistory(users, 8)
    const curve = fitDueCurve(history)
    expect(curve.weight(4, 1)).toBeGreaterThan(1.5 * curve.weight(4, 0.5))
    const lists = recommendLists(withDueWeights(fitPersonalFrequency(history), history), history, { width: 2 })
    for (let user = 0; user < 200; user++) expect(lists.item[user * 2 + 1]).toBe((user + 9) % 2)
  })
})

describe('the re-ranker', () => {
  it('deals out everybody once, to each thread about as much work, however unevenly members buy', () => {
    const busy = Array.from({ length: 50 }, () => Array.from({ length: 6 }, () => [0, 1, 2, 3, 4]))
    const quiet = Array.from({ length: 150 }, () => [[0]])
    const ranges = dealUsers(pack([...busy, ...quiet], 5), 2)
    // 50 users of 30 items and 150 of one, each and 25 more: 6,650 in all, and half of that before the 73rd.
    expect(ranges).toEqual([
      { from: 0, to: 73 },
      { from: 73, to: 200 },
    ])
    expect(dealUsers(pack([[[0]], [[1]]], 2), 5)).toEqual([
      { from: 0, to: 1 },
      { from: 1, to: 2 },
    ])
    expect(dealUsers(pack([], 2), 3)).toEqual([{ from: 0, to: 0 }])
  })

  it('gives a user the same list in a block of others, alone, or out of turn', () => {
    const history = twoKinds()
    const ranker = fitRanker(history, { trees: 5, seed: 3 })
    const whole = recommendLists(ranker, history, { width: 4 })
    const some = [39, 0, 7, 7, 20]
    const turned = recommendLists(ranker, history, { width: 4, users: some })
    const board = new ScoreBoard(history.items)
    const alone = new Uint32Array(4)
    for (const user of some) {
      const expected = whole.item.subarray(4 * user, 4 * user + 4)
      expect(turned.item.subarray(4 * user, 4 * user + 4)).toEqual(expected)
      ranker.scoreUser(user, board)
      board.top(1, alone)
      expect(alone[0]).toBe(expected[0])
      board.clear()
    }
  })

  it('gives the same lists however the users are dealt out', async () => {
    const history = twoKinds()
    const options = { trees: 5, seed: 3 }
    const whole = recommendLists(fitRanker(history, options), history, { width: 4 })
    for (const threads of [1, 3, 100])
      expect(await rankInParallel(history, options, { width: 4, threads })).toEqual(whole)
  })
})
