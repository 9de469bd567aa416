-- Where each member was spoken with alone and can be written to, for whoever plans messages and whoever sends them.
create view member_chat as
select identity.member_id, identity.channel, identity.tenant_id, place.conversation_id, place.reference, place.seen_at
from channel_identity identity
  cross join lateral (
    select web.id as conversation_id, null::jsonb as reference, coalesce(spoken.updated_at, web.created_at) as seen_at
    from directline_conversation web
      left join conversation_state spoken on spoken.channel = 'directline' and spoken.conversation_id = web.id
    where identity.channel = 'directline' and web.user_id = identity.user_id
    union all
    select spoken.conversation_id, spoken.reference, spoken.updated_at
    from conversation_state spoken
    where identity.channel <> 'directline' and spoken.channel = identity.channel
      and spoken.reference #>> '{user,id}' = identity.user_id
      and coalesce(spoken.reference #>> '{conversation,tenantId}', '') = identity.tenant_id
      and coalesce(spoken.reference #>> '{conversation,isGroup}', 'false') = 'false'
      and coalesce(spoken.reference #>> '{conversation,conversationType}', 'personal') = 'personal'
  ) place
-- Where the channel refused us, not before they speak there again.
where identity.unreachable_at is null or place.seen_at > identity.unreachable_at;
