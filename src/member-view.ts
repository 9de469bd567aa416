import type { MemberFacts } from './core/assist/member-picture'
import { churnReasonInWords } from './core/churn/reasons-in-words'
import type { Localised } from './core/locale'
import { recommendationReasonInWords } from './core/recommendations/reason-in-words'
import type { MemberPicture } from './http/api/console/types'

/** What is known of a member as the console shows it. */
export function pictureOf(facts: MemberFacts): MemberPicture {
  const { profile, currency, balance, standing, place } = facts
  const { nextExpiry } = balance
  const { next } = standing
  return {
    memberId: profile.id,
    displayName: profile.displayName,
    email: profile.email,
    locale: profile.locale,
    joinedAt: profile.joinedAt.toISOString(),
    currency,
    points: {
      available: balance.available,
      pending: balance.pending,
      held: balance.held,
      soonestExpiry: nextExpiry ? { points: nextExpiry.points, at: nextExpiry.at.toISOString() } : null,
    },
    tier: { name: standing.tier.name, next: next ? { name: next.name, missingMinor: next.missingMinor } : null },
    coupons: facts.coupons.map(({ code, name, status, expiresAt }) => {
      return { code, name: filled(name), status, expiresAt: expiresAt.toISOString() }
    }),
    orders: facts.orders.map((order) => ({
      id: order.externalId,
      placedAt: order.placedAt.toISOString(),
      status: order.kind === 'refund' ? 'refunded' : order.status,
      totalMinor: order.totalMinor,
      currency: order.currency,
      items: order.lines.map(({ name, quantity }) => ({ name: filled(name), quantity })),
    })),
    segment: place?.segment ?? null,
    cluster: place?.cluster ?? null,
    stage: place?.stage ?? null,
    strategy: place?.strategy ?? null,
    churn: churnOf(facts),
    consents: facts.consents.map(({ at, ...consent }) => ({ ...consent, at: at.toISOString() })),
    past: facts.past.map(({ requestedAt, closedAt, ...past }) => {
      return { ...past, requestedAt: requestedAt.toISOString(), closedAt: closedAt?.toISOString() ?? null }
    }),
    likelyNext: facts.likelyNext.map(({ name, reason }) => {
      return { name: filled(name), reason: recommendationReasonInWords(reason) }
    }),
  }
}

function churnOf({ churn, currency }: MemberFacts): MemberPicture['churn'] {
  if (!churn) return null
  const { risk, reasons, valueAtStakeMinor } = churn
  const inWords = reasons.map((reason) => ({
    en: churnReasonInWords(reason, { locale: 'en', currency }),
    zh: churnReasonInWords(reason, { locale: 'zh', currency }),
  }))
  return { risk, reasons: inWords, valueAtStakeMinor }
}

/** A name that is known in one language only stands for both. */
function filled(name: Localised): Localised {
  return { en: name.en || name.zh, zh: name.zh || name.en }
}
