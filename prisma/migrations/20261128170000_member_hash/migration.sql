-- What decides where a member falls for a salt (see src/core/experiments/assign.ts). Bytes compare as buckets do, and making numbers of
-- them takes longer than hashing. Neither immutable nor strict, as convert_to is not the first: so it is inlined.
create function member_hash(salt text, member_id text) returns bytea
language sql stable parallel safe as $$
  select sha256(convert_to(salt || chr(31) || member_id, 'UTF8'))
$$;
create or replace function member_bucket(salt text, member_id text) returns float8
language sql stable parallel safe as $$
  select ('x' || encode(substr(member_hash(salt, member_id), 1, 6), 'hex'))::bit(48)::bigint::float8 / 281474976710656
$$;
