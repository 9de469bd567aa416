-- When each of these was written: what was written later than now was written before the clock was set back, and does not hold.
alter table send_bucket add column blocked_at timestamptz(3), add column line_at timestamptz(3);
