-- What a turn begins with and leaves, now that a person may have the conversation.

-- `left_at`: the member left a message and does not wait any more; until somebody takes it the bot has the conversation.
-- `unanswered_since`: since when the member waits for a word of the agent; null when it is the agent who waits.
-- `log_seq`: how far the web chat's own log had come when a person was asked for: what is up to there was said before.
ALTER TABLE "handoff_request"
    ADD COLUMN "left_at" TIMESTAMPTZ(3),
    ADD COLUMN "unanswered_since" TIMESTAMPTZ(3),
    ADD COLUMN "log_seq" BIGINT;

-- Claims without words are forgotten after days, those with words much later; this finds the first without the second.
CREATE INDEX "inbox_without_words_idx" ON "inbox" ("received_at") WHERE "said" IS NULL;

drop function turn_begin;
drop function turn_end;

-- Takes the conversation's lock until the transaction ends, tells whether the activity was answered before, and loads
-- the state, the open request for a person, and who the chat user is. `as_member_id` is given by callers in this process
-- that know the member (terminal chat).
create function turn_begin(
  for_channel text, for_conversation_id text, for_activity_id text, for_tenant_id text, for_user_id text,
  as_member_id text, statement_timeout_ms integer
) returns table (
  answered boolean, response jsonb, version integer, state jsonb,
  member_id text, display_name text, member_locale text, request_id bigint, request_status text
) language plpgsql as $$
begin
  -- The lock is waited for as long as a statement may take; the transaction's end puts the setting back.
  perform set_config('statement_timeout', statement_timeout_ms::text, true),
    set_config('lock_timeout', statement_timeout_ms::text, true);
  -- Every statement after this one sees what the last holder of the lock committed.
  perform pg_advisory_xact_lock(hashtextextended(for_channel || E'\x1f' || for_conversation_id, 0));

  select true, i.response into answered, response from inbox i
  where i.channel = for_channel and i.conversation_id = for_conversation_id and i.activity_id = for_activity_id;
  if found then
    return next;
    return;
  end if;
  answered := false;
  response := null;

  select s.version, s.state, r.id, r.status into version, state, request_id, request_status
  from (values (1)) one
    left join conversation_state s on s.channel = for_channel and s.conversation_id = for_conversation_id
    left join handoff_request r on r.channel = for_channel and r.conversation_id = for_conversation_id
      and r.status in ('waiting', 'agent') and (r.left_at is null or r.status = 'agent');
  version := coalesce(version, 0);

  if as_member_id is not null then
    select m.id, m.display_name, m.locale into member_id, display_name, member_locale
    from member m where m.id = as_member_id and m.erased_at is null;
  else
    select m.id, m.display_name, m.locale into member_id, display_name, member_locale
    from channel_identity c join member m on m.id = c.member_id and m.erased_at is null
    where c.channel = for_channel and c.tenant_id = for_tenant_id and c.user_id = for_user_id;
  end if;
  return next;
end $$;

-- Saves what a turn leaves: the claim with its response, the state (compared and set), replies for the outbox and
-- activities for the Direct Line log; on channels without a log what was said and answered, for whoever takes over. Returns
-- the ids of the outbox rows, those of earlier rows of the conversation that still wait, and the number of the first activity
-- in the log.
create function turn_end(
  for_channel text, for_conversation_id text, for_activity_id text, expected_version integer,
  new_state jsonb, new_reference jsonb, new_response jsonb,
  outbox_activities jsonb, log_activities jsonb, now_at timestamptz, leased_until timestamptz,
  new_said text, new_replies jsonb,
  out outbox_ids bigint[], out earlier_ids bigint[], out first_seq bigint
) language plpgsql as $$
declare
  appended integer;
begin
  insert into inbox (channel, conversation_id, activity_id, received_at, response, said, replies)
  values (for_channel, for_conversation_id, for_activity_id, now_at, new_response, new_said, new_replies);

  if new_state is not null then
    insert into conversation_state as s (channel, conversation_id, version, state, reference, updated_at)
    values (for_channel, for_conversation_id, expected_version + 1, new_state, new_reference, now_at)
    on conflict (channel, conversation_id) do update
      set version = excluded.version, state = excluded.state, updated_at = excluded.updated_at,
        reference = coalesce(excluded.reference, s.reference)
      where s.version = expected_version;
    if not found then
      raise exception 'the state of this conversation is no longer at version %', expected_version
        using errcode = 'serialization_failure';
    end if;
  end if;

  if outbox_activities is not null then
    earlier_ids := array(
      select o.id from outbox o
      where o.channel = for_channel and o.conversation_id = for_conversation_id and o.status = 'pending'
      order by o.id limit 100
    );
    with added as (
      insert into outbox (channel, conversation_id, reference, activity, status, next_attempt_at, created_at)
      select for_channel, for_conversation_id, new_reference, a.value, 'pending', leased_until, now_at
      from jsonb_array_elements(outbox_activities) with ordinality a(value, place) order by a.place
      returning id
    )
    select array_agg(id order by id) into outbox_ids from added;
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
end $$;
