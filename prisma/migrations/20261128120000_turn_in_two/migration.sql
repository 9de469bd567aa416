-- A turn in two statements: what it begins with is one lookup and one value, and so is what it leaves.

drop function turn_begin;
drop function turn_end;

-- Takes the conversation's lock until the transaction ends, and tells whether the activity was answered before, the state, the
-- open request for a person, who the chat user is, and whose programme this is. `as_member_id` is given by callers in this process
-- that know the member (terminal chat). `balance_at`: the member's balance is going to be asked for. It comes along, unless
-- the lock had to be waited for: somebody may have changed it since that instant.
create function turn_begin(
  for_channel text, for_conversation_id text, for_activity_id text, for_tenant_id text, for_user_id text,
  as_member_id text, statement_timeout_ms integer, balance_at timestamptz
) returns json language plpgsql as $$
declare
  lock_key bigint := hashtextextended(for_channel || E'\x1f' || for_conversation_id, 0);
  setting text;
  at_once boolean;
  found_member text := as_member_id;
  start json;
  balance json;
begin
  -- The lock is waited for as long as a statement may take; the transaction's end puts the setting back. (An assignment is
  -- evaluated without a query of its own, a PERFORM is not.)
  setting := set_config('statement_timeout', statement_timeout_ms::text, true);
  setting := set_config('lock_timeout', statement_timeout_ms::text, true);
  at_once := pg_try_advisory_xact_lock(lock_key);
  if not at_once then
    perform pg_advisory_xact_lock(lock_key);
  end if;

  -- A statement after the lock sees what the last holder committed.
  if found_member is null then
    select identity.member_id into found_member from channel_identity identity
    where identity.channel = for_channel and identity.tenant_id = for_tenant_id and identity.user_id = for_user_id;
  end if;
  select member.id, json_build_object(
    'answered', inbox.activity_id is not null, 'response', inbox.response,
    'version', coalesce(spoken.version, 0), 'state', spoken.state,
    'memberId', member.id, 'displayName', member.display_name, 'memberLocale', member.locale,
    'requestId', request.id, 'requestStatus', request.status,
    'merchant', case when merchant.id is not null then json_build_object('nameEn', merchant.name_en, 'nameZh', merchant.name_zh,
      'timeZone', merchant.time_zone, 'currency', merchant.currency, 'settings', merchant.settings) end)
  into found_member, start
  from (values (1)) one
    left join inbox on inbox.channel = for_channel and inbox.conversation_id = for_conversation_id
      and inbox.activity_id = for_activity_id
    left join conversation_state spoken on spoken.channel = for_channel and spoken.conversation_id = for_conversation_id
    left join handoff_request request on request.channel = for_channel and request.conversation_id = for_conversation_id
      and request.status in ('waiting', 'agent') and (request.left_at is null or request.status = 'agent')
    left join member on member.id = found_member and member.erased_at is null
    left join merchant on merchant.id = 1;

  if at_once and balance_at is not null and found_member is not null then
    select row_to_json(ledger_balance) into balance from ledger_balance(found_member, balance_at);
  end if;
  return json_build_object('start', start, 'balance', balance);
end $$;

-- Saves what a turn leaves: the claim with its response, the state (compared and set), replies for the outbox and
-- activities for the Direct Line log; on channels without a log what was said and answered, for whoever takes over. Returns
-- the ids of the outbox rows, those of earlier rows of the conversation that still wait, and the number of the first activity
-- in the log.
create function turn_end(
  for_channel text, for_conversation_id text, for_activity_id text, expected_version integer,
  new_state jsonb, new_reference jsonb, new_response jsonb,
  outbox_activities jsonb, log_activities jsonb, now_at timestamptz, leased_until timestamptz,
  new_said text, new_replies jsonb
) returns json language plpgsql as $$
declare
  outbox_ids bigint[];
  earlier_ids bigint[];
  first_seq bigint;
  appended integer;
begin
  insert into inbox (channel, conversation_id, activity_id, received_at, response, said, replies)
  values (for_channel, for_conversation_id, for_activity_id, now_at, new_response, new_said, new_replies);

  if new_state is not null then
    -- (An insert that gives way to an update writes the row's lock down as well.)
    if expected_version > 0 then
      update conversation_state s
      set version = expected_version + 1, state = new_state, updated_at = now_at, reference = coalesce(new_reference, s.reference)
      where s.channel = for_channel and s.conversation_id = for_conversation_id and s.version = expected_version;
    else
      insert into conversation_state (channel, conversation_id, version, state, reference, updated_at)
      values (for_channel, for_conversation_id, 1, new_state, new_reference, now_at)
      on conflict (channel, conversation_id) do nothing;
    end if;
    if not found then
      raise exception 'the state of this conversation is no longer at version %', expected_version
        using errcode = 'serialization_failure';
    end if;
  end if;

  if outbox_activities is not null then
    -- The earlier ones are looked for in the state before this statement, the added ones not among them.
    with added as (
      insert into outbox (channel, conversation_id, reference, activity, status, next_attempt_at, created_at)
      select for_channel, for_conversation_id, new_reference, a.value, 'pending', leased_until, now_at
      from jsonb_array_elements(outbox_activities) with ordinality a(value, place) order by a.place
      returning id
    )
    select array(select added.id from added order by added.id), array(
      select o.id from outbox o
      where o.channel = for_channel and o.conversation_id = for_conversation_id and o.status = 'pending'
      order by o.id limit 100
    ) into outbox_ids, earlier_ids;
  end if;

  if log_activities is not null then
    appended := jsonb_array_length(log_activities);
    update directline_conversation d set last_seq = d.last_seq + appended
    where d.id = for_conversation_id returning d.last_seq - appended + 1 into first_seq;
    if not found then
      raise exception 'no Direct Line conversation has this id' using errcode = 'no_data_found';
    end if;
    insert into directline_activity (conversation_id, seq, activity_id, client_activity_id, activity, created_at)
    select for_conversation_id, first_seq + a.place - 1,
      for_conversation_id || '|' || lpad((first_seq + a.place - 1)::text, 7, '0'),
      a.value #>> '{channelData,clientActivityID}', a.value, now_at
    from jsonb_array_elements(log_activities) with ordinality a(value, place);
  end if;
  return json_build_object('outboxIds', outbox_ids, 'earlierIds', earlier_ids, 'firstSeq', first_seq);
end $$;

-- The state is rewritten with every turn: with room on its page that needs no index to be touched.
alter table conversation_state set (fillfactor = 50);

-- Only asked for once an hour, over rows that lie in the order of their time.
drop index outbox_sent;
create index outbox_sent on outbox using brin (sent_at) where status <> 'pending';

-- With the channel first this index served a lookup by conversation as well as the primary key did, as far as a young table's
-- statistics can tell, and such a plan then walked through all conversations of the channel for every turn.
drop index conversation_state_user_idx;
create index conversation_state_user_idx on conversation_state ((reference #>> '{user,id}'), channel);
