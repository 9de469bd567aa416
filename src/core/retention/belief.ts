import type { Db } from '../../db/sql'
import { believe, type EffectBelief, STATED_PRIOR } from './decide'

interface Counted {
  treated: number
  treatedBuyers: number
  control: number
  controlBuyers: number
}

/** Fewer members than this in an arm say nothing of shares of a few in a hundred. */
const ARM_MIN = 100

/**
 * What is believed of how many more order because of an offer: the stated prior, and what own campaigns of the kind changed
 * whose attribution windows are over. Everybody counts in the arm that was drawn.
 */
export async function readBelief(db: Db, { kind, at }: { kind: string; at: Date }): Promise<EffectBelief> {
  const campaigns = await db.sql<Counted>`
    select coalesce(sum(outcome.members) filter (where arm <> 'control'), 0)::int as treated,
      coalesce(sum(outcome.buyers) filter (where arm <> 'control'), 0)::int as "treatedBuyers",
      coalesce(sum(outcome.members) filter (where arm = 'control'), 0)::int as control,
      coalesce(sum(outcome.buyers) filter (where arm = 'control'), 0)::int as "controlBuyers"
    from campaign join campaign_outcome outcome on outcome.campaign_id = campaign.id
      and outcome.until = (select max(until) from campaign_outcome last where last.campaign_id = campaign.id)
    where campaign.kind = ${kind} and not exists (
      select from campaign_member dealt where dealt.campaign_id = campaign.id
        and dealt.assigned_at + make_interval(days => (campaign.definition ->> 'attributionDays')::int) > ${at}
    )
    group by campaign.id order by campaign.id`
  return campaigns.reduce((belief, { treated, treatedBuyers, control, controlBuyers }) => {
    if (treated < ARM_MIN || control < ARM_MIN) return belief
    const [treatedShare, controlShare] = [treatedBuyers / treated, controlBuyers / control]
    // One buyer more keeps the error of an arm in which nobody, or everybody, bought from being none.
    const error = (buyers: number, members: number) => {
      const share = (buyers + 1) / (members + 2)
      return (share * (1 - share)) / members
    }
    const standardError = Math.sqrt(error(treatedBuyers, treated) + error(controlBuyers, control))
    return believe(belief, { difference: treatedShare - controlShare, standardError })
  }, STATED_PRIOR)
}
