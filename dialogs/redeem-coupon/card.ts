import type { Card } from '../../src/bot/contract'
import { button, card, facts, figure, item, paragraph } from '../../src/bot/kit/card'
import { escapeMarkdown } from '../../src/bot/kit/markdown'
import type { Words } from './replies.en'

/** The coupons within reach, each with a button. */
export function pickCard(
  words: Words,
  {
    balance,
    coupons,
  }: { balance: string; coupons: readonly { id: string; name: string; cost: string; note?: string }[] },
): Card {
  return card({
    title: words.listTitle,
    body: [
      paragraph(balance, { subtle: true }),
      ...coupons.map(({ id, name, cost, note }) =>
        item({
          title: escapeMarkdown(name),
          lines: [note === undefined ? cost : `${cost} · ${note}`],
          actions: [button(words.choose, { verb: 'redeem-coupon', args: { couponId: id } })],
        }),
      ),
    ],
  })
}

/** What is about to be redeemed, with the two buttons that carry the nonce. */
export function confirmCard(
  words: Words,
  shown: { name: string; quantity: string; points: string; after: string; nonce: string },
): Card {
  const args = { nonce: shown.nonce }
  return card({
    title: words.confirmTitle,
    body: [
      facts([
        [words.couponTitle, escapeMarkdown(shown.name)],
        [words.quantityTitle, shown.quantity],
        [words.costTitle, shown.points],
        [words.afterTitle, shown.after],
      ]),
    ],
    actions: [
      button(words.yes, { verb: 'redeem-confirm', args }, { style: 'positive' }),
      button(words.no, { verb: 'redeem-decline', args }),
    ],
  })
}

/** The codes, large, and until when they are good. */
export function receiptCard(
  words: Words,
  shown: { name: string; codes: readonly string[]; expiresAt: string; spent: string },
): Card {
  return card({
    title: words.receiptTitle,
    body: [
      paragraph(escapeMarkdown(shown.name)),
      ...shown.codes.map(figure),
      facts([
        [words.validTitle, shown.expiresAt],
        [words.spentTitle, shown.spent],
      ]),
    ],
  })
}
