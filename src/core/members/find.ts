import type { Db } from '../../db/sql'

/** A member as the chat and the lists know them. */
export interface MemberProfile {
  id: string
  source: string
  displayName: string | null
  email: string | null
  locale: string | null
  timeZone: string | null
  joinedAt: Date
  tierCode: string
}

/** A member with what a list shows. Points are those available in the ledger; spend is net of refunds, in minor units. */
export interface ListedMember {
  id: string
  displayName: string | null
  points: number
  tier: string
  orders: number
  spentMinor: number
  lastOrderAt: Date | null
  /** RFM group, cluster and life-cycle stage of the last scoring; null where that has not seen the member. */
  segment: string | null
  cluster: string | null
  stage: string | null
  /** The chance of leaving of the last scoring (see core/churn); null where it could not say. Never shown to a member. */
  churnRisk: number | null
}

/** The member of this id, or null: unknown, or erased. */
export async function findMember(db: Db, { memberId }: { memberId: string }): Promise<MemberProfile | null> {
  const [row] = await db.sql<MemberProfile>`
    select id, source, display_name as "displayName", email, locale, time_zone as "timeZone",
      joined_at as "joinedAt", tier_code as "tierCode"
    from member where id = ${memberId} and erased_at is null`
  return row ?? null
}

/** Whether there is anybody at all. */
export async function hasMembers(db: Db): Promise<boolean> {
  const [row] = await db.sql<{ found: boolean }>`select exists (select from member) as found`
  return row?.found ?? false
}

/**
 * Members with the most available points first. `search` keeps those whose id, name or e-mail contains it.
 * Orders and spend are aggregated only for the members that are shown.
 */
export async function listMembers(
  db: Db,
  { limit, search = '' }: { limit: number; search?: string },
): Promise<ListedMember[]> {
  const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`
  return db.sql<ListedMember>`
    with shown as (
      select member.id, member.display_name, member.tier_code, coalesce(account.available, 0) as points
      from member left join member_account account on account.member_id = member.id
      where member.erased_at is null
        and (${search} = '' or member.id ilike ${pattern} or member.display_name ilike ${pattern} or member.email ilike ${pattern})
      order by points desc, member.id
      limit ${limit}
    )
    select shown.id, shown.display_name as "displayName", shown.points, shown.tier_code as tier,
      history.orders, history.spent as "spentMinor", history.last_order_at as "lastOrderAt",
      scored.rfm_group as segment, scored.cluster, scored.stage, churn.risk as "churnRisk"
    from shown left join member_segment scored on scored.member_id = shown.id
      left join member_churn churn on churn.member_id = shown.id cross join lateral (
      select count(*) filter (where kind = 'sale') as orders,
        coalesce(sum(total_minor), 0)::bigint as spent,
        max(placed_at) filter (where kind = 'sale') as last_order_at
      from shop_order where member_id = shown.id and status <> 'cancelled'
    ) history
    order by shown.points desc, shown.id`
}
