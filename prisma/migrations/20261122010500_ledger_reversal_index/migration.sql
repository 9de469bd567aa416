-- Few transfers reverse another one: the others need no place in this index.
drop index transfer_reverses_transfer_id_idx;
create index transfer_reverses_idx on transfer (reverses_transfer_id) where reverses_transfer_id is not null;
