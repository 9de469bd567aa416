-- What is forgotten leaves room that later replies take, so that within days every part of the table holds all times of a day: an index by
-- parts of the table then leaves none of them out, and each hour every process read all of it.
drop index outbox_sent;
create index outbox_sent on outbox (sent_at) where status <> 'pending';
