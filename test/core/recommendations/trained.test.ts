import { tabulate } from '../../../src/core/recommendations/due-curve'
import type { Recommendation } from '../../../src/core/recommendations/recommend'
import type { Shelf } from '../../../src/core/recommendations/shelf'
import { trainedRecommender } from '../../../src/core/recommendations/trained'
import { AS_OF, daysAgo, itemOf, made, secondsAgo, shelfOf } from './shelves'

const ask = (shelf: Shelf, limit = 10) => trainedRecommender.rank(shelf, { memberId: 'me', at: AS_OF, limit })
const skus = (items: readonly Recommendation[]) => items.map(({ sku }) => sku)

/** Weighs what is due twice as much, and what is far from it half. */
const curve = tabulate({ weight: (_times, ratio) => (ratio > 0.9 ? 2 : 0.5) })

test('today’s date is weighed in: what is due comes before what a model liked better', () => {
  const items = [
    itemOf('far', { boughtDaysAgo: [40, 10], next: made(0.9, { gapDays: 40 }) }),
    itemOf('due', { boughtDaysAgo: [90, 50], next: made(0.5, { gapDays: 40 }) }),
  ]
  expect(skus(ask(shelfOf(items)))).toEqual(['far', 'due'])
  expect(skus(ask(shelfOf(items, { dueCurve: curve })))).toEqual(['due', 'far'])
})

test('a date that is in the score already is taken out before today’s comes in', () => {
  const items = [
    itemOf('both', { boughtDaysAgo: [90, 50], next: made(0.5, { gapDays: 40, dueWeight: 2 }) }),
    itemOf('plain', { boughtDaysAgo: [90, 50], next: made(0.4, { gapDays: 40 }) }),
  ]
  expect(skus(ask(shelfOf(items, { dueCurve: curve })))).toEqual(['plain', 'both'])
})

test.each([
  ['bought within a day', itemOf('x', { boughtDaysAgo: [30, 0.5], next: made(1, { gapDays: 30 }) })],
  ['bought for the first time since the models looked', itemOf('x', { boughtDaysAgo: [3], next: made(1) })],
  ['sent back', itemOf('x', { isKnown: true, next: made(1, { nearBuyers: 9 }) })],
  [
    'needed once only and there already',
    itemOf('x', { boughtDaysAgo: [300], next: made(1, { gapDays: 90 }), everBuyers: 100, againBuyers: 3 }),
  ],
  ['recommended by too few who are alike, and by nothing else', itemOf('x', { next: made(1, { nearBuyers: 2 }) })],
])('never what was %s', (_name, item) => {
  expect(skus(ask(shelfOf([item, itemOf('other', { next: made(0.1, { nearBuyers: 3 }) })])))).toEqual(['other'])
})

test('what was bought since the models looked is left to the floor, which waits until it is due', () => {
  const at = { scoredAt: daysAgo(20) }
  const recent = itemOf('x', { boughtDaysAgo: [44, 30, 2], next: made(1, { gapDays: 14 }) })
  const longer = itemOf('y', { boughtDaysAgo: [64, 40, 16], next: made(1, { gapDays: 24 }) })
  const items = ask(shelfOf([recent, longer, itemOf('other', { next: made(0.1, { nearBuyers: 3 }) })], at))
  expect(skus(items)).toEqual(['other', 'y'])
})

test.each<[Parameters<typeof itemOf>[1], string]>([
  [{ everBuyers: 100, againBuyers: 4 }, 'a few do buy it again'],
  [{ everBuyers: 29, againBuyers: 0 }, 'too few bought it to know'],
  [{ everBuyers: 100, againBuyers: 0, boughtDaysAgo: [300, 200] }, 'this member does buy it again'],
])('one that looks as if needed once stays: %j, %s', (given) => {
  const item = itemOf('x', { boughtDaysAgo: [300], next: made(1, { gapDays: 90 }), ...given })
  expect(skus(ask(shelfOf([item])))).toEqual(['x'])
})

test('the strongest reason that holds is given', () => {
  const companion = { sku: 'pot', nameEn: 'Pot', nameZh: '壶' }
  const evidence = made(1, { nearBuyers: 8, withBuyers: 12 })
  const reasons = ask(
    shelfOf([
      itemOf('a', { boughtDaysAgo: [95, 65, 35], next: made(1, { gapDays: 30 }) }),
      itemOf('b', { next: evidence, companion, buyers: 5 }),
      itemOf('c', { next: evidence, buyers: 5 }),
      itemOf('d', { new: made(1, { nearBuyers: 1 }), buyers: 5 }),
      itemOf('e', { boughtDaysAgo: [35], next: made(1, { gapDays: 30 }) }),
    ]),
  ).map(({ sku, reason }) => [sku, reason])
  expect(Object.fromEntries(reasons)).toEqual({
    a: { code: 'bought-again', times: 3, lastAt: daysAgo(35), everyDays: 30, dueInDays: -5 },
    b: { code: 'goes-with', sku: 'pot', name: { en: 'Pot', zh: '壶' }, buyers: 12 },
    c: { code: 'similar-members', buyers: 8 },
    d: { code: 'popular', buyers: 5, withinDays: 90 },
    e: { code: 'bought-again', times: 1, lastAt: daysAgo(35) },
  })
})

test('among the first there is something new, and behind it something that nobody tried yet', () => {
  const habits = Array.from({ length: 9 }, (_, k) =>
    itemOf(`h${k}`, { boughtDaysAgo: [60, 30], next: made(1 - k / 10, { gapDays: 30 }) }),
  )
  const fresh = itemOf('fresh', { new: made(1, { nearBuyers: 5 }) })
  const untried = itemOf('untried', { isUntried: true, categoryEn: 'Tea', categoryZh: '茶', categoryTimes: 6 })
  expect(skus(ask(shelfOf([...habits, fresh, untried]), 6))).toEqual(['h0', 'h1', 'h2', 'h3', 'fresh', 'untried'])
  // With room left it costs nobody's place.
  expect(ask(shelfOf([...habits, fresh, untried]), 30)).toHaveLength(11)
  expect(skus(ask(shelfOf([...habits, fresh, untried]), 4))).toEqual(['h0', 'h1', 'h2', 'h3'])
  expect(skus(ask(shelfOf(habits), 6))).toEqual(['h0', 'h1', 'h2', 'h3', 'h4', 'h5'])
  const [reason] = ask(shelfOf([...habits, untried]), 10).filter(({ sku }) => sku === 'untried')
  expect(reason?.reason).toEqual({ code: 'favourite-category', name: { en: 'Tea', zh: '茶' }, times: 6 })
})

test('one category does not fill the list while there is another', () => {
  const items = ['a', 'b', 'c', 'd'].map((sku, k) =>
    itemOf(sku, { categoryCode: 'tea', next: made(1 - k / 10, { nearBuyers: 5 }) }),
  )
  const other = itemOf('other', { categoryCode: 'home', next: made(0.1, { nearBuyers: 5 }) })
  expect(skus(ask(shelfOf([...items, other]), 4))).toEqual(['a', 'b', 'c', 'other'])
  expect(skus(ask(shelfOf([...items, other]), 3))).toEqual(['a', 'b', 'other'])
  expect(secondsAgo(0)).toBe(AS_OF.getTime() / 1000)
})
