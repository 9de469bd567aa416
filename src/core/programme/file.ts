import { z } from 'zod'
import { merchantSettings } from '../merchant'

const localised = z.object({ en: z.string().trim().min(1).max(200), zh: z.string().trim().min(1).max(200) })
const id = z.string().trim().min(1).max(100)

const timeZone = z.string().refine(isTimeZone, 'not a time zone of the IANA database, such as Europe/London')

const coupon = z
  .strictObject({
    id,
    kind: z.enum(['amount-off', 'percent-off', 'free-item', 'free-shipping']),
    name: localised,
    /** amount-off: minor units; percent-off: percent. */
    value: z.int().min(0).max(100_000_000).default(0),
    /** What a free item is. */
    sku: id.optional(),
    costPoints: z.int().min(1).max(1_000_000_000),
    stock: z.int().min(0).max(1_000_000_000).optional(),
    perMemberLimit: z.int().min(1).max(1_000_000).optional(),
    startsAt: z.iso.datetime({ offset: true }).optional(),
    endsAt: z.iso.datetime({ offset: true }).optional(),
    minTierRank: z.int().min(0).max(100).default(0),
    /** Days that a code is valid. */
    validDays: z.int().min(1).max(3650).default(90),
  })
  .check(({ value: { kind, value, sku, startsAt, endsAt }, issues }) => {
    const refuse = (path: string, message: string) =>
      issues.push({ code: 'custom', path: [path], message, input: path })
    if (kind === 'amount-off' && value < 1) refuse('value', 'an amount off needs a value from 1 (minor units)')
    if (kind === 'percent-off' && (value < 1 || value > 100)) refuse('value', 'percent off needs a value from 1 to 100')
    if (kind.startsWith('free') && value !== 0) refuse('value', `${kind} takes no value`)
    if ((kind === 'free-item') !== (sku !== undefined)) refuse('sku', 'a free item, and only that, names its sku')
    if (startsAt && endsAt && Date.parse(endsAt) <= Date.parse(startsAt)) refuse('endsAt', 'must be after startsAt')
  })

const tier = z.strictObject({
  code: id,
  rank: z.int().min(0).max(100),
  name: localised,
  /** Net spend in 12 months from which it is reached, in minor units. */
  thresholdMinor: z.int().min(0),
})

/** What a merchant sets up: who they are, the ladder of tiers, and what points can be spent on. Each part may be absent. */
export const programmeFile = z.strictObject({
  merchant: z
    .strictObject({
      name: localised,
      timeZone,
      currency: z.string().regex(/^[A-Z]{3}$/, 'not an ISO 4217 code such as GBP'),
      settings: merchantSettings.optional(),
    })
    .optional(),
  tiers: z
    .array(tier)
    .min(1)
    .refine((tiers) => new Set(tiers.map(({ rank }) => rank)).size === tiers.length, 'two tiers have the same rank')
    .refine((tiers) => new Set(tiers.map(({ code }) => code)).size === tiers.length, 'two tiers have the same code')
    .optional(),
  coupons: z
    .array(coupon)
    .refine(
      (coupons) => new Set(coupons.map((each) => each.id)).size === coupons.length,
      'two coupons have the same id',
    )
    .optional(),
})

export type ProgrammeFile = z.infer<typeof programmeFile>
export type CouponDefinition = z.infer<typeof coupon>

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0
  } catch {
    // A RangeError is how Intl says that it does not know the name.
    return false
  }
}
