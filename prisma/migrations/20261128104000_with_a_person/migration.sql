-- Whoever waits for a person, or is with one, gets no message that the merchant begins. Who left a message does not wait.
create or replace function is_with_person(of_member text, of_channel text, of_conversation text) returns boolean
language sql stable as $$
  select exists (
    select from handoff_request open
    where open.status in ('waiting', 'agent') and (open.left_at is null or open.status = 'agent')
      and (open.member_id = of_member or (open.channel = of_channel and open.conversation_id = of_conversation))
  )
$$;
