import type { Db } from '../../db/sql'
import type { ChurnReason } from '../../ml/churn-reasons'

/** What the last scoring says of a member's leaving. */
export interface MemberChurn {
  readonly memberId: string
  readonly displayName: string | null
  /** The books date that it was seen at. */
  readonly asOf: Date
  /** The chance that nothing is bought in `windowDays` days, counted from `gapDays` after `asOf`. */
  readonly risk: number
  readonly windowDays: number
  readonly gapDays: number
  /** The strongest first. */
  readonly reasons: readonly ChurnReason[]
  /** To expect in the next 12 months; null where no model of buying could be fitted. */
  readonly expectedOrders: number | null
  readonly valueAtStakeMinor: number | null
}

/**
 * Members with a chance of leaving of at least `riskMin`, by what is to be lost: the chance times the value of the next
 * 12 months, largest first.
 */
export function listMembersAtRisk(
  db: Db,
  { limit, riskMin }: { limit: number; riskMin: number },
): Promise<MemberChurn[]> {
  return db.sql<MemberChurn>`
    select churn.member_id as "memberId", member.display_name as "displayName", churn.as_of as "asOf", churn.risk,
      churn.window_days as "windowDays", churn.gap_days as "gapDays", churn.reasons,
      churn.expected_orders as "expectedOrders", churn.value_at_stake_minor as "valueAtStakeMinor"
    from member_churn churn join member on member.id = churn.member_id and member.erased_at is null
    where churn.risk >= ${riskMin}
    order by churn.risk * churn.value_at_stake_minor desc nulls last, churn.risk desc, churn.member_id
    limit ${limit}`
}

/** What the last scoring says of one member; null where it gave no chance, or has not seen the member. */
export async function findChurn(db: Db, { memberId }: { memberId: string }): Promise<MemberChurn | null> {
  const [row] = await db.sql<MemberChurn>`
    select churn.member_id as "memberId", member.display_name as "displayName", churn.as_of as "asOf", churn.risk,
      churn.window_days as "windowDays", churn.gap_days as "gapDays", churn.reasons,
      churn.expected_orders as "expectedOrders", churn.value_at_stake_minor as "valueAtStakeMinor"
    from member_churn churn join member on member.id = churn.member_id and member.erased_at is null
    where churn.member_id = ${memberId} and churn.risk is not null`
  return row ?? null
}

/** How many members the last scoring scored, and how many it could not and why. */
export async function countChurn(db: Db): Promise<{ scored: number; noOrders: number; tooNew: number }> {
  const [row] = await db.sql<{ scored: number; noOrders: number; tooNew: number }>`
    select count(risk)::int as scored, count(*) filter (where unscored = 'no-orders')::int as "noOrders",
      count(*) filter (where unscored = 'too-new')::int as "tooNew"
    from member_churn`
  return row ?? { scored: 0, noOrders: 0, tooNew: 0 }
}
