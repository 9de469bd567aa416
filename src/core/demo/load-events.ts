import type { CopyTx } from '../../db/copy'
import { chance, createRandom, integer, type Random } from '../../ml/random'
import type { MemberEvent } from '../events/event'
import { rowsOf } from './copy-rows'
import type { DemoOrder } from './demo-orders'
import type { DemoShop } from './generate'

/** Most look at what they buy and little else; some leaf through the shop; a few write down what they think. */
const BROWSERS_SHARE = 0.25
const LOOKED_AT_SHARE = 0.5
const REVIEWERS_SHARE = 0.12
const REVIEWS_SHARE = 0.4
const RATINGS = [5, 5, 5, 4, 4, 3, 2, 1]
const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** Writes what members clicked before their orders and what they wrote after them, up to `at`. Drawn apart from all else. */
export async function copyEvents(tx: CopyTx, { shop, at }: { shop: DemoShop; at: Date }): Promise<number> {
  const random = createRandom('events')
  const kindOf = new Map(
    shop.members.map(({ id }) => [
      id,
      { browses: chance(random, BROWSERS_SHARE), reviews: chance(random, REVIEWERS_SHARE) },
    ]),
  )
  const events = shop.orders.flatMap((order) => eventsAbout(random, order, kindOf.get(order.memberId)))
  const happened = events.filter((event) => event.at < at)
  return tx.copyIn(
    'copy member_event (source, external_id, member_id, kind, sku, rating, at) from stdin',
    rowsOf(happened, ({ externalId, memberId, kind, sku, rating, at: time }) => [
      ...['demo', externalId, memberId, kind, sku, rating, time],
    ]),
  )
}

function eventsAbout(
  random: Random,
  { externalId, memberId, placedAt, lines }: DemoOrder,
  kind: { browses: boolean; reviews: boolean } | undefined,
): MemberEvent[] {
  // A browser looks at much of what is bought; the others come for one thing and see the rest in passing.
  const clicks = lines.filter((_, place) => (kind?.browses ? chance(random, LOOKED_AT_SHARE) : place === 0))
  const before = placedAt.getTime()
  const clicked = clicks.map(
    ({ sku }, place): MemberEvent => ({
      ...{ externalId: `${externalId} click ${place}`, memberId, kind: 'click', sku, rating: null },
      at: new Date(before - integer(random, 1, 90) * MINUTE_MS),
    }),
  )
  if (!kind?.reviews) return clicked
  const reviewed = lines.filter(() => chance(random, REVIEWS_SHARE))
  return [
    ...clicked,
    ...reviewed.map(
      ({ sku }): MemberEvent => ({
        ...{ externalId: `${externalId} review ${sku}`, memberId, kind: 'review', sku },
        rating: RATINGS[integer(random, 0, RATINGS.length - 1)] ?? 5,
        at: new Date(before + integer(random, 48, 240) * HOUR_MS),
      }),
    ),
  ]
}
