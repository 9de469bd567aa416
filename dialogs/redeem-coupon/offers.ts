import type { Choice, Reply, Turn } from '../../src/bot/contract'
import { formatDate, formatLastDay, formatNumber, formatPoints } from '../../src/bot/kit/format'
import { escapeMarkdown, numberedList } from '../../src/bot/kit/markdown'
import { memberIdOf } from '../../src/bot/kit/member'
import { merchantOf } from '../../src/bot/kit/merchant'
import { localisedWords, nameIn, quickReply } from '../../src/bot/kit/words'
import { listRedeemable, type RedeemableCoupon } from '../../src/core/coupons/catalogue'
import { QUANTITY_MAX, type RedeemRefusal } from '../../src/core/coupons/redeem'
import { readBalance } from '../../src/core/points/balance'
import { listTiers } from '../../src/core/tiers/list'
import { pickCard } from './card'
import { en } from './replies.en'
import { zh } from './replies.zh'

export const words = localisedWords({ en, zh })

/** Coupons that one list shows; more would not be read, and a card has its size. */
const SHOWN_MAX = 9
const CLOSED_SHOWN_MAX = 3

/** What there is for this member now, read in this turn. */
export interface Offers {
  readonly available: number
  readonly coupons: readonly RedeemableCoupon[]
}

export async function readOffers(turn: Turn): Promise<Offers> {
  const who = { memberId: memberIdOf(turn), at: turn.now }
  const { available } = await readBalance(turn.db, who)
  const coupons = await listRedeemable(turn.db, who)
  // Within reach first, each half by its price.
  const sorted = coupons.toSorted((left, right) => left.costPoints - right.costPoints)
  const open = sorted.filter(({ refusal }) => refusal === undefined)
  return { available, coupons: [...open, ...sorted.filter(({ refusal }) => refusal !== undefined)] }
}

/** How many of a coupon this member can take now. */
export function quantityMax(coupon: RedeemableCoupon, available: number): number {
  const affordable = coupon.costPoints > 0 ? Math.floor(available / coupon.costPoints) : QUANTITY_MAX
  return Math.min(QUANTITY_MAX, affordable, coupon.stockLeft ?? QUANTITY_MAX, coupon.leftForMember ?? QUANTITY_MAX)
}

/** The list to pick from: what is within reach, numbered, and what is not yet and why. */
export async function offerList(turn: Turn, { available, coupons }: Offers): Promise<Reply> {
  const w = words(turn)
  const { timeZone } = await merchantOf(turn)
  const rows = coupons
    .filter(({ refusal }) => refusal === undefined)
    .slice(0, SHOWN_MAX)
    .map((coupon) => ({
      id: coupon.id,
      name: nameIn(turn.locale, coupon.name),
      cost: formatPoints(turn.locale, coupon.costPoints),
      ...noteOf(turn, coupon, timeZone),
    }))
  const intro = w.intro({ points: formatPoints(turn.locale, available) })
  const list = numberedList(rows.map((row) => w.line({ ...row, name: escapeMarkdown(row.name) })))
  const closed = await closedLines(turn, { available, coupons })
  const text = [intro, list, ...(closed.length > 0 ? [`${w.closed}\n\n${closed.join('\n')}`] : [])].join('\n\n')
  const choices: Choice[] = rows.map(({ id, name }) => ({
    title: name,
    action: { verb: 'redeem-coupon', args: { couponId: id } },
  }))
  return {
    text,
    choices,
    about: { kind: 'coupon', ids: rows.map(({ id }) => id) },
    card: pickCard(w, { balance: formatPoints(turn.locale, available), coupons: rows }),
    quickReplies: rows.slice(0, 5).map(({ id, name }) => quickReply(name, 'redeem-coupon', { couponId: id })),
  }
}

