import type { RedeemRefusal } from '../../src/core/coupons/redeem'

/** What a refusal's words may need, formatted. Absent where the refusal does not say. */
export interface RefusalDetails {
  missing: string
  left?: string
  startsAt?: string
  tier?: string
}

/** Words for every way in which the core refuses; a code without words does not compile. */
export type RefusalWords = Readonly<Record<RedeemRefusal['code'], (details: RefusalDetails) => string>>
