import type { Db } from '../../db/sql'
import { readMerchant } from '../merchant'
import type { CampaignDefinition } from './definition'
import type { DropReason } from './gate'

const DAY_MS = 24 * 3_600_000

/** A member of an audience, with what is known of them. */
export interface AudienceMember {
  readonly memberId: string
  readonly segment: string | null
  /** The chance to leave; null where it is not scored. */
  readonly risk: number | null
  readonly valueAtStakeMinor: number | null
  /** Net spend in the days before, as many as the campaign's attribution window has. */
  readonly spentBeforeMinor: number
  /** Why a message could not reach them now, as the gate would say; null where it could. */
  readonly obstacle: Extract<DropReason, 'no-consent' | 'too-often'> | null
}

/**
 * Who belongs to the audience of a campaign now, by the last scores: members who are in the campaign already, and those
 * who were erased, are left out. Somebody who is not scored yet is in no group, stage or range of risk. Those who switched
 * personalisation off are chosen by nothing that is known of them: they are in an audience of everybody only, and there as
 * if they were not scored. Whoever could not get the message now is told of with the obstacle: in no chat with consent for
 * its kind, or written to within the days that must lie between.
 */
export async function readAudience(
  db: Db,
  { definition, at }: { definition: CampaignDefinition; at: Date },
): Promise<AudienceMember[]> {
  const { code, kind, audience, attributionDays } = definition
  const { settings } = await readMerchant(db)
  const silentSince = new Date(at.getTime() - settings.messageEveryDays * DAY_MS)
  const isEverybody = Object.values(audience).every((condition) => condition === undefined)
  const since = new Date(at.getTime() - attributionDays * DAY_MS)
  return db.sql<AudienceMember>`
    with spent as (
      select member_id, sum(total_minor)::bigint as minor from shop_order
      where placed_at > ${since} and placed_at <= ${at} and status <> 'cancelled' and member_id is not null
      group by member_id
    )
    select member.id as "memberId", segment.rfm_group as segment, case when plain.member_id is null then churn.risk end as risk,
      case when plain.member_id is null then churn.value_at_stake_minor end as "valueAtStakeMinor", coalesce(spent.minor, 0) as "spentBeforeMinor",
      case when not exists (
        select from message_consent consent
          join member_chat chat on chat.member_id = consent.member_id and chat.channel = consent.channel
        where consent.member_id = member.id and consent.kind = ${kind} and consent.status = 'granted'
      ) then 'no-consent' when exists (
        select from campaign_message earlier where earlier.member_id = member.id and earlier.sent_at > ${silentSince}
      ) then 'too-often' end as obstacle
    from member
      left join member_segment segment on segment.member_id = member.id
      left join member_churn churn on churn.member_id = member.id
      left join message_consent plain on plain.member_id = member.id and plain.kind = 'personalisation'
        and plain.status = 'withdrawn'
      left join spent on spent.member_id = member.id
    where member.erased_at is null and (plain.member_id is null or ${isEverybody})
      and (${audience.groups ?? null}::text[] is null or segment.rfm_group = any (${audience.groups ?? null}::text[]))
      and (${audience.stages ?? null}::text[] is null or segment.stage = any (${audience.stages ?? null}::text[]))
      and (${audience.tiers ?? null}::text[] is null or member.tier_code = any (${audience.tiers ?? null}::text[]))
      and (${audience.riskMin ?? null}::float8 is null or churn.risk >= ${audience.riskMin ?? null}::float8)
      and (${audience.riskMax ?? null}::float8 is null or churn.risk <= ${audience.riskMax ?? null}::float8)
      and (${audience.valueAtStakeMinMinor ?? null}::bigint is null
        or churn.value_at_stake_minor >= ${audience.valueAtStakeMinMinor ?? null}::bigint)
      and (${audience.lastOrderDaysMin ?? null}::int is null or segment.recency_days >= ${audience.lastOrderDaysMin ?? null}::int)
      and (${audience.lastOrderDaysMax ?? null}::int is null or segment.recency_days <= ${audience.lastOrderDaysMax ?? null}::int)
      and not exists (
        select from campaign join campaign_member taken on taken.campaign_id = campaign.id
        where campaign.code = ${code} and taken.member_id = member.id
      )
    order by member.id`
}
