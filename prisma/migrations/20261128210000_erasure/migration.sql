-- Where a member speaks, or spoke: their own chats, whether the channel still takes messages or not, those in which they asked for a
-- person, and those they were written to. Who erases a member looks here.
-- Until when a member spoke in a chat: who goes on there after them, themselves as a stranger or another member, loses nothing. Their own
-- chats are theirs until now. Chats that they left by unlinking, and those at a terminal, are found by what they asked about in them.
create view chat_of_member as
select identity.member_id, identity.channel, web.id as conversation_id, 'infinity'::timestamptz as spoken_until
from channel_identity identity join directline_conversation web on web.user_id = identity.user_id
where identity.channel = 'directline'
union all
select identity.member_id, identity.channel, spoken.conversation_id, 'infinity'
from channel_identity identity
  join conversation_state spoken on spoken.channel = identity.channel
    and spoken.reference #>> '{user,id}' = identity.user_id
    and coalesce(spoken.reference #>> '{conversation,tenantId}', '') = identity.tenant_id
where identity.channel <> 'directline'
  and coalesce(spoken.reference #>> '{conversation,isGroup}', 'false') = 'false'
  and coalesce(spoken.reference #>> '{conversation,conversationType}', 'personal') = 'personal'
union all
-- While a person still has it, it is spoken in.
select request.member_id, request.channel, request.conversation_id, coalesce(request.closed_at, member.erased_at)
from handoff_request request join member on member.id = request.member_id
union all
select message.member_id, message.channel, message.conversation_id, coalesce(message.sent_at, member.erased_at)
from campaign_message message join member on member.id = message.member_id
where message.conversation_id is not null
union all
-- A conversation at a terminal is of one member from its beginning to its end.
select asked.member_id, place.channel, place.conversation_id, case when place.channel = 'cli' then 'infinity' else asked.at end
from consultation asked
  cross join lateral (
    -- The key of a turn: channel|conversation|activity.
    select split_part(asked.external_id, '|', 1), split_part(asked.external_id, '|', 2)
    where split_part(asked.external_id, '|', 3) <> ''
  ) place (channel, conversation_id)
  left join conversation_state state on state.channel = place.channel and state.conversation_id = place.conversation_id
where coalesce(state.reference #>> '{conversation,isGroup}', 'false') = 'false'
  and coalesce(state.reference #>> '{conversation,conversationType}', 'personal') = 'personal';

-- Those who were erased are few, and looked up by each import and every night.
create index member_erased_idx on member (id) where erased_at is not null;
