import type { About, Conversation, NotAnAnswer, Reply, Step, Turn, Wordings } from '../../src/bot/contract'
import { textArgument, textsArgument } from '../../src/bot/kit/arguments'
import { bareNumber, CLEAR_NAME, fold, isCorrection, LIKELY_NAME } from '../../src/bot/kit/choose'
import { yesOrNo } from '../../src/bot/kit/confirm'
import { formatNumber, formatPoints } from '../../src/bot/kit/format'
import { escapeMarkdown } from '../../src/bot/kit/markdown'
import { pointingOf } from '../../src/bot/kit/pointing'
import { redeems } from '../../src/bot/kit/redeeming'
import { simplified } from '../../src/bot/kit/simplified'
import { wordingFor } from '../../src/bot/kit/wording'
import { nameIn, quickReply, say } from '../../src/bot/kit/words'
import type { RedeemableCoupon } from '../../src/core/coupons/catalogue'
import { confirmCard } from './card'
import { commit, receiptOf } from './commit'
import { findNamed, namedAlike, numberedAs, quantityBeside } from './named'
import {
  nothingWithinReach,
  type Offers,
  offerList,
  offersAmong,
  offersInShort,
  quantityMax,
  readOffers,
  refusalOf,
  refusalText,
  words,
} from './offers'
import { en } from './replies.en'
import { zh } from './replies.zh'

/** Everything the questions need; what can change meanwhile is read again from the database. */
interface Data {
  couponId?: string
  quantity?: number
  costPoints?: number
  /** Of which coupons one was meant, where what was said fits several. */
  among?: readonly string[]
  /** Drawn when the confirmation is asked; used once. */
  nonce?: string
}

type Answer = Step<Data> | NotAnAnswer

/** Whether what will be left is said after the question or before it. */
const confirmWordings: Wordings<keyof typeof en.confirm> = {
  reply: 'redeem-coupon.confirm',
  arms: ['left-last', 'left-first'],
  outcome: 'redeemed',
  withinDays: 1,
}

const ALL = /\b(all|max|maximum|as many as possible|as many as i can|everything)\b|全部|全都|最多|所有/
const ALL_ALONE =
  /^(?:please )?(?:all|max|maximum|everything|as many as possible|as many as i can|全部|全都|最多|所有)(?: of (?:them|it|those))?(?: please)?都?(?:要|换)?$/
/** More than one kind of coupon. */
const SEVERAL = new RegExp(`${ALL_ALONE.source}|^(?:both|both of (?:them|those)|都|两个都|两款都)(?: please)?要?$`)
const NONE = /\b(none|zero)\b|一张也不|都不|^零/
/** More of one coupon nobody means; it is a price, or a slip. */
const COUNT_MAX = 10
/** Of a text that is not understood, but begins like a wish to redeem: from which likelihood on it is one. */
const CLAIMED_MIN = { surely: 0, likely: 0.2, never: 2 } as const
/** Prices that are told at once. */
const PRICES_MAX = 9
const COUNTED = /\b(coupons|vouchers)\b|张/i
/** "No, the other one": of what was chosen before, another was meant. */
const OTHER = /\b(?:other|another|different) (?:one|coupon|voucher)\b|\bsomething else\b|另|别的|换(?:一|别)/
const NEGATIVE = /^\s*([-−–]\s*\d|minus\b|负)/i

