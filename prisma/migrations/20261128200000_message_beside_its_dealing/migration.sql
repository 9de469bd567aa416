-- Who is dealt to a campaign and the message that comes of it are one row: they are made by one statement, a campaign of a hundred
-- thousand writes half as much, and what a member was dealt and what their message says cannot differ. The key is the campaign
-- and the member; a number of its own, with an index, nobody needs. The table of messages takes the dealings in, as what looks at
-- it goes on doing so.
drop trigger campaign_member_final on campaign_member;

alter table campaign_message
  drop constraint campaign_message_arm_check,
  alter column status drop not null,
  alter column due_at drop not null,
  alter column next_attempt_at drop not null,
  add column propensity double precision,
  add column assigned_at timestamptz(3),
  add column segment text,
  add column risk double precision,
  add column value_minor bigint,
  add column expected_gain_minor bigint,
  add column reason jsonb,
  add column covariate_minor bigint not null default 0;

update campaign_message message set propensity = dealt.propensity, assigned_at = dealt.assigned_at, segment = dealt.segment,
  risk = dealt.risk, value_minor = dealt.value_minor, expected_gain_minor = dealt.expected_gain_minor, reason = dealt.reason,
  covariate_minor = dealt.covariate_minor
from campaign_member dealt where dealt.campaign_id = message.campaign_id and dealt.member_id = message.member_id;
-- Where a dealing was deleted by hand, what the member got is still known, and what they did not get yet goes nowhere.
update campaign_message set propensity = 1, assigned_at = due_at,
  drop_reason = case when status = 'queued' then 'unreachable' else drop_reason end, status = case when status = 'queued' then 'dropped' else status end
where propensity is null;
insert into campaign_message (campaign_id, member_id, arm, propensity, assigned_at, segment, risk, value_minor, expected_gain_minor,
  reason, covariate_minor)
select campaign_id, member_id, arm, propensity, assigned_at, segment, risk, value_minor, expected_gain_minor, reason, covariate_minor
from campaign_member on conflict do nothing;

drop table campaign_member;
-- Only now: where all tables are published, rows of one without a key cannot be updated.
alter table campaign_message drop column id; -- and with it the indexes that begin or end with it
alter table campaign_message rename to campaign_member;
alter table campaign_member
  alter column propensity set not null,
  alter column assigned_at set not null,
  add constraint campaign_member_propensity_check check (propensity > 0 and propensity <= 1),
  add constraint campaign_message_control_check check (arm <> 'control' or status is null),
  add constraint campaign_message_due_check check (status is null or due_at is not null and next_attempt_at is not null),
  drop constraint campaign_message_campaign_id_member_id_key,
  add primary key (campaign_id, member_id);

-- Rows with the same instant are read as they stand, which is the order they were queued in.
create index campaign_message_due_idx on campaign_member (next_attempt_at) where status = 'queued';
create index campaign_message_lost_gift_idx on campaign_member (campaign_id, member_id)
  where gift = 'given' and status in ('dropped', 'failed', 'dead');

-- Somebody counts in the arm that was drawn; what becomes of the message is written beside it.
create trigger campaign_member_final before update of campaign_id, member_id, arm, propensity, assigned_at, segment, risk, value_minor,
  expected_gain_minor, reason, covariate_minor on campaign_member
  for each row execute function campaign_member_is_final();

-- The messages alone.
create view campaign_message as
select campaign_id, member_id, arm, status, drop_reason, channel, conversation_id, due_at, attempts, next_attempt_at, put_off_at,
  leased_until, sent_at, activity_id, last_error, holdout_share, gift
from campaign_member where status is not null;

-- As before, by the member's id.
drop function campaign_take_back(bigint, int, timestamptz);
create function campaign_take_back(p_campaign bigint, p_limit int, p_now timestamptz)
returns table (of_member text, outcome text, error text) language plpgsql as $$
declare
  m record;
  v_key text;
  v_code text;
  v_replayed boolean;
begin
  -- First the campaign, then members one by one: whoever plans takes the campaign for as long as that lasts.
  perform from campaign where id = p_campaign for no key update skip locked;
  if not found then return; end if;
  for m in
    select message.member_id, campaign.code, campaign.name, offer
    from campaign_member message join campaign on campaign.id = message.campaign_id
      left join lateral jsonb_array_elements(campaign.definition -> 'offers') offer on offer ->> 'code' = message.arm
    where message.gift = 'given' and message.status in ('dropped', 'failed', 'dead') and message.campaign_id = p_campaign
    order by message.member_id limit p_limit for update of message skip locked
  loop
    of_member := m.member_id;
    outcome := 'taken-back';
    error := null;
    v_key := m.code || ':' || m.member_id;
    begin
      perform from member_account where member_id = m.member_id for update skip locked;
      continue when not found and exists (select from member_account where member_id = m.member_id);
      if m.offer ? 'couponId' then
        select void.code, void.replayed into v_code, v_replayed
        from transfer paid join issued_coupon issued on issued.transfer_id = paid.id
          cross join lateral coupon_void(issued.code, m.name, p_now) void
        where paid.source = 'redeem' and paid.external_id = 'campaign:' || v_key;
        -- Somebody who voided it before gave its points to the member, and meant to.
        if v_code is distinct from 'ok' or v_replayed then raise exception using errcode = 'RG001', message = 'used'; end if;
      end if;
      select code into v_code from ledger_withdraw('campaign', v_key, 'campaign', v_key || ':back', m.name, p_now);
      if v_code <> 'ok' then raise exception using errcode = 'RG001', message = v_code; end if;
      update campaign_member set gift = 'taken-back' where campaign_id = p_campaign and member_id = m.member_id;
      update campaign set committed_minor = committed_minor - (m.offer ->> 'costMinor')::bigint
        where id = p_campaign and budget_minor is not null;
    exception
      when sqlstate 'RG001' then
        outcome := 'kept';
      when others then
        error := sqlerrm;
        -- Deadlocks and the like, a full disk or memory, locks, a server that is going down: they say nothing of the gift.
        outcome := case when left(sqlstate, 2) in ('40', '53', '55', '57', '58') then 'later' else 'kept' end;
    end;
    if outcome = 'kept' then
      update campaign_member set gift = 'kept', last_error = case when error is null then last_error
          else coalesce(last_error || '; ', '') || 'what was given could not be taken back: ' || error end
        where campaign_id = p_campaign and member_id = m.member_id;
    end if;
    return next;
  end loop;
end $$;
