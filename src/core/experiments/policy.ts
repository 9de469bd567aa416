import type { Db } from '../../db/sql'

/** What a way of dealing would bring a member, in minor units of net revenue less the offer's cost. */
export interface PolicyValue {
  /** The arm that everybody would get. */
  readonly policy: string
  /** Members who got it, by which it is judged. */
  readonly members: number
  readonly valueMinor: number
  readonly low: number
  readonly high: number
}

interface Row {
  arm: string
  members: number
  weight: number
  weighted: number
  /** Σ w², Σ w²y and Σ w²y², with w = 1/propensity. */
  weightSquared: number
  crossed: number
  weightedSquared: number
}

const Z_95 = 1.96

/**
 * What it would bring to deal everybody of a campaign one arm, from what was dealt by chance: inverse propensity, self-normalised
 * (Swaminathan and Joachims 2015), with its 95 % interval by linearisation. By intention to treat: what counts is what was
 * dealt, and what that really cost, whatever became of the message. Members whose window is not over yet are left
 * out, since their orders are still to come. Undefined for an unknown code; empty while nobody's is.
 */
export async function readPolicyValues(
  db: Db,
  { code, at }: { code: string; at: Date },
): Promise<PolicyValue[] | undefined> {
  const [campaign] = await db.sql<{ days: number; offers: object }>`
    select (definition ->> 'attributionDays')::int as days, definition -> 'offers' as offers from campaign where code = ${code}`
  if (!campaign) return undefined
  const { days, offers } = campaign
  const rows = await db.sql<Row>`
    select arm, count(*)::int as members, sum(1 / propensity) as weight, sum(value / propensity) as weighted,
      sum(propensity ^ -2) as "weightSquared", sum(value * propensity ^ -2) as crossed,
      sum(value ^ 2 * propensity ^ -2) as "weightedSquared"
    from (
      select dealt.arm, dealt.propensity,
        (coalesce(sum(bought.total_minor), 0) - coalesce(max(spent.cost_minor), 0))::float8 as value
      from campaign join campaign_member dealt on dealt.campaign_id = campaign.id
        left join jsonb_array_elements(${JSON.stringify(offers)}::jsonb) offer on offer ->> 'code' = dealt.arm
        left join lateral campaign_offer_cost(${code}, dealt.member_id, offer, dealt.assigned_at + make_interval(days => ${days})) spent
          on offer is not null
        left join shop_order bought on bought.member_id = dealt.member_id and bought.status <> 'cancelled'
          and bought.placed_at > dealt.assigned_at and bought.placed_at <= dealt.assigned_at + make_interval(days => ${days})
      where campaign.code = ${code} and dealt.assigned_at + make_interval(days => ${days}) <= ${at}
      group by dealt.member_id, dealt.arm, dealt.propensity
    ) judged group by arm order by arm`
  return rows.map((row) => {
    const valueMinor = row.weighted / row.weight
    // Σ w²(y − v)², by what was summed.
    const spread = row.weightedSquared - 2 * valueMinor * row.crossed + valueMinor ** 2 * row.weightSquared
    const error = (Z_95 * Math.sqrt(Math.max(0, spread))) / row.weight
    return { policy: row.arm, members: row.members, valueMinor, low: valueMinor - error, high: valueMinor + error }
  })
}