/** Turns points into a coupon: which one, how many, are you sure, and the code. */
export const redeemCouponDialog: Conversation<Data> = {
  id: 'redeem-coupon',
  version: 1,
  intents: ['redeem-coupon'],
  verbs: ['redeem-confirm', 'redeem-decline'],
  personal: true,
  menuTitle: { en: en.menuTitle, zh: zh.menuTitle },
  wordings: [confirmWordings],
  claims: ({ said, understood }) => {
    const likeliest = understood.alternatives.find(({ intent }) => intent === 'redeem-coupon')?.score ?? 0
    return likeliest >= CLAIMED_MIN[redeems(said) ?? 'never']
  },
  followUp: ({ kind, ids }, asked) => {
    if (kind !== 'coupon' || !(asked === 'price' || asked === 'again' || asked === 'buy')) return undefined
    const [couponId, ...others] = ids
    if (asked !== 'price' && others.length > 0) return undefined
    return { verb: 'redeem-coupon', args: asked === 'price' ? { priceOf: ids } : { couponId } }
  },
  async start(turn) {
    const { action } = turn
    const priceOf = textsArgument(action, 'priceOf', { max: PRICES_MAX })
    if (priceOf.length > 0) return end(await prices(turn, priceOf))
    if (action?.verb === 'redeem-confirm') return end(await closedConfirmation(turn))
    if (action?.verb === 'redeem-decline') return end({ text: words(turn).staleDecline })
    const offers = await readOffers(turn)
    const couponId = textArgument(action, 'couponId')
    if (couponId !== undefined) return chosen(turn, offers, couponId)
    const named = findNamed(turn, offers, CLEAR_NAME)
    if (named) return chosen(turn, offers, named.id, quantityBeside(turn, named))
    if (offers.coupons.every(({ refusal }) => refusal !== undefined)) return end(await nothingWithinReach(turn, offers))
    return { say: [], next: { kind: 'ask', question: 'which', data: { ...countIn(turn), ...alike(turn, offers) } } }
  },
  questions: {
    which: {
      async ask(turn, { among }) {
        const offers = await readOffers(turn)
        return [among ? await offersAmong(turn, offers, among) : await offerList(turn, offers)]
      },
      async remind(turn) {
        return [await offersInShort(turn, await readOffers(turn))]
      },
      async answer(turn, data): Promise<Answer> {
        const offers = await readOffers(turn)
        const couponId = textArgument(turn.action, 'couponId')
        if (couponId !== undefined) return chosen(turn, offers, couponId, data.quantity)
        if (turn.action) return { notAnAnswer: true }
        // Several kinds at a time would be several prices in one question.
        if (SEVERAL.test(fold(turn.said))) return { notAnAnswer: true, hint: { text: words(turn).oneKind } }
        const { intent } = turn.understood
        const own = intent === 'none' || intent === 'redeem-coupon' || isCorrection(turn.said)
        const named = findNamed(turn, offers, own ? LIKELY_NAME : CLEAR_NAME)
        if (named) return chosen(turn, offers, named.id, quantityBeside(turn, named) ?? data.quantity)
        if (yesOrNo(turn.said) === 'no') return end(say(words(turn).noneThen))
        // 三张 before it is said of which: so many of the one that comes next.
        const count = bareNumber(turn)?.number
        const numbered = count === undefined || COUNTED.test(turn.said) ? {} : withNumber(offers, data, count)
        if (numbered.only) return chosen(turn, offers, numbered.only, data.quantity)
        if (numbered.among) return { say: [], next: { kind: 'ask', question: 'which', data: { ...data, ...numbered } } }
        if (count !== undefined && Number.isInteger(count) && count > 0 && count <= COUNT_MAX) {
          const noted = words(turn).noted({ quantity: formatNumber(turn.locale, count) })
          return { say: [say(noted)], next: { kind: 'ask', question: 'which', data: { quantity: count } } }
        }
        if (asksPrice(turn))
          return { say: [say(words(turn).pricesBeside)], next: { kind: 'ask', question: 'which', data } }
        const several = alike(turn, offers)
        if (several.among && String(several.among) !== String(data.among))
          return { say: [], next: { kind: 'ask', question: 'which', data: { ...data, ...several } } }
        return { notAnAnswer: true, hint: { text: words(turn).whichHint } }
      },
    },
    quantity: {
      async ask(turn, { couponId }) {
        const { coupon, max } = await couponNow(turn, couponId)
        if (!coupon) return [{ text: words(turn).refusals['unknown-coupon']({ missing: '' }) }]
        const about: About = { kind: 'coupon', ids: [coupon.id] }
        const text = words(turn).howMany({
          name: escapeMarkdown(nameIn(turn.locale, coupon.name)),
          cost: formatPoints(turn.locale, coupon.costPoints),
          max: formatNumber(turn.locale, max),
        })
        const quickReplies = Array.from({ length: Math.min(max, 5) }, (_, index) => ({ title: String(index + 1) }))
        return [{ text, quickReplies, about }]
      },
      answer: answerQuantity,
    },
    confirm: {
      ask: askConfirm,
      answer: answerConfirm,
    },
  },
}

