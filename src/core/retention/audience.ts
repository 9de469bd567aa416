import type { Db } from '../../db/sql'
import { GLOBAL_HOLDOUT } from '../experiments/assign'
import { readMerchant } from '../merchant'
import type { CampaignDefinition } from './definition'

const DAY_MS = 24 * 3_600_000

/** Members of an audience of one group; `segment` is null where they are not scored. */
export interface AudienceCount {
  readonly segment: string | null
  readonly members: number
  /** Those of them who would get no message now: in no chat with consent for its kind, written to not long ago, or held out of all campaigns. */
  readonly outOfReach: number
}

/**
 * How many belong to the audience of a campaign now, by the last scores: members who are in the campaign already, and those
 * who were erased, are left out. Somebody who is not scored yet is in no group, stage or range of risk. Those who switched
 * personalisation off are chosen by nothing that is known of them: they are in an audience of everybody only, and there as
 * if they were not scored.
 */
export async function countAudience(
  db: Db,
  { definition, at }: { definition: CampaignDefinition; at: Date },
): Promise<AudienceCount[]> {
  const { wanted, silentSince, spentSince } = await audienceOptions(db, { definition, at })
  const { settings } = await readMerchant(db)
  return db.sql<AudienceCount>`
    select segment, count(*)::int as members, count(*) filter (
        where obstacle is not null or member_bucket(${GLOBAL_HOLDOUT}, member_id) < ${settings.globalHoldoutShare}
      )::int as "outOfReach"
    from campaign_audience(${definition.code}, ${definition.kind}, ${wanted}::jsonb, ${at}, ${silentSince}, ${spentSince})
    group by segment order by members desc, segment`
}

/**
 * What the database's `campaign_audience` is asked with: the conditions, since when a message is too soon for another one, and
 * since when orders count as spent before (as long as the campaign's attribution window).
 */
export async function audienceOptions(
  db: Db,
  { definition, at }: { definition: CampaignDefinition; at: Date },
): Promise<{ wanted: string; silentSince: Date; spentSince: Date }> {
  const { settings } = await readMerchant(db)
  return {
    wanted: JSON.stringify(definition.audience),
    silentSince: new Date(at.getTime() - settings.messageEveryDays * DAY_MS),
    spentSince: new Date(at.getTime() - definition.attributionDays * DAY_MS),
  }
}
