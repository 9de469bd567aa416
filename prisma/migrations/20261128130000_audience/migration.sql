-- Where each member was spoken with alone and can be written to, as two joins: a whole audience is read by hashing them, one
-- member by the indexes.
create or replace view member_chat as
select identity.member_id, identity.channel, identity.tenant_id, web.id as conversation_id, null::jsonb as reference,
  coalesce(spoken.updated_at, web.created_at) as seen_at
from channel_identity identity
  join directline_conversation web on web.user_id = identity.user_id
  left join conversation_state spoken on spoken.channel = 'directline' and spoken.conversation_id = web.id
where identity.channel = 'directline'
  -- Where the channel refused us, not before they speak there again.
  and (identity.unreachable_at is null or coalesce(spoken.updated_at, web.created_at) > identity.unreachable_at)
union all
select identity.member_id, identity.channel, identity.tenant_id, spoken.conversation_id, spoken.reference, spoken.updated_at
from channel_identity identity
  join conversation_state spoken on spoken.channel = identity.channel
    and spoken.reference #>> '{user,id}' = identity.user_id
    and coalesce(spoken.reference #>> '{conversation,tenantId}', '') = identity.tenant_id
where identity.channel <> 'directline'
  and coalesce(spoken.reference #>> '{conversation,isGroup}', 'false') = 'false'
  and coalesce(spoken.reference #>> '{conversation,conversationType}', 'personal') = 'personal'
  and (identity.unreachable_at is null or spoken.updated_at > identity.unreachable_at);

-- Where a member falls between 0 and 1 for a salt: what src/core/experiments/assign.ts computes for one, for very many. Neither
-- immutable nor strict, as convert_to is not the first: so it is inlined, which makes it some eight times faster.
create function member_bucket(salt text, member_id text) returns float8
language sql stable parallel safe as $$
  select ('x' || encode(substr(sha256(convert_to(salt || chr(31) || member_id, 'UTF8')), 1, 6), 'hex'))::bit(48)::bigint::float8
    / 281474976710656
$$;

-- Who belongs to the audience of a campaign now (see src/core/retention/audience.ts). `wanted` is the audience of its definition;
-- an earlier message counts as too soon after `silent_since`, orders as spend after `spent_since`. An audience is many members:
-- where the planner knows tables badly (just filled, or conditions on JSON) it would take each member in a loop.
create function campaign_audience(
  for_code text, for_kind text, wanted jsonb, at timestamptz, silent_since timestamptz, spent_since timestamptz
) returns table (
  member_id text, segment text, risk float8, value_minor bigint, spent_minor bigint, obstacle text
) language sql stable set enable_nestloop = off set work_mem = '64MB' as $$
  select member.id, segment.rfm_group, case when plain.member_id is null then churn.risk end,
    case when plain.member_id is null then churn.value_at_stake_minor end, coalesce(spent.minor, 0),
    case when reached.member_id is null then 'no-consent' when lately.member_id is not null then 'too-often' end
  from member
    left join member_segment segment on segment.member_id = member.id
    left join member_churn churn on churn.member_id = member.id
    left join message_consent plain on plain.member_id = member.id and plain.kind = 'personalisation'
      and plain.status = 'withdrawn'
    left join (
      select bought.member_id, sum(total_minor)::bigint as minor from shop_order bought
      where placed_at > spent_since and placed_at <= at and status <> 'cancelled' and bought.member_id is not null
      group by bought.member_id
    ) spent on spent.member_id = member.id
    left join (
      select distinct consent.member_id from message_consent consent
        join member_chat chat on chat.member_id = consent.member_id and chat.channel = consent.channel
      where consent.kind = for_kind and consent.status = 'granted'
    ) reached on reached.member_id = member.id
    left join (
      select distinct earlier.member_id from campaign_message earlier where earlier.sent_at > silent_since
    ) lately on lately.member_id = member.id
  where member.erased_at is null and (plain.member_id is null or wanted = '{}')
    and (not wanted ? 'groups' or wanted -> 'groups' ? segment.rfm_group)
    and (not wanted ? 'stages' or wanted -> 'stages' ? segment.stage)
    and (not wanted ? 'tiers' or wanted -> 'tiers' ? member.tier_code)
    and (not wanted ? 'riskMin' or churn.risk >= (wanted ->> 'riskMin')::float8)
    and (not wanted ? 'riskMax' or churn.risk <= (wanted ->> 'riskMax')::float8)
    and (not wanted ? 'valueAtStakeMinMinor' or churn.value_at_stake_minor >= (wanted ->> 'valueAtStakeMinMinor')::bigint)
    and (not wanted ? 'lastOrderDaysMin' or segment.recency_days >= (wanted ->> 'lastOrderDaysMin')::int)
    and (not wanted ? 'lastOrderDaysMax' or segment.recency_days <= (wanted ->> 'lastOrderDaysMax')::int)
    and not exists (
      select from campaign_member taken
      where taken.campaign_id = (select id from campaign where code = for_code) and taken.member_id = member.id
    )
$$;