async function answerQuantity(turn: Turn, data: Data): Promise<Answer> {
  if (turn.action) return { notAnAnswer: true }
  const w = words(turn)
  const { coupon, max } = await couponNow(turn, data.couponId)
  if (!coupon) return end(say(w.refusals['unknown-coupon']({ missing: '' })))
  if (asksPrice(turn)) return { say: [priceReply(turn, coupon)], next: { kind: 'ask', question: 'quantity', data } }
  // "Actually two of the coffee" is a number, but not of this one.
  const other = bareNumber(turn) ? undefined : await anotherCoupon(turn, data.couponId)
  if (other) return other
  const wanted = quantityIn(turn, max)
  if (wanted === undefined) {
    return { notAnAnswer: true, hint: { text: w.howManyHint({ max: formatNumber(turn.locale, max) }) } }
  }
  if (wanted === 0 || yesOrNo(turn.said) === 'no') return end(say(w.noneThen))
  const again: Step<Data>['next'] = { kind: 'ask', question: 'quantity', data }
  const most = { max: formatNumber(turn.locale, max) }
  if (!Number.isInteger(wanted) || wanted < 0) return { say: [say(w.howManyHint(most))], next: again }
  if (wanted > max && max === 1) return toConfirm(turn, coupon, 1, [say(w.tooMany(most))])
  if (wanted > max) return { say: [say(w.tooMany(most))], next: again }
  return toConfirm(turn, coupon, wanted)
}

/** A number that is the point of what was said, not one in a question about something else. */
function quantityIn(turn: Turn, max: number): number | undefined {
  const { said, understood } = turn
  if (NONE.test(fold(said)) || yesOrNo(said) === 'no') return 0
  if (NEGATIVE.test(said)) return -1
  const bare = bareNumber(turn)?.number
  if (bare !== undefined) return bare
  if (ALL_ALONE.test(fold(said))) return max
  if (understood.intent !== 'none' && understood.intent !== 'redeem-coupon') return undefined
  if (ALL.test(fold(said))) return max
  return understood.entities.numbers.length === 1 ? understood.entities.numbers[0] : undefined
}

/** "No, I meant the express": another coupon instead, or the list again where it isn't said which. */
async function anotherCoupon(turn: Turn, couponId: string | undefined): Promise<Step<Data> | undefined> {
  const { intent } = turn.understood
  const offers = await readOffers(turn)
  // Nothing but a part of one's name is no question about something else, whatever it looks like: 换成茉莉的.
  const [only, ...others] = namedAlike(turn, offers)
  const isOwn = intent === 'none' || intent === 'redeem-coupon' || intent === 'none-of-these'
  if (!isOwn && (only === undefined || others.length > 0)) return undefined
  const named = findNamed(turn, offers, isCorrection(turn.said) ? LIKELY_NAME : CLEAR_NAME)
  if (named && named.id !== couponId) return chosen(turn, offers, named.id, quantityBeside(turn, named))
  const isOther = named === undefined && (intent === 'none-of-these' || OTHER.test(simplified(turn.said).toLowerCase()))
  return isOther ? { say: [], next: { kind: 'ask', question: 'which', data: {} } } : undefined
}

