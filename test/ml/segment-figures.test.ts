import type { OrderHistories } from '../../src/ml/order-features'
import { historiesBefore, purchasesAt, tradeWithin } from '../../src/ml/purchases'
import { claimFigures, figuresByLabel, labelClaims, spendExplained } from '../../src/ml/segment-figures'

function histories(...members: readonly (readonly (readonly [day: number, amount: number])[])[]): OrderHistories {
  const start = new Uint32Array(members.length + 1)
  members.forEach((days, c) => {
    start[c + 1] = start[c]! + days.length
  })
  const all = members.flat()
  return {
    customers: members.length,
    start,
    day: Float64Array.from(all, ([day]) => day),
    amount: Float64Array.from(all, ([, amount]) => amount),
  }
}

const trade = {
  sales: histories(
    [
      [1, 100],
      [5, 60],
      [12, 40],
    ],
    [[9, 30]],
    [],
  ),
  refunds: histories(
    [
      [6, 20],
      [13, 10],
    ],
    [],
    [[2, 5]],
  ),
}

describe('what is seen at a cut', () => {
  test('is what was before it', () => {
    const { recencyDays, orders, spend, returnsShare } = purchasesAt(trade, [10, 10, 10])
    expect([...recencyDays]).toEqual([4, 0, 0])
    expect([...orders]).toEqual([2, 1, 0])
    expect([...spend]).toEqual([140, 30, 0])
    expect([...returnsShare]).toEqual([0.125, 0, 0])
  })

  test('what comes after is net of refunds, and ends before the end', () => {
    const { bought, spend } = tradeWithin(trade, [10, 10, 10], [14, 14, 14])
    expect([...bought]).toEqual([1, 0, 0])
    expect([...spend]).toEqual([30, 0, 0])
    expect([...tradeWithin(trade, [10, 9, 10], [12, 10, 14]).bought]).toEqual([0, 1, 0])
  })

  test('histories before it have nothing of what is after', () => {
    const before = historiesBefore(trade.sales, [5, 10, 10])
    expect([...before.start]).toEqual([0, 1, 2, 2])
    expect([...before.day]).toEqual([1, 9])
  })
})

describe('what labels say of later', () => {
  const bought = Uint8Array.of(1, 0, 1, 0, 1)
  const spend = Float64Array.of(30, 0, 60, 0, 10)

  test('size, share and spend of each; who has none is left out', () => {
    const figures = figuresByLabel(['a', 'a', 'b', 'b', null], ['a', 'b', 'c'], { bought, spend })
    expect(figures.a).toEqual({
      ...{ members: 2, share: 0.5, boughtShare: 0.5 },
      ...{ laterSpend: 30, laterSpendShare: 1 / 3, laterSpendMean: 15 },
    })
    expect(figures.b.laterSpendShare).toBeCloseTo(2 / 3)
    expect(figures.c).toMatchObject({ members: 0, share: 0, laterSpendMean: 0 })
  })

  test('labels that part buyers from others explain all, labels by lot little', () => {
    const same = Float64Array.of(10, 0, 10, 0)
    expect(spendExplained(['x', 'y', 'x', 'y'], { bought, spend: same })).toBeCloseTo(1, 10)
    expect(spendExplained(['x', 'x', 'y', 'y'], { bought, spend: same })).toBeCloseTo(0, 10)
    expect(spendExplained([null, null], { bought, spend: same })).toBe(0)
  })

  test('precision and recall of a claim', () => {
    expect(claimFigures('stays-away', [true, true, false, false, null], { bought })).toEqual({
      ...{ says: 'stays-away', called: 2, happened: 2, precision: 0.5, recall: 0.5, base: 0.5 },
    })
    expect(claimFigures('buys', [true, false, true, false, false], { bought })).toMatchObject({
      ...{ precision: 1, recall: 2 / 3, base: 0.6 },
    })
    expect(claimFigures('buys', [], { bought })).toMatchObject({ called: 0, precision: null, recall: null, base: null })
  })

  test('prospects are called nothing', () => {
    const claims = labelClaims(
      { groups: ['at-risk', 'champions', 'prospects'], stages: ['churned', 'loyal', null] },
      { bought: Uint8Array.of(0, 1, 0), spend: Float64Array.of(0, 5, 0) },
    )
    expect(claims['group at-risk']).toMatchObject({ called: 1, happened: 1, precision: 1, recall: 1, base: 0.5 })
    expect(claims['group at-risk among its like']).toMatchObject({ called: 1, precision: 1, base: 0.5 })
    expect(claims['stages at-risk, lapsed, churned']).toMatchObject({ called: 1, precision: 1, recall: 1 })
    expect(claims['groups champions, loyal']).toMatchObject({ called: 1, precision: 1, recall: 1 })
  })
})
