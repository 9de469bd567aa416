import type { Tx } from '../../db/sql'
import { booksDateOf } from '../calendar/books-date'
import { readMerchant } from '../merchant'

export interface TierMove {
  readonly memberId: string
  readonly fromTier: string
  readonly toTier: string
}

/**
 * Holds members' rows until the transaction ends, always in the same order. `memberIds` absent: everybody. Call it before a statement that
 * judges them: that one then sees what whoever held them before has written.
 */
export async function holdMembers(
  tx: Tx,
  { memberIds = null }: { memberIds?: readonly string[] | null },
): Promise<void> {
  await tx.sql`
    select count(*) from (
      select from member where ${memberIds}::text[] is null or id = any (${memberIds}) order by id for no key update
    ) held`
}

/**
 * Judges members' tiers by their spend in the 12 months to their books date, writes what changed and notes it in the
 * history. Reviews of the same member wait for each other. `memberIds` absent: everybody. `reason` stands in the history (`order`, `refund`, `import`, `review`, …).
 * @returns how many were judged, and who moved
 */
export async function reviewTiers(
  tx: Tx,
  { memberIds, at, reason = 'review' }: { memberIds?: readonly string[]; at: Date; reason?: string },
): Promise<{ reviewed: number; moves: TierMove[] }> {
  await holdMembers(tx, { memberIds })
  const { timeZone } = await readMerchant(tx)
  const sources = await tx.sql<{ name: string; horizonAt: Date | null }>`
    select name, horizon_at as "horizonAt" from source`
  const [row] = await tx.sql<{ reviewed: number; moves: TierMove[] }>`
    with books as (
      select * from unnest(
        ${sources.map(({ name }) => name)}::text[],
        ${sources.map(({ horizonAt }) => booksDateOf({ horizonAt, at }).toISOString())}::timestamptz[]
      ) as books (source, ends_at)
    ), time as (
      select id, tier_code as from_tier, as_of, tier_window_start(as_of, ${timeZone}) as after
      from member left join books on books.source = member.source
        cross join lateral (select coalesce(books.ends_at, ${at}::timestamptz) as as_of) judged
      where erased_at is null and (${memberIds ?? null}::text[] is null or id = any (${memberIds ?? null}))
    ), spent as (
      select time.id, sum(spend.amount_minor)::bigint as amount
      from time join member_spend spend
        on spend.member_id = time.id and spend.counts_at > time.after and spend.placed_at <= time.as_of
      group by time.id
    ), judged as (
      select id, from_tier, as_of, tier.code as to_tier
      from time left join spent using (id) left join lateral tier_for_spend(coalesce(spent.amount, 0)) tier on true
    ), written as (
      update member set tier_code = judged.to_tier, tier_reviewed_at = judged.as_of
      from judged where judged.id = member.id
      returning member.id
    ), moved as (
      insert into tier_change (member_id, from_tier, to_tier, at, reason)
      select id, from_tier, to_tier, as_of, ${reason} from judged where from_tier <> to_tier order by id
      returning member_id, from_tier, to_tier
    )
    select (select count(*)::int from written) as reviewed,
      coalesce((select json_agg(json_build_object('memberId', member_id, 'fromTier', from_tier, 'toTier', to_tier))
        from moved), '[]') as moves`
  return row ?? { reviewed: 0, moves: [] }
}
