import type { Database } from '../../db/open'
import { readMerchant } from '../merchant'

const DAY_MS = 24 * 3_600_000

/**
 * Counts what came of every campaign up to `at`: for each arm and segment the sums that tell a lift (ml/experiment-sums),
 * under the merchant's own date of the day. Everybody counts in the arm that was drawn, reached or not, with the net orders
 * of the attribution window after it. Campaigns whose last window is over by more than a week are left as they were.
 * @returns how many campaigns were counted
 */
export async function gatherOutcomes(database: Database, { at }: { at: Date }): Promise<{ campaigns: number }> {
  const { timeZone } = await readMerchant(database)
  const campaigns = await database.sql<Counted>`
    select id, code, (definition ->> 'attributionDays')::int as days,
      (select coalesce(jsonb_object_agg(offer ->> 'code', (offer ->> 'costMinor')::bigint), '{}')
        from jsonb_array_elements(definition -> 'offers') offer) as costs,
      array(select offer ->> 'code' from jsonb_array_elements(definition -> 'offers') offer where offer ? 'couponId') as coupons
    from campaign
    where exists (
      select from campaign_member dealt where dealt.campaign_id = campaign.id
        and dealt.assigned_at > ${at}::timestamptz - make_interval(days => (definition ->> 'attributionDays')::int + 7)
    )`
  for (const campaign of campaigns) await gatherOne(database, campaign, { at, timeZone })
  return { campaigns: campaigns.length }
}

interface Counted {
  readonly id: number
  readonly code: string
  readonly days: number
  readonly costs: Readonly<Record<string, number>>
  /** The arms that give a coupon. */
  readonly coupons: readonly string[]
}

async function gatherOne(
  database: Database,
  { id, code, days, costs, coupons }: Counted,
  { at, timeZone }: { at: Date; timeZone: string },
): Promise<void> {
  const windowMs = days * DAY_MS
  await database.sql`
    insert into campaign_outcome (campaign_id, arm, segment, until, members, buyers, revenue_minor, revenue_squared,
      covariate_minor, covariate_squared, revenue_covariate, offer_cost_minor)
    select ${id}, arm, segment, (${at}::timestamptz at time zone ${timeZone})::date, count(*)::int,
      count(*) filter (where orders > 0)::int, sum(revenue), sum(revenue ^ 2), sum(covariate), sum(covariate ^ 2),
      sum(revenue * covariate),
      sum(case when used then coalesce((${JSON.stringify(costs)}::jsonb ->> arm)::bigint, 0) else 0 end)
    from (
      select dealt.arm, coalesce(dealt.segment, 'unknown') as segment, dealt.covariate_minor::float8 as covariate,
        coalesce(bought.orders, 0) as orders, coalesce(bought.minor, 0)::float8 as revenue,
        -- Points count as spent when the ledger has them, whatever became of the message; a coupon costs nothing until it is used.
        case when dealt.arm = any (${coupons}::text[]) then exists (
          select from transfer join issued_coupon issued on issued.transfer_id = transfer.id
          where transfer.source = 'redeem' and transfer.external_id = 'campaign:' || ${code} || ':' || dealt.member_id
            and issued.status = 'used' and issued.used_at <= ${at}
        ) else exists (
          select from transfer
          where transfer.source = 'campaign' and transfer.external_id = ${code} || ':' || dealt.member_id
        ) end as used
      from campaign_member dealt
        left join lateral (
          select count(*) filter (where kind = 'sale') as orders, sum(total_minor) as minor from shop_order
          where member_id = dealt.member_id and status <> 'cancelled' and placed_at > dealt.assigned_at
            and placed_at <= least(${at}::timestamptz, dealt.assigned_at + ${windowMs}::float8 * interval '1 millisecond')
        ) bought on true
      where dealt.campaign_id = ${id} and dealt.assigned_at <= ${at}
    ) counted
    group by arm, segment
    on conflict (campaign_id, arm, segment, until) do update set members = excluded.members, buyers = excluded.buyers,
      revenue_minor = excluded.revenue_minor, revenue_squared = excluded.revenue_squared,
      covariate_minor = excluded.covariate_minor, covariate_squared = excluded.covariate_squared,
      revenue_covariate = excluded.revenue_covariate, offer_cost_minor = excluded.offer_cost_minor`
}
