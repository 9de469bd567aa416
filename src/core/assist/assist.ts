import type { Db } from '../../db/sql'
import { listRedeemable } from '../coupons/catalogue'
import { readEarlier } from '../handoff/earlier'
import { type DeskEntry, readEntries } from '../handoff/messages'
import type { Locale, Localised } from '../locale'
import { findMember } from '../members/find'
import type { Merchant } from '../merchant'
import { listOrders } from '../orders/read'
import { readStanding } from '../tiers/standing'
import type { Asking, DeskRequest } from './desk-request'
import { exchangesOf, type ShortfallOf } from './exchanges'
import { type GoodwillLeft, readGoodwillLeft } from './goodwill'
import { readOpenMatter } from './open-matter'
import type { SuggestedReply, Suggestions } from './suggestions'
import { writeSummary } from './summary'

/** What the bot's side must tell, since the core does not know what it says. */
export interface BotSide {
  readonly shortfallOf: ShortfallOf
  /** What one of the bot's conversations is called. */
  titleOf(conversation: string): Localised | undefined
}

export interface AssistDeps {
  readonly merchant: Merchant
  readonly botSide: BotSide
  readonly suggestions: Suggestions
}

/** A coupon that may be given within what is left. */
export interface SuggestedCoupon {
  readonly couponId: string
  readonly name: Localised
  readonly why: Localised
}

export interface AssistFacts {
  readonly summary: string
  readonly replies: readonly SuggestedReply[]
  readonly coupons: readonly SuggestedCoupon[]
  readonly goodwill: GoodwillLeft & { readonly suggestedPoints: number }
}

const COUPONS_SHOWN = 4
/** What share of a conversation's limit is a fair start, by why a person was asked for. */
const SUGGESTED_SHARE: Readonly<Record<string, number>> = {
  complaint: 0.5,
  error: 0.25,
  redemption: 0.25,
  'low-feedback': 0.25,
  reopened: 0.25,
}

/** What helps an agent with a request: what happened before, what to answer, what to give. */
export async function readAssist(
  db: Db,
  { request, staff, reader, at }: { request: DeskRequest; staff: Asking; reader: Locale; at: Date },
  { merchant, botSide, suggestions }: AssistDeps,
): Promise<AssistFacts> {
  const { id: requestId, memberId, channel, conversationId, locale } = request
  const [earlier, entries, open, person, goodwill, redeemable] = await Promise.all([
    readEarlier(db, { requestId, all: false }),
    readEntries(db, { requestId }),
    readOpenMatter(db, { channel, conversationId, titleOf: botSide.titleOf }),
    readPerson(db, { memberId, at }),
    readGoodwillLeft(db, { requestId, staff, at }, merchant),
    memberId === null ? [] : listRedeemable(db, { memberId, at }),
  ])
  const { previousEndedAt } = request
  // What was said until an earlier request ended is that one's story.
  const before = earlier.entries.filter((entry) => previousEndedAt === null || entry.at > previousEndedAt)
  const exchanges = exchangesOf(before, botSide.shortfallOf)
  const summary = writeSummary({ request, exchanges, open, ...person, timeZone: merchant.timeZone }, reader)
  const said = saidByMember(before, entries, request)
  const replies = await suggestions.suggest(db, { said, locale, requestId })
  const isLinked = person.member !== null
  const within = redeemable.filter(
    ({ refusal, costPoints }) => mayBeGiven(refusal) && costPoints <= goodwill.leftPoints,
  )
  return {
    summary,
    replies,
    coupons: within.slice(0, COUPONS_SHOWN).map(({ id, name, costPoints }) => ({
      couponId: id,
      name,
      why: whyCoupon(costPoints, goodwill.leftPoints),
    })),
    goodwill: isLinked
      ? { ...goodwill, suggestedPoints: suggestedPoints(request, goodwill) }
      : { ...goodwill, suggestedPoints: 0 },
  }
}

async function readPerson(db: Db, { memberId, at }: { memberId: string | null; at: Date }) {
  if (memberId === null) return { member: null, lastOrder: null }
  const [profile, standing, orders] = await Promise.all([
    findMember(db, { memberId }),
    readStanding(db, { memberId, at }),
    listOrders(db, { memberId, limit: 1 }),
  ])
  if (!profile || !standing) return { member: null, lastOrder: null }
  const { displayName, joinedAt } = profile
  return { member: { displayName, joinedAt, tier: standing.tier.name }, lastOrder: orders[0] ?? null }
}

/** What the member wants, the latest last: before the request, with it, and at the desk. */
function saidByMember(
  before: readonly { author: string; text: string }[],
  entries: readonly DeskEntry[],
  { said, reason }: DeskRequest,
): string[] {
  const own = [...before, ...entries].filter(({ author }) => author === 'member').map(({ text }) => text)
  // "I want to talk to a person" says nothing of the matter.
  const asking = reason === 'asked' ? said : undefined
  return own.filter((text) => text.trim() !== '' && text !== asking)
}

/** The desk pays: that the member has too few points of their own is no reason against it. */
function mayBeGiven(refusal: string | undefined): boolean {
  return refusal === undefined || refusal === 'insufficient-points'
}

function whyCoupon(costPoints: number, leftPoints: number): Localised {
  return {
    en: `worth ${costPoints} points, of ${leftPoints} that you may still give here`,
    zh: `价值 ${costPoints} 积分，您在此会话中还可赠送 ${leftPoints} 积分`,
  }
}

function suggestedPoints({ reason }: DeskRequest, { leftPoints, limitPoints }: GoodwillLeft): number {
  const wanted = Math.round((limitPoints * (SUGGESTED_SHARE[reason] ?? 0)) / 10) * 10
  return Math.min(wanted, leftPoints)
}
