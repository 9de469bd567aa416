import type { Db } from '../../../src/db/sql'
import { campaign } from '../retention/fixtures'

/** A running campaign with the parts of its definition that results need. */
export async function addCampaign(
  db: Db,
  {
    code,
    controlShare,
    startsAt = new Date('2026-11-01T00:00:00Z'),
  }: { code: string; controlShare: number; startsAt?: Date },
): Promise<number> {
  const [row] = await db.sql<{ id: number }>`
    insert into campaign (code, name, kind, status, version, definition, starts_at, created_at, updated_at)
    values (${code}, ${`The ${code} campaign`}, 'offers', 'running', 1, ${JSON.stringify(campaign({ code, controlShare }))}::jsonb,
      ${startsAt}, ${startsAt}, ${startsAt})
    returning id`
  return row?.id ?? 0
}

/** The sums of some members of an arm, as they are gathered every night; money in minor units. */
export async function addOutcome(
  db: Db,
  outcome: {
    campaignId: number
    arm: string
    segment: string
    until: string
    members: readonly { before: number; after: number }[]
    offerCostMinor?: number
  },
): Promise<void> {
  const { campaignId, arm, segment, until, members, offerCostMinor = 0 } = outcome
  const sum = (value: (member: { before: number; after: number }) => number) =>
    members.reduce((total, member) => total + value(member), 0)
  await db.sql`
    insert into campaign_outcome (campaign_id, arm, segment, until, members, buyers, revenue_minor, revenue_squared,
      covariate_minor, covariate_squared, revenue_covariate, offer_cost_minor)
    values (${campaignId}, ${arm}, ${segment}, ${until}::date, ${members.length},
      ${members.filter(({ after }) => after > 0).length}, ${sum(({ after }) => after)}, ${sum(({ after }) => after ** 2)},
      ${sum(({ before }) => before)}, ${sum(({ before }) => before ** 2)}, ${sum(({ before, after }) => before * after)},
      ${offerCostMinor})`
}
