-- The row of the outbox that carries a campaign's message, to learn what became of it.
alter table campaign_message add column outbox_id bigint;
create index campaign_message_outbox_idx on campaign_message (outbox_id) where outbox_id is not null;

-- Where a chat user was last spoken with.
create index conversation_state_user_idx on conversation_state (channel, (reference #>> '{user,id}'));
create index directline_conversation_user_idx on directline_conversation (user_id);

-- When the last messages that we began were handed to channels, so that all processes together keep to the channels' pace.
create table send_pace (
  scope text primary key,
  granted_at timestamptz(3) not null
);

-- Adds one activity to the log of a web chat and returns its number, or null where there is no such conversation.
create function directline_append(for_conversation_id text, new_activity jsonb, now_at timestamptz) returns bigint
language plpgsql as $$
declare
  place bigint;
begin
  update directline_conversation set last_seq = last_seq + 1 where id = for_conversation_id returning last_seq into place;
  if not found then return null; end if;
  insert into directline_activity (conversation_id, seq, activity_id, activity, created_at)
  values (for_conversation_id, place, for_conversation_id || '|' || lpad(place::text, 7, '0'), new_activity, now_at);
  return place;
end $$;
