-- Which experiments on wordings run comes with a turn's beginning: an answer need not ask.

-- Takes the conversation's lock until the transaction ends, and tells whether the activity was answered before, the state, the
-- open request for a person, who the chat user is, whose programme this is, and for a member the experiments on replies that run
-- and whether they have met their wording. `as_member_id` is given by callers in this process
-- that know the member (terminal chat). `balance_at`: the member's balance is going to be asked for. It comes along, unless
-- the lock had to be waited for: somebody may have changed it since that instant.
create or replace function turn_begin(
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
  experiments json;
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

  -- Mostly none runs.
  if found_member is not null and exists (select from experiment where kind = 'reply' and status = 'running') then
    select json_agg(json_build_object('id', running.id, 'code', running.code, 'reply', running.reply, 'arms', running.arms,
        'isMet', exists (select from exposure where exposure.experiment_id = running.id and exposure.member_id = found_member)))
      into experiments from experiment running where running.kind = 'reply' and running.status = 'running';
  end if;
  if at_once and balance_at is not null and found_member is not null then
    select row_to_json(ledger_balance) into balance from ledger_balance(found_member, balance_at);
  end if;
  return json_build_object('start', start, 'balance', balance, 'experiments', experiments);
end $$;