/** A coupon was chosen: says why not, asks how many, or goes straight to the confirmation when there is no choice. */
async function chosen(turn: Turn, offers: Offers, couponId: string, quantity?: number): Promise<Step<Data>> {
  const coupon = offers.coupons.find(({ id }) => id === couponId)
  const w = words(turn)
  if (!coupon || coupon.refusal !== undefined) {
    const refusal = coupon && refusalOf(coupon, offers.available)
    const text = await refusalText(turn, refusal ?? { code: 'unknown-coupon' })
    const others = offers.coupons.some(({ refusal }) => refusal === undefined)
    if (!others) return end(say(text, quickReply(w.recommend, 'recommend'), quickReply(w.balance, 'points-balance')))
    return { say: [{ text }], next: { kind: 'ask', question: 'which', data: {} } }
  }
  const max = quantityMax(coupon, offers.available)
  if (quantity !== undefined && quantity <= max) return toConfirm(turn, coupon, quantity)
  const tooMany = quantity === undefined ? [] : [say(w.tooMany({ max: formatNumber(turn.locale, max) }))]
  if (max === 1) return toConfirm(turn, coupon, 1, tooMany)
  return { say: tooMany, next: { kind: 'ask', question: 'quantity', data: { couponId } } }
}

function toConfirm(turn: Turn, coupon: RedeemableCoupon, quantity: number, first: Reply[] = []): Step<Data> {
  const nonce = turn.secretBytes(12).toString('base64url')
  const data: Data = { couponId: coupon.id, quantity, costPoints: coupon.costPoints, nonce }
  return { say: first, next: { kind: 'ask', question: 'confirm', data } }
}

async function askConfirm(turn: Turn, data: Data): Promise<Reply[]> {
  const w = words(turn)
  const { couponId, quantity = 1, costPoints = 0, nonce = '' } = data
  const { coupon, available } = await couponNow(turn, couponId)
  const name = coupon ? nameIn(turn.locale, coupon.name) : ''
  const total = quantity * costPoints
  const shown = {
    quantity: formatNumber(turn.locale, quantity),
    points: formatPoints(turn.locale, total),
    after: formatPoints(turn.locale, Math.max(0, available - total)),
  }
  return [
    {
      ...(couponId === undefined ? {} : { about: { kind: 'coupon', ids: [couponId] } }),
      text: w.confirm[await wordingFor(turn, confirmWordings)]({ ...shown, name: escapeMarkdown(name) }),
      card: confirmCard(w, { ...shown, name, nonce }),
      quickReplies: [quickReply(w.yes, 'redeem-confirm', { nonce }), quickReply(w.no, 'redeem-decline', { nonce })],
    },
  ]
}

async function answerConfirm(turn: Turn, data: Data): Promise<Answer> {
  const w = words(turn)
  const { action } = turn
  const again: Step<Data>['next'] = { kind: 'ask', question: 'confirm', data }
  if (action) {
    const fitting = textArgument(action, 'nonce') === data.nonce
    if (action.verb === 'redeem-confirm') {
      return fitting ? confirmed(turn, data) : { say: [await closedConfirmation(turn)], next: again }
    }
    if (action.verb === 'redeem-decline') {
      return fitting ? end(say(w.declined)) : { say: [say(w.staleDecline)], next: again }
    }
    return { notAnAnswer: true }
  }
  if (asksPrice(turn)) return { say: [await prices(turn, [data.couponId ?? ''])], next: again }
  const answer = yesOrNo(turn.said)
  if (answer === 'yes') return confirmed(turn, data)
  if (answer === 'no') return end(say(w.declined, quickReply(w.another, 'redeem-coupon')))
  // "I'll take it" is likely a yes, but points are spent for a clear one only; it does not ask anew how many either.
  if (asksForIt(turn)) return { say: [say(w.confirmHint)], next: again }
  // "Rather two": a bare number corrects how many.
  const corrected = bareNumber(turn)?.number
  if (corrected === undefined && !ALL_ALONE.test(fold(turn.said))) {
    return (await anotherCoupon(turn, data.couponId)) ?? { notAnAnswer: true, hint: { text: w.confirmHint } }
  }
  return answerQuantity(turn, { ...(data.couponId === undefined ? {} : { couponId: data.couponId }) })
}

