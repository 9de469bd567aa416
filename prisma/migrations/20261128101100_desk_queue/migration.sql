-- The queue of those who wait for a person, and what is said while one is asked for.

-- Where somebody stands in the queue, the earliest first: a step of priority is worth three minutes of waiting, so that
-- nobody waits for ever behind those who come later.
create function desk_rank(priority integer, waiting_since timestamptz) returns timestamptz
language sql immutable as $$
  select waiting_since - priority * interval '3 minutes'
$$;

-- Whether somebody may be given a request without being asked: an empty list of skills is every skill, and what is not
-- known of a request (its topic, the tier of a stranger) is no obstacle. A team's requests are its own.
create function desk_fits(s staff, r handoff_request) returns boolean
language sql stable as $$
  select (s.languages = '{}' or r.locale = any(s.languages))
    and (s.topics = '{}' or r.topic is null or r.topic = any(s.topics))
    and (s.tiers = '{}' or r.tier_code is null or r.tier_code = any(s.tiers))
    and (r.team is null or r.team is not distinct from s.team)
$$;

-- Appends to what is said of a request and tells its place; the same key again tells the place that it has. Whoever calls
-- holds the conversation's lock.
create function desk_append(
  for_request_id bigint, new_author text, by_staff_id bigint, new_text text, new_data jsonb, new_external_id text,
  by_outbox_id bigint, now_at timestamptz
) returns bigint language plpgsql as $$
declare
  place bigint;
begin
  select m.seq into place from desk_message m where m.request_id = for_request_id and m.external_id = new_external_id;
  if found then return place; end if;
  update handoff_request r set last_seq = r.last_seq + 1,
    last_member_at = case when new_author = 'member' then now_at else r.last_member_at end,
    last_agent_at = case when new_author = 'agent' then now_at else r.last_agent_at end,
    first_reply_at = case when new_author = 'agent' then coalesce(r.first_reply_at, now_at) else r.first_reply_at end,
    unanswered_since = case new_author when 'member' then coalesce(r.unanswered_since, now_at)
      when 'agent' then null else r.unanswered_since end
  where r.id = for_request_id returning r.last_seq into place;
  insert into desk_message (request_id, seq, author, staff_id, text, data, external_id, outbox_id, at)
  values (for_request_id, place, new_author, by_staff_id, new_text, new_data, new_external_id, by_outbox_id, now_at);
  return place;
end $$;

-- Gives waiting requests to who is free: the first in the queue first, to whom nothing was given for longest. One process
-- at a time, so that nobody is given more than they can hold. A conversation in which somebody is just speaking is left for the
-- next time; a request goes by itself to nobody who let it lie before.
create function desk_route(now_at timestamptz, seen_after timestamptz)
returns table (request_id bigint, staff_id bigint) language plpgsql as $$
declare
  waiting handoff_request;
  held integer;
begin
  perform pg_advisory_xact_lock(72707370);
  for waiting in
    select r.* from handoff_request r where r.status = 'waiting' and r.external_desk is null
    order by r.left_at is not null, desk_rank(r.priority, r.waiting_since), r.id
  loop
    select s.id into staff_id from staff s
    where s.presence = 'online' and s.seen_at > seen_after and s.auto_accept and s.disabled_at is null
      and desk_fits(s, waiting)
      and (select count(*) from handoff_request h where h.staff_id = s.id and h.status = 'agent') < s.capacity
      and not exists (select from handoff_event e where e.request_id = waiting.id and e.kind = 'silent' and e.staff_id = s.id)
    order by s.assigned_at nulls first, s.id limit 1;
    continue when not found;
    continue when not pg_try_advisory_xact_lock(
      hashtextextended(waiting.channel || E'\x1f' || waiting.conversation_id, 0));
    -- Somebody who takes one by hand meanwhile is waited for, and counted.
    perform from staff s where s.id = desk_route.staff_id for update;
    select count(*) into held from handoff_request h where h.staff_id = desk_route.staff_id and h.status = 'agent';
    continue when held >= (select s.capacity from staff s where s.id = desk_route.staff_id);
    update handoff_request r set status = 'agent', staff_id = desk_route.staff_id, version = r.version + 1,
      accepted_at = now_at, unanswered_since = now_at, left_at = null
    where r.id = waiting.id and r.status = 'waiting' and r.version = waiting.version;
    continue when not found;
    update staff s set assigned_at = now_at where s.id = desk_route.staff_id;
    insert into handoff_event (request_id, kind, staff_id, to_staff_id, at)
    values (waiting.id, 'assigned', null, desk_route.staff_id, now_at);
    request_id := waiting.id;
    return next;
  end loop;
end $$;

-- Whose conversation it is, outside of a turn of theirs: the chat user as turns name them, and the member linked to them.
-- No row for a conversation that is not known; no member in a group.
create function conversation_person(for_channel text, for_conversation_id text)
returns table (user_id text, tenant_id text, member_id text, is_group boolean) language sql stable as $$
  select known.user_id, known.tenant_id, case when known.is_group then null else member.id end, known.is_group
  from (
    select case when for_channel = 'directline' then own.user_id else coalesce(s.reference #>> '{user,id}', '') end as user_id,
      case when for_channel = 'directline' then ''
        when for_channel in ('azure-directline', 'webchat') then 'conversation:' || for_conversation_id
        else coalesce(s.reference #>> '{conversation,tenantId}', '') end as tenant_id,
      coalesce(s.reference #>> '{conversation,isGroup}', '') = 'true'
        or coalesce(s.reference #>> '{conversation,conversationType}', '') in ('groupChat', 'channel') as is_group
    from conversation_state s
      left join directline_conversation own on for_channel = 'directline' and own.id = s.conversation_id
    where s.channel = for_channel and s.conversation_id = for_conversation_id
  ) known
    left join channel_identity i on i.channel = for_channel and i.tenant_id = known.tenant_id and i.user_id = known.user_id
    left join member on member.id = i.member_id and member.erased_at is null
$$;
