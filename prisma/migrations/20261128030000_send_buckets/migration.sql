-- What a channel was sent lately, and when we may send next: shared by all processes, so that together they keep its limits.
create table send_bucket (
  -- The channel and the tenant.
  scope text primary key,
  -- Instants in milliseconds since 1970, ascending: taken by messages sent lately, or about to be.
  slots double precision[] not null default '{}',
  -- The channel told us to wait till then.
  blocked_until timestamptz(3),
  -- The end of the line of those that found no slot: when the last of them is looked at again.
  line_until timestamptz(3)
);
drop table send_pace;

-- Messages of campaigns are sent by a sender of their own: what may have arrived is never sent again, also after a crash,
-- which the outbox of replies does not promise.
drop index campaign_message_outbox_idx;
alter table campaign_message drop column outbox_id;

-- The channel refused a message to them for good; holds until they speak there again.
alter table channel_identity add column unreachable_at timestamptz(3);

-- What was sent to a conversation lately, for the channel's limits of each.
create index outbox_thread_idx on outbox (channel, conversation_id, sent_at) where status <> 'pending';
-- When a member was sent something last; what is queued need not be in there.
drop index campaign_message_member_idx;
create index campaign_message_member_idx on campaign_message (member_id, sent_at) where sent_at is not null;
-- Nothing asks for a member's campaigns by time.
drop index campaign_member_member_idx;
create index campaign_message_thread_idx on campaign_message (channel, conversation_id, sent_at) where sent_at is not null;

-- Whether somebody waits for a person or talks to one, in which case no campaign may interrupt. The only place that knows.
create function is_with_person(of_member text, of_channel text, of_conversation text) returns boolean
language sql stable as $$
  select exists (
    select from handoff_request waiting
    where waiting.status = 'waiting' and (waiting.member_id = of_member
      or (waiting.channel = of_channel and waiting.conversation_id = of_conversation))
  )
$$;