/** Commits, unless the price is no longer the one that was agreed to. */
async function confirmed(turn: Turn, { couponId, quantity = 1, costPoints, nonce }: Data): Promise<Step<Data>> {
  const { coupon } = await couponNow(turn, couponId)
  if (coupon && coupon.costPoints !== costPoints) {
    return toConfirm(turn, coupon, quantity, [say(words(turn).priceChanged)])
  }
  if (couponId === undefined || nonce === undefined) throw new Error('a confirmation was open without its coupon')
  return end(await commit(turn, { couponId, quantity, nonce }))
}

/** The button of a confirmation that is no longer open: the receipt when it was carried out, else that it was not. */
async function closedConfirmation(turn: Turn): Promise<Reply> {
  const nonce = textArgument(turn.action, 'nonce')
  const receipt = nonce === undefined ? undefined : await receiptOf(turn, nonce)
  const w = words(turn)
  return receipt ?? say(w.staleConfirm, quickReply(w.menuTitle, 'redeem-coupon'))
}

/** "How much is it", of the coupon that is being spoken of. */
function asksPrice({ said, action }: Turn): boolean {
  return action === undefined && pointingOf(said) === 'price'
}

/** "I'll take it", "the same again", of the coupon that is being spoken of. */
function asksForIt({ said }: Turn): boolean {
  const asked = pointingOf(said)
  return asked === 'buy' || asked === 'again'
}

/** What they cost in points, as of now. */
async function prices(turn: Turn, ids: readonly string[]): Promise<Reply> {
  const offers = await readOffers(turn)
  const [coupon, ...others] = offers.coupons.filter(({ id }) => ids.includes(id))
  if (!coupon) return { text: words(turn).refusals['unknown-coupon']({ missing: '' }) }
  return others.length > 0 ? offersAmong(turn, offers, ids) : priceReply(turn, coupon)
}

function priceReply(turn: Turn, { id, name, costPoints }: RedeemableCoupon): Reply {
  const w = words(turn)
  const cost = formatPoints(turn.locale, costPoints)
  return {
    text: w.price({ name: escapeMarkdown(nameIn(turn.locale, name)), cost }),
    about: { kind: 'coupon', ids: [id] },
    quickReplies: [quickReply(w.menuTitle, 'redeem-coupon', { couponId: id }), quickReply(w.balance, 'points-balance')],
  }
}

async function couponNow(turn: Turn, couponId: string | undefined) {
  const { available, coupons } = await readOffers(turn)
  const coupon = coupons.find(({ id }) => id === couponId)
  return { coupon, available, max: coupon ? Math.max(1, quantityMax(coupon, available)) : 1 }
}

/** What a bare number that is no place in the list may be: part of the name of one coupon, or of several. */
function withNumber(
  { coupons }: Offers,
  { among }: Data,
  number: number,
): { only?: string; among?: readonly string[] } {
  const shown = coupons.filter(
    ({ id, refusal }) => refusal === undefined && (among === undefined || among.includes(id)),
  )
  const ids = numberedAs(number, { coupons: shown }).map(({ id }) => id)
  if (ids.length > 1) return String(ids) === String(among) ? {} : { among: ids }
  return ids[0] === undefined ? {} : { only: ids[0] }
}

/** The coupons that what was said may mean, where these are several of those within reach. */
function alike(turn: Turn, { coupons }: Offers): Pick<Data, 'among'> {
  const likely = namedAlike(turn, { coupons: coupons.filter(({ refusal }) => refusal === undefined) })
  return likely.length > 1 ? { among: likely.map(({ id }) => id) } : {}
}

/** "Two coupons, please": how many, before it is said of which. */
function countIn({ said, understood }: Turn): Pick<Data, 'quantity'> {
  const [count] = understood.entities.numbers
  const counts = understood.entities.numbers.length === 1 && COUNTED.test(said)
  return counts && count !== undefined && Number.isInteger(count) && count >= 1 && count <= COUNT_MAX
    ? { quantity: count }
    : {}
}

function end(reply: Reply): Step<Data> {
  return { say: [reply], next: { kind: 'end' } }
}
