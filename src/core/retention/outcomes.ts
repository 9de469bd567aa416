import type { Database } from '../../db/open'
import { readMerchant } from '../merchant'

const DAY_MS = 24 * 3_600_000

/**
 * Counts what came of every campaign up to `at`: for each arm and segment the sums that tell a lift (ml/experiment-sums),
 * under the merchant's own date of the day. Everybody counts in the arm that was drawn, reached or not, with the net orders
 * of the attribution window after it. For offers against each other, which are dealt more often in some nights than in others,
 * each member is weighed by one over the chance of their arm, too (ml/experiment-weighed). Campaigns whose last window is over by
 * more than a week are left as they were, once they were counted so.
 * @returns how many campaigns were counted
 */
export async function gatherOutcomes(database: Database, { at }: { at: Date }): Promise<{ campaigns: number }> {
  const { timeZone } = await readMerchant(database)
  const campaigns = await database.sql<Counted>`
    select id, code, (definition ->> 'attributionDays')::int as days, definition -> 'offers' as offers
    from campaign
    where exists (
      select from campaign_member dealt where dealt.campaign_id = campaign.id
        and (dealt.assigned_at > ${at}::timestamptz - make_interval(days => (definition ->> 'attributionDays')::int + 7)
          or not exists (select from campaign_arm_outcome weighed where weighed.campaign_id = campaign.id))
    )`
  for (const campaign of campaigns) await gatherOne(database, campaign, { at, timeZone })
  return { campaigns: campaigns.length }
}

interface Counted {
  readonly id: number
  readonly code: string
  readonly days: number
  readonly offers: object
}

async function gatherOne(
  database: Database,
  { id, code, days, offers }: Counted,
  { at, timeZone }: { at: Date; timeZone: string },
): Promise<void> {
  const windowMs = days * DAY_MS
  await database.sql`
    with counted as materialized (
      select dealt.arm, 1 / dealt.propensity as weight, coalesce(dealt.segment, 'unknown') as segment, dealt.covariate_minor::float8 as covariate,
        coalesce(bought.orders, 0) as orders, coalesce(bought.minor, 0)::float8 as revenue,
        coalesce(spent.cost_minor, 0) as cost
      from campaign_member dealt
        left join lateral (
          select count(*) filter (where kind = 'sale') as orders, sum(total_minor) as minor from shop_order
          where member_id = dealt.member_id and status <> 'cancelled' and placed_at > dealt.assigned_at
            and placed_at <= least(${at}::timestamptz, dealt.assigned_at + ${windowMs}::float8 * interval '1 millisecond')
        ) bought on true
        left join jsonb_array_elements(${JSON.stringify(offers)}::jsonb) offer on offer ->> 'code' = dealt.arm
        left join lateral campaign_offer_cost(${code}, dealt.member_id, offer,
          least(${at}::timestamptz, dealt.assigned_at + ${windowMs}::float8 * interval '1 millisecond')) spent on offer is not null
      where dealt.campaign_id = ${id} and dealt.assigned_at <= ${at}
    ), weighed as (
      insert into campaign_arm_outcome (campaign_id, arm, weight, weight_squared, buyers, buyers_twice, revenue, revenue_twice,
        revenue_squared, covariate, covariate_twice, covariate_squared, revenue_covariate)
      select ${id}, arm, sum(weight), sum(weight ^ 2), sum(weight * (orders > 0)::int), sum(weight ^ 2 * (orders > 0)::int),
        sum(weight * revenue), sum(weight ^ 2 * revenue), sum((weight * revenue) ^ 2), sum(weight * covariate),
        sum(weight ^ 2 * covariate), sum((weight * covariate) ^ 2), sum(weight ^ 2 * revenue * covariate)
      from counted group by arm
      on conflict (campaign_id, arm) do update set weight = excluded.weight, weight_squared = excluded.weight_squared,
        buyers = excluded.buyers, buyers_twice = excluded.buyers_twice, revenue = excluded.revenue,
        revenue_twice = excluded.revenue_twice, revenue_squared = excluded.revenue_squared, covariate = excluded.covariate,
        covariate_twice = excluded.covariate_twice, covariate_squared = excluded.covariate_squared,
        revenue_covariate = excluded.revenue_covariate
    )
    insert into campaign_outcome (campaign_id, arm, segment, until, members, buyers, revenue_minor, revenue_squared,
      covariate_minor, covariate_squared, revenue_covariate, offer_cost_minor)
    select ${id}, arm, segment, (${at}::timestamptz at time zone ${timeZone})::date, count(*)::int,
      count(*) filter (where orders > 0)::int, sum(revenue), sum(revenue ^ 2), sum(covariate), sum(covariate ^ 2),
      sum(revenue * covariate), sum(cost)
    from counted group by arm, segment
    on conflict (campaign_id, arm, segment, until) do update set members = excluded.members, buyers = excluded.buyers,
      revenue_minor = excluded.revenue_minor, revenue_squared = excluded.revenue_squared,
      covariate_minor = excluded.covariate_minor, covariate_squared = excluded.covariate_squared,
      revenue_covariate = excluded.revenue_covariate, offer_cost_minor = excluded.offer_cost_minor`
}
