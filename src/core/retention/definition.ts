import { z } from 'zod'
import { leavesFloors, OFFER_FLOOR } from '../../ml/bandit'
import { lifecycleStages } from '../../ml/lifecycle'
import { rfmGroups } from '../../ml/rfm'

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'needed: small letters, digits and hyphens, at most 60')
const wholeDays = z.int().min(0).max(3_650)
const share = z.number().min(0).max(1)

/** What a text of a campaign may ask for, as {name}. {points} expire on {date}: those that expire soonest. */
export const VARIABLES = ['name', 'shop', 'offer', 'points', 'date'] as const

const text = (lengthMax: number) =>
  z
    .string()
    .min(1)
    .max(lengthMax)
    .superRefine((value, context) => {
      for (const [, variable = ''] of value.matchAll(/\{(\w*)\}/g)) {
        if (VARIABLES.some((known) => known === variable)) continue
        const allowed = VARIABLES.map((known) => `{${known}}`).join(', ')
        context.addIssue({ code: 'custom', message: `{${variable}} is not known; allowed: ${allowed}` })
      }
    })

const content = z.strictObject({ title: text(80), text: text(600), button: text(40) })

const offer = z
  .strictObject({
    code: slug.refine((code) => code !== 'control' && code !== 'message', 'is taken'),
    /** What stands for {offer}. */
    name: z.strictObject({ en: z.string().min(1).max(80), zh: z.string().min(1).max(80) }),
    /** Points that are given with the message, or a coupon: one of the two. */
    bonusPoints: z.int().min(1).max(1_000_000).optional(),
    couponId: z.string().min(1).max(60).optional(),
    /** What it costs the merchant when it is used, in minor units. */
    costMinor: z.int().min(0).max(100_000_000),
  })
  .refine(({ bonusPoints, couponId }) => (bonusPoints === undefined) !== (couponId === undefined), {
    path: ['bonusPoints'],
    error: 'bonusPoints or couponId, and not both',
  })

/**
 * A campaign as its manager writes it. Offers are dealt by chance alone: nobody's offer or price depends on how likely they
 * are to leave. Whom to write to at all may depend on it.
 */
export const campaignDefinition = z
  .strictObject({
    code: slug,
    name: z.string().min(1).max(120),
    kind: z.enum(['offers', 'reminders']).default('offers'),
    /** What the program itself tells of, to those it concerns: nobody plans it, and it has no control. */
    notice: z.literal('points-expiry').optional(),
    /** Everything that is given must hold; nothing given is everybody. */
    audience: z
      .strictObject({
        groups: z.array(z.enum(rfmGroups)).min(1).optional(),
        stages: z.array(z.enum(lifecycleStages)).min(1).optional(),
        tiers: z.array(z.string()).min(1).optional(),
        riskMin: share.optional(),
        riskMax: share.optional(),
        valueAtStakeMinMinor: z.int().min(0).optional(),
        lastOrderDaysMin: wholeDays.optional(),
        lastOrderDaysMax: wholeDays.optional(),
      })
      .default({}),
    content: z.strictObject({ en: content, zh: content }),
    offers: z.array(offer).max(8).default([]),
    /** The share that gets no message, so that it can be told what messages change. */
    controlShare: z.number().min(0.1).max(0.9).default(0.2),
    attributionDays: z.int().min(1).max(180).default(30),
    /** What all its offers may cost; absent: no limit. */
    budgetMinor: z.int().min(0).optional(),
    startsAt: z.iso.datetime({ offset: true }),
    endsAt: z.iso.datetime({ offset: true }).optional(),
  })
  .superRefine((campaign, context) => {
    const codes = campaign.offers.map(({ code }) => code)
    if (new Set(codes).size < codes.length)
      context.addIssue({ code: 'custom', path: ['offers'], message: 'each code once' })
    if (campaign.endsAt !== undefined && Date.parse(campaign.endsAt) <= Date.parse(campaign.startsAt)) {
      context.addIssue({ code: 'custom', path: ['endsAt'], message: 'must be after startsAt' })
    }
    const { riskMin = 0, riskMax = 1 } = campaign.audience
    if (riskMin > riskMax)
      context.addIssue({ code: 'custom', path: ['audience', 'riskMin'], message: 'is above riskMax' })
  })

/** What a manager may write: in what is stored already this is passed over, so that such a campaign can still be ended. */
const writtenDefinition = campaignDefinition.superRefine(({ controlShare, offers }, context) => {
  if (leavesFloors(controlShare, offers.length)) return
  const most = 1 - OFFER_FLOOR * offers.length
  const message = `each offer is dealt to ${OFFER_FLOOR} at least: with ${offers.length} offers at most ${most.toFixed(2)}`
  context.addIssue({ code: 'custom', path: ['controlShare'], message })
})

export type CampaignDefinition = z.output<typeof campaignDefinition>

export type ReadDefinition =
  | { readonly ok: true; readonly definition: CampaignDefinition }
  | { readonly ok: false; readonly code: 'malformed-campaign'; readonly problems: readonly string[] }

/** Reads a definition; what is wrong with it is said for each place. */
export function readDefinition(given: unknown): ReadDefinition {
  const { data, error } = writtenDefinition.safeParse(given)
  if (data) return { ok: true, definition: data }
  const problems = error.issues.map(
    ({ path, message }) => `${path.length > 0 ? path.join('.') : 'the file'}: ${message}`,
  )
  return { ok: false, code: 'malformed-campaign', problems }
}
