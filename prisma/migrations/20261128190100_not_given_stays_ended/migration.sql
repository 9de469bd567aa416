-- What an offer was to cost is free for others once its message ended without it. So that message never leaves any more: put back into
-- the queue by hand it would give what the budget does not hold, and nobody would take it back.
alter table campaign_message add constraint campaign_message_not_given_check
  check (gift is distinct from 'not-given' or status in ('dropped', 'failed', 'dead'));
