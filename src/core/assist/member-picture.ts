import type { Db } from '../../db/sql'
import { findChurn, type MemberChurn } from '../churn/read-churn'
import { type IssuedCoupon, listIssued } from '../coupons/issued'
import { findMember, type MemberProfile } from '../members/find'
import { readMerchant } from '../merchant'
import { listOrders, type MemberOrder } from '../orders/read'
import { type Balance, readBalance } from '../points/balance'
import { type Recommendation, recommend } from '../recommendations/recommend'
import { type Consent, readConsents } from '../retention/consent'
import { type MemberPlace, readMemberPlace } from '../segments/read-member'
import { readStanding, type Standing } from '../tiers/standing'
import { listPastRequests, type PastRequest } from './past-requests'

const COUPONS_SHOWN = 10
const ORDERS_SHOWN = 5
const PAST_SHOWN = 10
const LIKELY_SHOWN = 3

/** Everything that an agent sees beside the chat of a member. */
export interface MemberFacts {
  readonly profile: MemberProfile
  /** ISO 4217, the merchant's. */
  readonly currency: string
  /** From the ledger, at this moment. */
  readonly balance: Balance
  readonly standing: Standing
  /** Good ones first. */
  readonly coupons: readonly IssuedCoupon[]
  /** Orders and refunds, newest first. */
  readonly orders: readonly MemberOrder[]
  /** Null until a scoring has seen the member. */
  readonly place: MemberPlace | null
  readonly churn: MemberChurn | null
  readonly consents: readonly Consent[]
  /** Earlier requests for a person, newest first; without `requestId`'s own. */
  readonly past: readonly PastRequest[]
  readonly likelyNext: readonly Recommendation[]
}

/** What is known of a member now; null for an unknown or erased one. All of it is read at once, each part in one statement or a few. */
export async function readMemberFacts(
  db: Db,
  { memberId, requestId, at }: { memberId: string; requestId: number; at: Date },
): Promise<MemberFacts | null> {
  const [profile, { currency }, balance, standing, coupons, orders, place, churn, consents, past, likelyNext] =
    await Promise.all([
      findMember(db, { memberId }),
      readMerchant(db),
      readBalance(db, { memberId, at }),
      readStanding(db, { memberId, at }),
      listIssued(db, { memberId, at }),
      listOrders(db, { memberId, limit: ORDERS_SHOWN }),
      readMemberPlace(db, { memberId }),
      findChurn(db, { memberId }),
      readConsents(db, { memberId }),
      listPastRequests(db, { memberId, exceptId: requestId, limit: PAST_SHOWN }),
      recommend(db, { memberId, at, limit: LIKELY_SHOWN }),
    ])
  if (!profile || !standing) return null
  const shown = { coupons: coupons.slice(0, COUPONS_SHOWN), orders, place, churn, consents, past, likelyNext }
  return { profile, currency, balance, standing, ...shown }
}
