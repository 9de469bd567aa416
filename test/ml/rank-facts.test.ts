import { packHistory } from '../../src/ml/next-basket-history'
import { userFactNames, userFacts } from '../../src/ml/rank-item-facts'
import { pairFactNames, pairFacts } from '../../src/ml/rank-pair-facts'
import { fitRepeatChances } from '../../src/ml/repeat-chances'

const history = packHistory(
  [{ baskets: [[0, 1], [0], [2], [0, 2], [1]] }, { baskets: [[0], [0], [0]] }, { baskets: [[1], [2]] }],
  3,
)

describe('what a user did with an item', () => {
  it('tells since which baskets the user has it, and in which of the last four it was', () => {
    const pairs = pairFacts(history)
    const values = new Float32Array(pairFactNames.length)
    const factsOf = (user: number, item: number) => {
      pairs.load(user)
      expect(pairs.write(item, values, 0)).toBe(values.length)
      return Object.fromEntries(pairFactNames.map((name, k) => [name, values[k]]))
    }
    expect(factsOf(0, 0)).toMatchObject({ times: 3, basketsSince: 1, basketsSinceFirst: 4, lastBaskets: 0b0101 })
    expect(factsOf(0, 1)).toMatchObject({ times: 2, basketsSince: 0, basketsSinceFirst: 4, lastBaskets: 0b1000 })
    expect(factsOf(2, 2)).toMatchObject({ times: 1, basketsSince: 0, basketsSinceFirst: 0, lastBaskets: 0b1000 })
    expect(factsOf(2, 0)).toMatchObject({ times: 0, basketsSince: Number.NaN, boughtAgain: Number.NaN, due: 1 })
  })

  it('is likely to come again as often as it came again so far, few cases leaning to all items', () => {
    const chances = fitRepeatChances(history)
    // Bought once, in the last basket: items 0 (twice, both times it came again), 1 (twice, never) and 2 (once, it came).
    const usual = 3 / 5
    expect(chances.of(0, 1, 0)).toBeCloseTo((2 + 10 * usual) / (2 + 10), 9)
    expect(chances.of(1, 1, 0)).toBeCloseTo((0 + 10 * usual) / (2 + 10), 9)
    // Three baskets before the last one and more are alike: item 1 of the first user, once, and it came again.
    expect(chances.of(1, 1, 7)).toBeCloseTo(1, 9)
    // Where nothing is known at all, nothing is expected.
    expect(chances.of(1, 3, 3)).toBe(0)
  })
})

describe('what is known of a user', () => {
  it('tells how popular is what the user buys', () => {
    const taste = userFacts(history)[userFactNames.length + userFactNames.indexOf('taste')]
    // The second user buys item 0 alone, which six baskets hold.
    expect(taste).toBeCloseTo(Math.log(6), 9)
  })
})
