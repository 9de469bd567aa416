import type { Db } from '../../db/sql'
import { readMerchant } from '../merchant'

/** A member whose tier is not what the history or the orders make it. */
export interface TierFault {
  readonly memberId: string
  /** What is stored with the member. */
  readonly storedTier: string
  /** What the orders up to the last review say. */
  readonly earnedTier: string
  /** What the history of changes ends in, replayed from the first tier. */
  readonly replayedTier: string
  /** Whether each change of the history starts where the one before it ended. */
  readonly historyUnbroken: boolean
  readonly reviewedAt: Date
}

/**
 * Invariant 11 for tiers: the stored tier is a function of history. Replays every member's changes and judges the
 * orders afresh, as of the instant of the last review. No rows: no faults.
 */
export async function findTierFaults(db: Db): Promise<TierFault[]> {
  const { timeZone } = await readMerchant(db)
  return db.sql<TierFault>`
    with first_tier as (select code from tier order by rank limit 1),
    change as (
      select member_id, to_tier, row_number() over (partition by member_id order by id desc) as age,
        from_tier is not distinct from
          lag(to_tier, 1, from_tier) over (partition by member_id order by id) as continues,
        row_number() over (partition by member_id order by id) > 1
          or coalesce(from_tier, first_tier.code) = first_tier.code as starts_well
      from tier_change cross join first_tier
    ), replayed as (
      select member_id, max(to_tier) filter (where age = 1) as tier, bool_and(continues and starts_well) as unbroken
      from change group by member_id
    ), spent as (
      select member.id, sum(spend.amount_minor)::bigint as amount
      from member join member_spend spend on spend.member_id = member.id and spend.placed_at <= member.tier_reviewed_at
        and spend.counts_at > tier_window_start(member.tier_reviewed_at, ${timeZone})
      group by member.id
    ), judged as (
      select member.id, member.tier_code, member.tier_reviewed_at, coalesce(replayed.unbroken, true) as unbroken,
        coalesce(replayed.tier, first_tier.code) as replayed_tier, earned.code as earned_tier
      from member cross join first_tier left join spent on spent.id = member.id
        left join replayed on replayed.member_id = member.id
        left join lateral tier_for_spend(coalesce(spent.amount, 0)) earned on true
      where member.erased_at is null
    )
    select id as "memberId", tier_code as "storedTier", earned_tier as "earnedTier", replayed_tier as "replayedTier",
      unbroken as "historyUnbroken", tier_reviewed_at as "reviewedAt"
    from judged where tier_code <> earned_tier or tier_code <> replayed_tier or not unbroken
    order by id`
}
