import { GLOBAL_HOLDOUT } from '../experiments/assign'
import { type Check, FAULTS_SHOWN_MAX } from '../points/checks/check'

/**
 * Two of a hundred million batches that were dealt by chance alone look so uneven: z² of a difference of two shares above
 * this. An audit looks at many batches, every night.
 */
const UNEVEN_Z_SQUARED = 31.5
/** Below so many members of a half no share says anything. */
const HALF_MIN = 200
/** Somebody who opts out while their message is being handed over gets it all the same. */
const HANDED_OVER_MS = 1_500

/** Invariants of campaigns. */
export const campaignChecks: readonly Check[] = [
  {
    invariant: 'campaign-messages-are-dealt',
    says: 'each member of a campaign was dealt one of its arms and has one message for it, and the control has none',
    find: (db) => db.sql`
      with known as (
        select id, definition -> 'offers' as offers from campaign
      ), dealable as (
        select id, array_append(case when offers <> '[]' then array(select offer ->> 'code' from jsonb_array_elements(offers) offer)
          else '{message}' end, 'control') as arms
        from known
      )
      select campaign_id as "campaignId", member_id as "memberId", count(*) as rows, min(arm) as arm, min(status) as status
      from campaign_member left join dealable on dealable.id = campaign_id
      group by campaign_id, member_id
      having count(*) > 1 or bool_or((arm = 'control') = (status is not null) or arm <> all (arms))
      order by 1, 2 limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'no-message-after-opt-out',
    says: 'whoever got a message had agreed to its kind on that channel, and had not taken it back',
    find: (db) => db.sql`
      select message.campaign_id as "campaignId", message.member_id as "memberId", message.sent_at as "sentAt", known.status
      from campaign_message message join campaign on campaign.id = message.campaign_id
        left join lateral (
          select change.status from consent_change change
          where change.member_id = message.member_id and change.kind = campaign.kind and change.channel = message.channel
            and change.at < message.sent_at - ${HANDED_OVER_MS}::float8 * interval '1 millisecond'
          order by change.at desc, change.id desc limit 1
        ) known on true
      where message.status in ('sent', 'unknown') and known.status = 'withdrawn'
      order by 1, 2 limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'held-out-are-left-in-peace',
    says: 'nobody was dealt to a campaign, or got a message of one, who was held out of all of them then',
    // Notices deal everybody whom they concern, without a dealing; the gate holds them out all the same.
    find: (db) => db.sql`
      select campaign_id as "campaignId", member_id as "memberId", assigned_at as at, dealing.holdout_share as "holdoutShare"
      from campaign_member dealt join campaign_dealing dealing using (campaign_id)
      where dealing.dealt_at = dealt.assigned_at and dealing.holdout_share > 0
        and member_bucket(${GLOBAL_HOLDOUT}, member_id) < dealing.holdout_share
      union all
      select campaign_id, member_id, sent_at, holdout_share from campaign_message
      where status in ('sent', 'unknown') and holdout_share > 0 and member_bucket(${GLOBAL_HOLDOUT}, member_id) < holdout_share
      order by 1, 2 limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'campaign-budgets-hold',
    says: 'what a campaign has set aside is what its dealt offers cost but for those taken back or never given, and not above its budget',
    find: (db) => db.sql`
      with dealt as (
        select campaign.id, sum((offer ->> 'costMinor')::bigint) as minor
        from campaign join campaign_member member on member.campaign_id = campaign.id
          join lateral jsonb_array_elements(campaign.definition -> 'offers') offer on offer ->> 'code' = member.arm
        where not exists (
          select from campaign_message message
          where message.campaign_id = campaign.id and message.member_id = member.member_id
            and message.gift in ('taken-back', 'not-given')
        )
        group by campaign.id
      )
      select campaign.code, campaign.budget_minor as "budgetMinor", campaign.committed_minor as "committedMinor",
        coalesce(dealt.minor, 0) as "dealtMinor"
      from campaign left join dealt on dealt.id = campaign.id
      where campaign.budget_minor is not null
        and (campaign.committed_minor > campaign.budget_minor or campaign.committed_minor <> coalesce(dealt.minor, 0))
      order by 1 limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'campaign-offers-are-entries',
    says: 'what a message says was given stands in the ledger: the points, or the coupon',
    find: (db) => db.sql`
      select campaign.code, message.member_id as "memberId", message.arm
      from campaign_message message join campaign on campaign.id = message.campaign_id
        join lateral jsonb_array_elements(campaign.definition -> 'offers') offer on offer ->> 'code' = message.arm
      where message.status in ('sent', 'unknown') and not exists (
        select from transfer where transfer.member_id = message.member_id and case when offer ? 'couponId'
          then transfer.source = 'redeem' and transfer.external_id = 'campaign:' || campaign.code || ':' || message.member_id
            and transfer.coupon_id = offer ->> 'couponId'
          else transfer.source = 'campaign' and transfer.external_id = campaign.code || ':' || message.member_id
            and transfer.points = (offer ->> 'bonusPoints')::bigint end
      ) order by 1, 2 limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'what-may-have-arrived-is-kept',
    says: 'what was given is taken back where the message surely did not arrive, and nowhere else',
    find: (db) => db.sql`
      select campaign.code, message.member_id as "memberId", message.status
      from campaign_message message join campaign on campaign.id = message.campaign_id
        join transfer back on back.source = 'campaign' and back.external_id = campaign.code || ':' || message.member_id || ':back'
      where message.status not in ('dropped', 'failed', 'dead') or message.gift is distinct from 'taken-back'
      order by 1, 2 limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'gifts-are-noted',
    says: 'what was given with a message that did not arrive is noted there, so that it is taken back',
    find: (db) => db.sql`
      select campaign.code, message.member_id as "memberId", message.status
      from campaign_message message join campaign on campaign.id = message.campaign_id
      where (message.gift is null and message.status in ('dropped', 'failed', 'dead') or message.gift = 'not-given') and exists (
        select from transfer given where given.source = 'campaign' and given.external_id = campaign.code || ':' || message.member_id
      ) order by 1, 2 limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'offers-do-not-follow-risk',
    says: 'what offer somebody of a campaign was dealt does not depend on how likely they are to leave',
    find: (db) => db.sql`
      with halved as (
        select campaign_id, assigned_at, arm, ntile(2) over (partition by campaign_id, assigned_at order by risk) as half
        from campaign_member where risk is not null and propensity < 1
      ), sized as (
        select campaign_id, assigned_at, count(*) filter (where half = 1)::float8 as low, count(*) filter (where half = 2)::float8 as high
        from halved group by campaign_id, assigned_at
      ), dealt as (
        select campaign_id, assigned_at, arm, count(*) filter (where half = 1)::float8 as low, count(*) filter (where half = 2)::float8 as high
        from halved group by campaign_id, assigned_at, arm
      )
      select campaign.code, dealt.assigned_at as "assignedAt", dealt.arm, dealt.low / sized.low as "shareOfLowRisk",
        dealt.high / sized.high as "shareOfHighRisk"
      from dealt join sized using (campaign_id, assigned_at) join campaign on campaign.id = dealt.campaign_id
        cross join lateral (select (dealt.low + dealt.high) / (sized.low + sized.high) as share) pooled
      where sized.low >= ${HALF_MIN} and pooled.share < 1
        and (dealt.low / sized.low - dealt.high / sized.high) ^ 2
          > ${UNEVEN_Z_SQUARED}::float8 * pooled.share * (1 - pooled.share) * (1 / sized.low + 1 / sized.high)
      order by 1, 2, 3 limit ${FAULTS_SHOWN_MAX}`,
  },
]
