-- An offer whose message was dropped or given up before anything was given: what it was to cost is free again for others of the
-- campaign, once, as this says.
alter table campaign_message drop constraint campaign_message_gift_check;
alter table campaign_message add constraint campaign_message_gift_check check (gift in ('given', 'taken-back', 'kept', 'not-given'));
