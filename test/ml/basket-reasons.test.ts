import { basketReasons } from '../../src/ml/basket-reasons'
import { packHistory } from '../../src/ml/next-basket-history'
import { createRandom, integer } from '../../src/ml/random'

/** Users who each bought some of twelve items, by chance, in one or two baskets. */
function drawn(users: number) {
  const random = createRandom(7)
  const baskets = Array.from({ length: users }, () =>
    Array.from({ length: 1 + integer(random, 0, 1) }, () =>
      Array.from({ length: 1 + integer(random, 0, 4) }, () => integer(random, 0, 11)),
    ),
  )
  return {
    baskets,
    history: packHistory(
      baskets.map((each) => ({ baskets: each })),
      12,
    ),
  }
}

test('neighbours who bought an item are counted as by hand', () => {
  const { baskets, history } = drawn(40)
  const owned = baskets.map((each) => new Set(each.flat()))
  const reasons = basketReasons(history, { neighbours: 5 })
  owned.forEach((mine, user) => {
    const near = owned
      .map((theirs, other) => ({
        other,
        alike: [...mine].filter((item) => theirs.has(item)).length / Math.sqrt(theirs.size),
      }))
      .filter(({ other, alike }) => other !== user && alike > 0)
      .sort((a, b) => b.alike - a.alike || a.other - b.other)
      .slice(0, 5)
    reasons.load(user)
    for (let item = 0; item < 12; item++) {
      expect(reasons.nearBuyers(item)).toBe(near.filter(({ other }) => owned[other]?.has(item)).length)
    }
  })
})

test('what goes together is told with how many bought both; what only seems to is not', () => {
  // 0 and 1 are bought together by eight; 2 is bought by everybody, and so goes with nothing.
  const users = Array.from({ length: 40 }, (_, user) => ({ baskets: [user < 8 ? [0, 1, 2] : [2, 3 + (user % 5)]] }))
  const reasons = basketReasons(packHistory([...users, { baskets: [[0]] }], 8))
  reasons.load(40)
  expect(reasons.goesWith(1)).toEqual({ item: 0, buyers: 8 })
  expect(reasons.goesWith(2)).toBeUndefined()
  expect(reasons.goesWith(7)).toBeUndefined()
  // A user turned to later does not inherit it.
  reasons.load(20)
  expect(reasons.goesWith(1)).toBeUndefined()
})

test('too few who bought both say nothing', () => {
  const users = Array.from({ length: 40 }, (_, user) => ({ baskets: [user < 4 ? [0, 1] : [2]] }))
  const reasons = basketReasons(packHistory([...users, { baskets: [[0]] }], 3))
  reasons.load(40)
  expect(reasons.goesWith(1)).toBeUndefined()
})

test('a single user has no neighbours', () => {
  const reasons = basketReasons(packHistory([{ baskets: [[0, 1]] }], 3))
  reasons.load(0)
  expect([reasons.nearBuyers(0), reasons.nearBuyers(2), reasons.goesWith(2)]).toEqual([0, 0, undefined])
})
