import type { CopyTx } from '../../db/copy'
import { chance, createRandom, integer, pick, type Random } from '../../ml/random'
import { rowsOf } from './copy-rows'
import type { DemoOrder } from './demo-orders'
import type { DemoShop } from './generate'

/** What people come with, and what they then want to know. */
const AFTER_AN_ORDER: readonly (readonly string[])[] = [
  ['track-order', 'delivery-period', 'contact-customer-service'],
  ['delivery-options', 'delivery-period', 'change-shipping-address'],
  ['change-order', 'cancel-order', 'get-refund'],
  ['cancel-order', 'check-cancellation-fee', 'get-refund', 'track-refund'],
  ['check-payment-methods', 'payment-issue', 'contact-customer-service'],
  ['check-invoice', 'get-invoice'],
  ['earn-points', 'review'],
  ['recover-password', 'edit-account', 'newsletter-subscription'],
]
const AFTER_A_RETURN: readonly (readonly string[])[] = [
  ['check-refund-policy', 'get-refund', 'track-refund'],
  ['complaint', 'get-refund', 'track-refund', 'contact-customer-service'],
]

const ASKS_SHARE = { order: 0.07, return: 0.5 }
/** After each answer, who has no more questions, and who asks something quite different. */
const CONTENT_SHARE = 0.3
const STRAYS_SHARE = 0.12
const HOUR_MS = 60 * 60 * 1000

interface Question {
  readonly memberId: string
  readonly topic: string
  readonly at: Date
}

/** Writes what members asked about after their orders and returns, up to `at`. Drawn apart from all else in the shop. */
export async function copyQuestions(tx: CopyTx, { shop, at }: { shop: DemoShop; at: Date }): Promise<number> {
  const random = createRandom('questions')
  const returned = new Set(shop.refunds.map(({ saleExternalId }) => saleExternalId))
  const questions = shop.orders.flatMap((order) => questionsAbout(random, order, returned.has(order.externalId)))
  const asked = questions.filter((question) => question.at < at)
  return tx.copyIn(
    'copy consultation (member_id, topic, external_id, at) from stdin',
    rowsOf(asked, ({ memberId, topic, at: askedAt }, number) => [memberId, topic, `demo question ${number}`, askedAt]),
  )
}

function questionsAbout(random: Random, order: DemoOrder, isReturned: boolean): Question[] {
  if (!chance(random, isReturned ? ASKS_SHARE.return : ASKS_SHARE.order)) return []
  const questions: Question[] = []
  let askedAt = order.placedAt.getTime()
  for (const topic of pick(random, isReturned ? AFTER_A_RETURN : AFTER_AN_ORDER)) {
    askedAt += integer(random, 1, 40) * HOUR_MS
    const strays = chance(random, STRAYS_SHARE)
    const asked = strays ? pick(random, pick(random, AFTER_AN_ORDER)) : topic
    questions.push({ memberId: order.memberId, topic: asked, at: new Date(askedAt) })
    if (chance(random, CONTENT_SHARE)) break
  }
  return questions
}
