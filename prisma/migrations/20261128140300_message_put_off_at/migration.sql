-- When it was said that a message is to be looked at again at next_attempt_at; null: that is when it is due. What was said later than
-- now was said before the clock was set back, and does not hold.
alter table campaign_message add column put_off_at timestamptz(3);
create index campaign_message_put_off_idx on campaign_message (put_off_at) where status = 'queued' and put_off_at is not null;
