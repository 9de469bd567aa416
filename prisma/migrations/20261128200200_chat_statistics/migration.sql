-- The view member_chat asks for what stands in the reference of a conversation. Without a picture of it the server takes nearly all of them
-- for groups, and goes through an audience as if nobody could be reached.
create statistics conversation_state_is_group on (coalesce(reference #>> '{conversation,isGroup}', 'false')) from conversation_state;
create statistics conversation_state_type on (coalesce(reference #>> '{conversation,conversationType}', 'personal')) from conversation_state;
create statistics conversation_state_tenant on (coalesce(reference #>> '{conversation,tenantId}', '')) from conversation_state;
analyze conversation_state;
