import fc from 'fast-check'
import { buyAgainRecommender } from '../../../src/core/recommendations/buy-again'
import type { Shelf } from '../../../src/core/recommendations/shelf'
import { trainedRecommender } from '../../../src/core/recommendations/trained'
import { AS_OF, itemOf, made, secondsAgo, shelfOf } from './shelves'

/** What every way to recommend keeps to, whatever it is given. */
const recommenders = [buyAgainRecommender, trainedRecommender]

const modelItems = fc.option(
  fc.record({
    score: fc.double({ min: 0, max: 1, noNaN: true }),
    gapDays: fc.option(fc.double({ min: 0.1, max: 400, noNaN: true })),
    dueWeight: fc.double({ min: 0.05, max: 20, noNaN: true }),
    nearBuyers: fc.nat(50),
    withBuyers: fc.nat(50),
  }),
)
const shelves = fc
  .array(
    fc.record({
      bought: fc.option(fc.array(fc.double({ min: 0, max: 400, noNaN: true }), { minLength: 1, maxLength: 9 })),
      wasReturned: fc.boolean(),
      categoryCode: fc.option(fc.constantFrom('tea', 'home')),
      buyers: fc.nat(20),
      everBuyers: fc.nat(60),
      next: modelItems,
      new: modelItems,
      isUntried: fc.boolean(),
      hasCompanion: fc.boolean(),
    }),
    { maxLength: 25 },
  )
  .map((all): Shelf => {
    const items = all.map(({ bought, wasReturned, hasCompanion, ...rest }, k) =>
      itemOf(`s${String(k).padStart(2, '0')}`, {
        ...rest,
        boughtAt: bought ? bought.map(secondsAgo) : null,
        isKnown: bought !== null || wasReturned,
        companion: hasCompanion ? { sku: 'c', nameEn: 'C', nameZh: 'C' } : null,
      }),
    )
    return shelfOf(items)
  })

describe.each(recommenders.map((recommender) => [recommender.code, recommender] as const))(
  '%s',
  (_code, recommender) => {
    const ask = (shelf: Shelf, limit: number) => recommender.rank(shelf, { memberId: 'me', at: AS_OF, limit })

    test('nothing to offer: nothing', () => {
      expect(ask(shelfOf([]), 10)).toEqual([])
      expect(ask(shelfOf([itemOf('a')]), 10)).toEqual([])
    })

    test('the obvious: what is bought every month and due, before what is merely popular', () => {
      const model = { next: made(1, { gapDays: 30 }) }
      const shelf = shelfOf([
        itemOf('popular', { buyers: 100 }),
        itemOf('monthly', { boughtDaysAgo: [120, 90, 60, 30], ...model }),
      ])
      expect(ask(shelf, 10).map(({ sku }) => sku)).toEqual(['monthly', 'popular'])
    })

    test('whatever there is: no item twice, at most so many, best first, scores from 0 to 1, facts that hold', () => {
      fc.assert(
        fc.property(shelves, fc.integer({ min: 1, max: 20 }), (shelf, limit) => {
          const list = ask(shelf, limit)
          expect(list.length).toBeLessThanOrEqual(limit)
          expect(new Set(list.map(({ sku }) => sku)).size).toBe(list.length)
          const scores = list.map(({ score }) => score)
          expect(scores).toEqual([...scores].sort((a, b) => b - a))
          expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true)
          for (const { sku, reason } of list) {
            const item = shelf.items.find((each) => each.sku === sku)
            if (reason.code === 'bought-again') expect(reason.times).toBe(item?.boughtAt?.length)
            else expect(item?.isKnown).toBe(false)
            if (reason.code === 'similar-members' || reason.code === 'goes-with') {
              expect(reason.buyers).toBeGreaterThanOrEqual(3)
            }
          }
        }),
      )
    })

    test('the same twice', () => {
      fc.assert(fc.property(shelves, (shelf) => expect(ask(shelf, 10)).toEqual(ask(shelf, 10))))
    })
  },
)
