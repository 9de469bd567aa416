-- Where a member speaks, or spoke: their own chats, whether the channel still takes messages or not, those in which they asked for a
-- person, and those they were written to. Who erases a member looks here.
create view chat_of_member as
select identity.member_id, identity.channel, web.id as conversation_id
from channel_identity identity join directline_conversation web on web.user_id = identity.user_id
where identity.channel = 'directline'
union all
select identity.member_id, identity.channel, spoken.conversation_id
from channel_identity identity
  join conversation_state spoken on spoken.channel = identity.channel
    and spoken.reference #>> '{user,id}' = identity.user_id
    and coalesce(spoken.reference #>> '{conversation,tenantId}', '') = identity.tenant_id
where identity.channel <> 'directline'
  and coalesce(spoken.reference #>> '{conversation,isGroup}', 'false') = 'false'
  and coalesce(spoken.reference #>> '{conversation,conversationType}', 'personal') = 'personal'
union all
select member_id, channel, conversation_id from handoff_request where member_id is not null
union all
select member_id, channel, conversation_id from campaign_message where conversation_id is not null;

-- Those who were erased are few, and looked up by each import and every night.
create index member_erased_idx on member (id) where erased_at is not null;