/** Only some of them, and a way to all. */
export async function offersAmong(turn: Turn, offers: Offers, ids: readonly string[]): Promise<Reply> {
  const some = offers.coupons.filter(({ id, refusal }) => refusal === undefined && ids.includes(id))
  if (some.length === 0) return offerList(turn, offers)
  const reply = await offerList(turn, { ...offers, coupons: some })
  const all = quickReply(words(turn).showList, 'redeem-coupon')
  return { ...reply, quickReplies: [...(reply.quickReplies ?? []), all] }
}

/** The same choice to somebody who saw the list already: a question and buttons. */
export async function offersInShort(turn: Turn, offers: Offers): Promise<Reply> {
  const w = words(turn)
  const { choices = [], quickReplies = [] } = await offerList(turn, offers)
  return {
    text: w.whichAgain({ points: formatPoints(turn.locale, offers.available) }),
    choices,
    quickReplies: [...quickReplies, quickReply(w.showList, 'redeem-coupon')],
  }
}

/** Says that nothing can be redeemed now, and what comes nearest. */
export async function nothingWithinReach(turn: Turn, offers: Offers): Promise<Reply> {
  const w = words(turn)
  if (offers.coupons.length === 0) return { text: w.noneAtAll }
  const points = formatPoints(turn.locale, offers.available)
  const closed = await closedLines(turn, offers)
  return {
    text: [w.noneInReach({ points }), `${w.closed}\n\n${closed.join('\n')}`].join('\n\n'),
    quickReplies: [quickReply(w.recommend, 'recommend'), quickReply(w.balance, 'points-balance')],
  }
}

async function closedLines(turn: Turn, { available, coupons }: Offers): Promise<string[]> {
  const closed = coupons.filter(({ refusal }) => refusal !== undefined).slice(0, CLOSED_SHOWN_MAX)
  const w = words(turn)
  return Promise.all(
    closed.map(async (coupon) =>
      w.closedLine({
        name: escapeMarkdown(nameIn(turn.locale, coupon.name)),
        cost: formatPoints(turn.locale, coupon.costPoints),
        why: await refusalText(turn, refusalOf(coupon, available) ?? { code: 'unknown-coupon' }),
      }),
    ),
  )
}

function noteOf(turn: Turn, coupon: RedeemableCoupon, timeZone: string): { note?: string } {
  const w = words(turn)
  const notes = [
    ...(coupon.stockLeft !== undefined && coupon.stockLeft <= 20
      ? [w.left({ count: formatNumber(turn.locale, coupon.stockLeft) })]
      : []),
    ...(coupon.endsAt ? [w.endsAt({ at: formatLastDay(turn.locale, { at: coupon.endsAt, timeZone }) })] : []),
  ]
  return notes.length > 0 ? { note: notes.join(turn.locale === 'zh' ? '，' : ', ') } : {}
}

/** What a refusal may tell, as the core gives it with one code or another. */
export interface Refusal {
  readonly code: RedeemRefusal['code']
  readonly missing?: number
  readonly left?: number
  readonly startsAt?: Date
  readonly minTierRank?: number
}

/** A refusal in words. */
export async function refusalText(turn: Turn, refusal: Refusal): Promise<string> {
  const { timeZone } = await merchantOf(turn)
  const { code, missing = 0, left, startsAt, minTierRank } = refusal
  const tiers = code === 'tier-too-low' ? await listTiers(turn.db) : []
  const tier = tiers.find(({ rank }) => rank === minTierRank)
  return words(turn).refusals[code]({
    missing: formatPoints(turn.locale, Math.max(0, missing)),
    ...(left === undefined || left <= 0 ? {} : { left: formatNumber(turn.locale, left) }),
    ...(startsAt ? { startsAt: formatDate(turn.locale, { at: startsAt, timeZone }) } : {}),
    ...(tier ? { tier: escapeMarkdown(nameIn(turn.locale, tier.name)) } : {}),
  })
}

/** Why this coupon of the list can't be had now; undefined when it can. */
export function refusalOf(
  { refusal, costPoints, minTierRank }: RedeemableCoupon,
  available: number,
): Refusal | undefined {
  return refusal && { code: refusal, missing: costPoints - available, minTierRank }
}
