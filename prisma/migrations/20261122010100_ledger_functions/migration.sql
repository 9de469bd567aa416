-- The ledger's writes: one function, one round trip, for each. Every one of them
--   1. locks the member's account row (then, where there is one, the coupon's): the order that excludes deadlocks;
--   2. answers a key (source, external_id) that was recorded before with what it did then, or refuses it when the input
--      differs. Times are not part of the input: a retry comes later by nature, and rules derive times from the clock;
--   3. settles what time did to the account since;
--   4. refuses by a code, having changed nothing else, or writes a transfer with its entries.
-- Written for READ COMMITTED: each statement must see what was committed while the lock was waited for.

create type ledger_answer as (
  code text,              -- 'ok', or why not
  transfer_id bigint,
  points bigint,
  shortfall bigint,       -- of a reversal: points that were already spent and are owed now
  available bigint,       -- balances after the transfer; for a refusal: as they are
  pending bigint,
  held bigint,
  owed bigint,
  left_to_reverse bigint, -- for 'exceeds-original'
  hold_status text,       -- for 'hold-ended'
  replayed boolean        -- the key was recorded before; nothing was done now
);

-- ---------------------------------------------------------------- inside

-- What the hash chain says of a transfer.
create function ledger_digest(t transfer) returns bytea language sql stable as $$
  select sha256(convert_to(row(
    t.id, t.member_id, t.kind, t.source, t.external_id, encode(t.input_hash, 'hex'), t.points, t.shortfall,
    (extract(epoch from t.occurred_at) * 1000)::bigint, (extract(epoch from t.recorded_at) * 1000)::bigint,
    t.order_id, t.coupon_id, t.reverses_transfer_id, t.note)::text, 'UTF8'))
$$;

-- The chain's link: an entry's hash covers the one before it, its transfer and itself.
create function ledger_link(p_prev bytea, p_digest bytea, p_seq bigint, p_account text, p_amount bigint) returns bytea
language sql immutable as $$
  select sha256(p_prev || p_digest || int8send(p_seq) || convert_to(p_account, 'UTF8') || int8send(p_amount))
$$;

create function ledger_genesis(p_member text) returns bytea language sql immutable as $$
  select sha256(convert_to('member ' || p_member, 'UTF8'))
$$;

-- Locks the member's account, made at first use. All null for an unknown member.
create function ledger_lock(p_member text) returns member_account language plpgsql as $$
declare
  a member_account;
begin
  select * into a from member_account where member_id = p_member for update;
  if not found then
    insert into member_account (member_id, head_hash) select id, ledger_genesis(id) from member where id = p_member
    on conflict do nothing;
    select * into a from member_account where member_id = p_member for update;
  end if;
  return a;
end $$;

-- Writes a transfer's entries (only legs that are not 0) and the account's row. The amounts must sum to 0.
-- owed is a member's account too: its balance is minus the debt.
create function ledger_enter(
  a member_account, t transfer,
  available bigint default 0, pending bigint default 0, held bigint default 0, owed bigint default 0,
  issued bigint default 0, redeemed bigint default 0, expired bigint default 0, adjusted bigint default 0
) returns member_account language plpgsql as $$
declare
  v_names constant text[] := array['issued', 'redeemed', 'expired', 'adjusted', 'owed', 'held', 'pending', 'available'];
  v_amounts constant bigint[] := array[issued, redeemed, expired, adjusted, owed, held, pending, available];
  v_digest constant bytea := ledger_digest(t);
  v_first constant bigint := a.entry_seq;
  v_leg_names text[] := '{}';
  v_leg_amounts bigint[] := '{}';
  v_hashes bytea[] := array[a.head_hash];
begin
  for i in 1..8 loop
    continue when v_amounts[i] = 0;
    a.entry_seq := a.entry_seq + 1;
    a.head_hash := ledger_link(a.head_hash, v_digest, a.entry_seq, v_names[i], v_amounts[i]);
    v_leg_names := v_leg_names || v_names[i];
    v_leg_amounts := v_leg_amounts || v_amounts[i];
    v_hashes := v_hashes || a.head_hash;
  end loop;
  insert into entry (member_id, seq, transfer_id, account, amount, prev_hash, hash)
    select a.member_id, v_first + i, t.id, v_leg_names[i], v_leg_amounts[i], v_hashes[i], v_hashes[i + 1]
    from generate_series(1, a.entry_seq - v_first) i;
  a.available := a.available + available;
  a.pending := a.pending + pending;
  a.held := a.held + held;
  a.owed := a.owed - owed;
  update member_account m
    set available = a.available, pending = a.pending, held = a.held, owed = a.owed,
        entry_seq = a.entry_seq, head_hash = a.head_hash, due_at = a.due_at
    where m.member_id = a.member_id;
  return a;
end $$;

-- Takes points out of the member's lots, soonest to expire first, and records which. The caller has checked that they are
-- there. Returns how many of them were pending ones.
create function ledger_take(p_member text, p_points bigint, p_transfer bigint, p_also_pending boolean default false)
returns bigint language plpgsql as $$
declare
  v_pending bigint;
begin
  with line as (
    select id, remaining, released_at is null as is_pending,
           sum(remaining) over (order by expires_at nulls last, id) - remaining as before
    from lot where member_id = p_member and remaining > 0 and (released_at is not null or p_also_pending)
  ), taken as (
    update lot set remaining = lot.remaining - least(line.remaining, p_points - line.before)
    from line where lot.id = line.id and line.before < p_points
    returning lot.id, least(line.remaining, p_points - line.before) as amount, line.is_pending
  ), used as (
    insert into lot_use (member_id, lot_id, transfer_id, amount) select p_member, id, p_transfer, amount from taken
  )
  select coalesce(sum(amount) filter (where is_pending), 0) into v_pending from taken;
  return v_pending;
end $$;

-- Gives points back to the lots that paid for p_uses_of, the latest to expire first, less what reversals of p_reversed gave
-- back before. Points of a lot that has expired by p_now don't come back to life in it: they count as expired from it
-- (p_stay_expired) or leave it for a new lot that the caller makes. Returns how many those are.
create function ledger_give_back(
  p_uses_of bigint, p_reversed bigint, p_points bigint, p_transfer bigint, p_now timestamptz, p_stay_expired boolean
) returns bigint language plpgsql as $$
declare
  v_dead bigint;
begin
  with returned as (
    select u.lot_id, -sum(u.amount) as amount
    from transfer r join lot_use u on u.transfer_id = r.id
    where r.reverses_transfer_id = p_reversed and u.amount < 0 group by u.lot_id
  ), origin as (
    select u.lot_id, sum(u.amount) - coalesce(max(r.amount), 0) as amount
    from lot_use u left join returned r on r.lot_id = u.lot_id
    where u.transfer_id = p_uses_of and u.amount > 0 group by u.lot_id
  ), line as (
    select lot.id, origin.amount, coalesce(lot.expires_at <= p_now, false) as is_dead,
           sum(origin.amount) over (order by lot.expires_at desc nulls first, lot.id desc) - origin.amount as before
    from origin join lot on lot.id = origin.lot_id where origin.amount > 0
  ), part as (
    select id, is_dead, least(amount, p_points - before)::bigint as amount from line where before < p_points
  ), lots as (
    update lot
    set remaining = lot.remaining + case when part.is_dead then 0 else part.amount end,
        expired = lot.expired + case when part.is_dead and p_stay_expired then part.amount else 0 end
    from part where part.id = lot.id returning lot.id, lot.member_id
  ), used as (
    insert into lot_use (member_id, lot_id, transfer_id, amount)
    select lots.member_id, part.id, p_transfer, leg.amount
    from part join lots on lots.id = part.id
    cross join lateral (values (-part.amount), (case when part.is_dead then part.amount else 0 end)) leg (amount)
    where leg.amount <> 0
  )
  select coalesce(sum(amount) filter (where is_dead), 0) into v_dead from part;
  return v_dead;
end $$;

-- Records a transfer. All null when the key is another member's.
create function ledger_transfer(
  p_member text, p_kind text, p_source text, p_external text, p_input bytea, p_points bigint,
  p_occurred timestamptz, p_recorded timestamptz,
  p_order bigint default null, p_coupon text default null, p_reverses bigint default null,
  p_shortfall bigint default 0, p_note text default null
) returns transfer language plpgsql as $$
declare
  t transfer;
begin
  insert into transfer (member_id, kind, source, external_id, input_hash, points, occurred_at, recorded_at,
                        order_id, coupon_id, reverses_transfer_id, shortfall, note)
  values (p_member, p_kind, p_source, p_external, p_input, p_points, p_occurred, p_recorded,
          p_order, p_coupon, p_reverses, p_shortfall, p_note)
  on conflict (source, external_id) do nothing returning * into t;
  return t;
end $$;

create function ledger_refusal(a member_account, p_code text) returns ledger_answer language plpgsql as $$
declare
  r ledger_answer;
begin
  r.code := p_code;
  r.available := a.available;
  r.pending := a.pending;
  r.held := a.held;
  r.owed := a.owed;
  r.replayed := false;
  return r;
end $$;

create function ledger_receipt(a member_account, t transfer) returns ledger_answer language plpgsql as $$
declare
  r ledger_answer := ledger_refusal(a, 'ok');
begin
  r.transfer_id := t.id;
  r.points := t.points;
  r.shortfall := t.shortfall;
  return r;
end $$;

-- The receipt of a transfer recorded before, with the balances of then; or 'key-reused'.
create function ledger_replay(a member_account, t transfer, p_input bytea) returns ledger_answer language plpgsql as $$
declare
  r ledger_answer;
begin
  if t.id is null or t.member_id <> a.member_id or t.input_hash <> p_input then
    return ledger_refusal(a, 'key-reused');
  end if;
  r := ledger_receipt(a, t);
  select coalesce(sum(amount) filter (where account = 'available'), 0),
         coalesce(sum(amount) filter (where account = 'pending'), 0),
         coalesce(sum(amount) filter (where account = 'held'), 0),
         coalesce(-sum(amount) filter (where account = 'owed'), 0)
    into r.available, r.pending, r.held, r.owed
    from entry
    where member_id = t.member_id and seq <= (select max(seq) from entry where transfer_id = t.id);
  r.replayed := true;
  return r;
end $$;

-- ---------------------------------------------------------------- time

-- Ends an open hold without posting it: its points go back to their lots, pay a debt first, and stay expired where their
-- lot expired meanwhile (so that parking points cannot lengthen their life).
create function ledger_end_hold(
  a member_account, h hold, t transfer, p_status text, p_at timestamptz
) returns member_account language plpgsql as $$
declare
  v_dead bigint := ledger_give_back(h.transfer_id, null, h.points, t.id, p_at, true);
  v_repaid bigint := least(a.owed, h.points - v_dead);
begin
  update hold set status = p_status, ended_transfer_id = t.id, ended_at = p_at where id = h.id;
  if v_repaid > 0 then
    perform ledger_take(a.member_id, v_repaid, t.id);
  end if;
  return ledger_enter(a, t, held => -h.points, expired => v_dead, owed => v_repaid, available => h.points - v_dead - v_repaid);
end $$;

-- Does what time did to a locked account up to p_now: open holds expire, pending lots become available, lots expire.
create function ledger_settle(a member_account, p_now timestamptz) returns member_account language plpgsql as $$
declare
  h hold;
  l lot;
  t transfer;
  v_key text;
begin
  for h in select * from hold where member_id = a.member_id and status = 'open' and expires_at <= p_now
           order by expires_at, id loop
    v_key := 'hold:' || h.id;
    t := ledger_transfer(a.member_id, 'void', 'ledger', v_key, sha256(convert_to(v_key, 'UTF8')), h.points, h.expires_at, p_now);
    a := ledger_end_hold(a, h, t, 'expired', h.expires_at);
  end loop;
  for l in select * from lot where member_id = a.member_id and released_at is null and available_at <= p_now
           order by available_at, id loop
    update lot set released_at = p_now where id = l.id;
    continue when l.remaining = 0;
    v_key := 'release:' || l.id;
    t := ledger_transfer(a.member_id, 'release', 'ledger', v_key, sha256(convert_to(v_key, 'UTF8')), l.remaining, l.available_at, p_now);
    a := ledger_enter(a, t, pending => -l.remaining, available => l.remaining);
  end loop;
  for l in select * from lot where member_id = a.member_id and expired_at is null and expires_at <= p_now
           order by expires_at, id loop
    update lot set remaining = 0, expired = lot.expired + l.remaining, expired_at = p_now where id = l.id;
    continue when l.remaining = 0;
    v_key := 'expire:' || l.id;
    t := ledger_transfer(a.member_id, 'expire', 'ledger', v_key, sha256(convert_to(v_key, 'UTF8')), l.remaining, l.expires_at, p_now);
    insert into lot_use (member_id, lot_id, transfer_id, amount) values (a.member_id, l.id, t.id, l.remaining);
    a := ledger_enter(a, t, available => -l.remaining, expired => l.remaining);
  end loop;
  select min(instant) into a.due_at from (
    select case when released_at is null then available_at else expires_at end as instant
    from lot where member_id = a.member_id and expired_at is null
    union all
    select expires_at from hold where member_id = a.member_id and status = 'open'
  ) due;
  update member_account set due_at = a.due_at where member_id = a.member_id;
  return a;
end $$;

-- Settles up to p_limit accounts that are due and not locked by others. Returns how many.
create function ledger_settle_due(p_now timestamptz, p_limit int) returns int language plpgsql as $$
declare
  a member_account;
  v_count int := 0;
begin
  for a in select * from member_account where due_at <= p_now order by due_at, member_id limit p_limit
           for update skip locked loop
    perform ledger_settle(a, p_now);
    v_count := v_count + 1;
  end loop;
  return v_count;
end $$;

-- ---------------------------------------------------------------- earn, burn, adjust

-- Refusals: invalid-amount, invalid-expiry, unknown-member, key-reused.
create function ledger_earn(
  p_member text, p_points bigint, p_source text, p_external text, p_order bigint, p_note text,
  p_occurred timestamptz, p_available timestamptz, p_expires timestamptz, p_now timestamptz
) returns ledger_answer language plpgsql as $$
declare
  v_input constant bytea := sha256(convert_to(row('earn', p_member, p_points, p_order)::text, 'UTF8'));
  a member_account := ledger_lock(p_member);
  t transfer;
  v_is_pending constant boolean := p_available > p_now;
  v_lot bigint;
  v_repaid bigint;
begin
  if a.member_id is null then return ledger_refusal(a, 'unknown-member'); end if;
  select * into t from transfer where source = p_source and external_id = p_external;
  if found then return ledger_replay(a, t, v_input); end if;
  if not coalesce(p_points between 1 and 1000000000000, false)
     or a.available + a.pending + a.held + p_points > 1000000000000000 then
    return ledger_refusal(a, 'invalid-amount');
  end if;
  if p_expires <= p_available or p_expires <= p_now then return ledger_refusal(a, 'invalid-expiry'); end if;
  if a.due_at <= p_now then a := ledger_settle(a, p_now); end if;
  t := ledger_transfer(p_member, 'earn', p_source, p_external, v_input, p_points, p_occurred, p_now, p_order, p_note => p_note);
  if t.id is null then return ledger_refusal(a, 'key-reused'); end if;
  v_repaid := least(a.owed, p_points);
  insert into lot (member_id, transfer_id, earned, remaining, available_at, expires_at, released_at)
    values (p_member, t.id, p_points, p_points - v_repaid, p_available, p_expires, case when not v_is_pending then p_now end)
    returning id into v_lot;
  if v_repaid > 0 then
    insert into lot_use (member_id, lot_id, transfer_id, amount) values (p_member, v_lot, t.id, v_repaid);
  end if;
  a.due_at := least(a.due_at, case when v_is_pending then p_available else p_expires end);
  a := ledger_enter(a, t, issued => -p_points, owed => v_repaid,
                    pending => case when v_is_pending then p_points - v_repaid else 0 end,
                    available => case when v_is_pending then 0 else p_points - v_repaid end);
  return ledger_receipt(a, t);
end $$;

-- Refusals: invalid-amount, unknown-member, key-reused, insufficient-points.
create function ledger_burn(
  p_member text, p_points bigint, p_source text, p_external text, p_order bigint, p_note text, p_now timestamptz
) returns ledger_answer language plpgsql as $$
declare
  v_input constant bytea := sha256(convert_to(row('burn', p_member, p_points, p_order)::text, 'UTF8'));
  a member_account := ledger_lock(p_member);
  t transfer;
begin
  if a.member_id is null then return ledger_refusal(a, 'unknown-member'); end if;
  select * into t from transfer where source = p_source and external_id = p_external;
  if found then return ledger_replay(a, t, v_input); end if;
  if not coalesce(p_points between 1 and 1000000000000, false) then return ledger_refusal(a, 'invalid-amount'); end if;
  if a.due_at <= p_now then a := ledger_settle(a, p_now); end if;
  if a.available < p_points then return ledger_refusal(a, 'insufficient-points'); end if;
  t := ledger_transfer(p_member, 'burn', p_source, p_external, v_input, p_points, p_now, p_now, p_order, p_note => p_note);
  if t.id is null then return ledger_refusal(a, 'key-reused'); end if;
  perform ledger_take(p_member, p_points, t.id);
  a := ledger_enter(a, t, available => -p_points, redeemed => p_points);
  return ledger_receipt(a, t);
end $$;

-- Gives (a new lot, p_expires null for never; pays a debt first) or takes available points, with a note that says why.
-- Refusals: invalid-amount, invalid-expiry, unknown-member, key-reused, insufficient-points.
create function ledger_adjust(
  p_member text, p_points bigint, p_source text, p_external text, p_note text, p_expires timestamptz, p_now timestamptz
) returns ledger_answer language plpgsql as $$
declare
  v_input constant bytea := sha256(convert_to(row('adjust', p_member, p_points, p_note)::text, 'UTF8'));
  a member_account := ledger_lock(p_member);
  t transfer;
  v_lot bigint;
  v_repaid bigint;
begin
  if a.member_id is null then return ledger_refusal(a, 'unknown-member'); end if;
  select * into t from transfer where source = p_source and external_id = p_external;
  if found then return ledger_replay(a, t, v_input); end if;
  if not coalesce(abs(p_points) between 1 and 1000000000000, false)
     or a.available + a.pending + a.held + p_points > 1000000000000000 then
    return ledger_refusal(a, 'invalid-amount');
  end if;
  if p_points > 0 and p_expires <= p_now then return ledger_refusal(a, 'invalid-expiry'); end if;
  if a.due_at <= p_now then a := ledger_settle(a, p_now); end if;
  if a.available + p_points < 0 then return ledger_refusal(a, 'insufficient-points'); end if;
  t := ledger_transfer(p_member, 'adjust', p_source, p_external, v_input, p_points, p_now, p_now, p_note => p_note);
  if t.id is null then return ledger_refusal(a, 'key-reused'); end if;
  if p_points < 0 then
    perform ledger_take(p_member, -p_points, t.id);
    a := ledger_enter(a, t, available => p_points, adjusted => -p_points);
    return ledger_receipt(a, t);
  end if;
  v_repaid := least(a.owed, p_points);
  insert into lot (member_id, transfer_id, earned, remaining, available_at, expires_at, released_at)
    values (p_member, t.id, p_points, p_points - v_repaid, p_now, p_expires, p_now) returning id into v_lot;
  if v_repaid > 0 then
    insert into lot_use (member_id, lot_id, transfer_id, amount) values (p_member, v_lot, t.id, v_repaid);
  end if;
  a.due_at := least(a.due_at, p_expires);
  a := ledger_enter(a, t, adjusted => -p_points, owed => v_repaid, available => p_points - v_repaid);
  return ledger_receipt(a, t);
end $$;

-- ---------------------------------------------------------------- reverse

-- Takes back an earn, in whole or in part: what is left of it in its lot, then what expired out of that lot (which the member
-- has lost already), then other lots soonest to expire, pending ones too; the rest is owed.
create function ledger_reverse_earn(a member_account, o transfer, t transfer) returns member_account language plpgsql as $$
declare
  l lot;
  v_own bigint;
  v_gone bigint;
  v_others bigint;
  v_others_pending bigint := 0;
begin
  select * into strict l from lot where transfer_id = o.id;
  v_own := least(l.remaining, t.points);
  v_gone := least(l.expired, t.points - v_own);
  v_others := t.points - v_own - v_gone - t.shortfall;
  if v_own + v_gone > 0 then
    update lot set remaining = remaining - v_own, expired = expired - v_gone where id = l.id;
    insert into lot_use (member_id, lot_id, transfer_id, amount)
      select a.member_id, l.id, t.id, leg.amount from (values (v_own), (-v_gone), (v_gone)) leg (amount) where leg.amount <> 0;
  end if;
  if v_others > 0 then
    v_others_pending := ledger_take(a.member_id, v_others, t.id, true);
  end if;
  v_own := case when l.released_at is null then v_own else 0 end;
  return ledger_enter(a, t, issued => t.points, expired => -v_gone, owed => -t.shortfall,
                      pending => -v_own - v_others_pending,
                      available => -(t.points - v_gone - t.shortfall - v_own - v_others_pending));
end $$;

-- Gives back a burn's points, in whole or in part, to the lots they came from. Those of a lot that has expired since live
-- another 30 days in a new lot: whoever takes back what was bought must not cost the member points.
create function ledger_reverse_burn(a member_account, o transfer, t transfer) returns member_account language plpgsql as $$
declare
  v_grace constant interval := interval '720 hours';
  v_uses_of bigint := o.id;
  v_dead bigint;
  v_repaid bigint := least(a.owed, t.points);
begin
  if o.kind = 'post' then
    select transfer_id into strict v_uses_of from hold where ended_transfer_id = o.id;
  end if;
  v_dead := ledger_give_back(v_uses_of, o.id, t.points, t.id, t.recorded_at, false);
  if v_dead > 0 then
    insert into lot (member_id, transfer_id, earned, remaining, available_at, expires_at, released_at)
      values (a.member_id, t.id, v_dead, v_dead, t.recorded_at, t.recorded_at + v_grace, t.recorded_at);
    a.due_at := least(a.due_at, t.recorded_at + v_grace);
  end if;
  if v_repaid > 0 then
    perform ledger_take(a.member_id, v_repaid, t.id);
  end if;
  return ledger_enter(a, t, redeemed => -t.points, owed => v_repaid, available => t.points - v_repaid);
end $$;

-- p_points null: all that is left of the original. What paid for a coupon is reversed by voiding its code instead.
-- Refusals: unknown-transfer, not-reversible, invalid-amount, exceeds-original, key-reused.
create function ledger_reverse(
  p_of_source text, p_of_external text, p_points bigint, p_source text, p_external text, p_order bigint, p_note text,
  p_occurred timestamptz, p_now timestamptz
) returns ledger_answer language plpgsql as $$
declare
  a member_account;
  o transfer;
  t transfer;
  r ledger_answer;
  v_input bytea;
  v_left bigint;
  v_points bigint;
  v_shortfall bigint := 0;
begin
  select * into o from transfer where source = p_of_source and external_id = p_of_external;
  if not found then return ledger_refusal(a, 'unknown-transfer'); end if;
  v_input := sha256(convert_to(row('reverse', p_of_source, p_of_external, p_points, p_order)::text, 'UTF8'));
  a := ledger_lock(o.member_id);
  select * into t from transfer where source = p_source and external_id = p_external;
  if found then return ledger_replay(a, t, v_input); end if;
  if o.kind not in ('earn', 'burn', 'post') or o.coupon_id is not null then return ledger_refusal(a, 'not-reversible'); end if;
  if not (p_points between 1 and 1000000000000) then return ledger_refusal(a, 'invalid-amount'); end if;
  if a.due_at <= p_now then a := ledger_settle(a, p_now); end if;
  select o.points - coalesce(sum(points), 0) into v_left from transfer where reverses_transfer_id = o.id;
  v_points := coalesce(p_points, v_left);
  if v_points > v_left or v_points = 0 then
    r := ledger_refusal(a, 'exceeds-original');
    r.left_to_reverse := v_left;
    return r;
  end if;
  if o.kind = 'earn' then
    select greatest(0, v_points - least(expired, v_points) - a.available - a.pending) into v_shortfall
      from lot where transfer_id = o.id;
  end if;
  t := ledger_transfer(o.member_id, 'reverse', p_source, p_external, v_input, v_points, p_occurred, p_now,
                       coalesce(p_order, o.order_id), null, o.id, v_shortfall, p_note);
  if t.id is null then return ledger_refusal(a, 'key-reused'); end if;
  if o.kind = 'earn' then
    a := ledger_reverse_earn(a, o, t);
  else
    a := ledger_reverse_burn(a, o, t);
  end if;
  return ledger_receipt(a, t);
end $$;

-- ---------------------------------------------------------------- holds

-- Sets points aside until p_expires. Refusals: invalid-amount, invalid-expiry, unknown-member, key-reused, insufficient-points.
create function ledger_hold(
  p_member text, p_points bigint, p_source text, p_external text, p_note text, p_expires timestamptz, p_now timestamptz
) returns ledger_answer language plpgsql as $$
declare
  v_input constant bytea := sha256(convert_to(row('hold', p_member, p_points)::text, 'UTF8'));
  a member_account := ledger_lock(p_member);
  t transfer;
begin
  if a.member_id is null then return ledger_refusal(a, 'unknown-member'); end if;
  select * into t from transfer where source = p_source and external_id = p_external;
  if found then return ledger_replay(a, t, v_input); end if;
  if not coalesce(p_points between 1 and 1000000000000, false) then return ledger_refusal(a, 'invalid-amount'); end if;
  if not coalesce(p_expires > p_now, false) then return ledger_refusal(a, 'invalid-expiry'); end if;
  if a.due_at <= p_now then a := ledger_settle(a, p_now); end if;
  if a.available < p_points then return ledger_refusal(a, 'insufficient-points'); end if;
  t := ledger_transfer(p_member, 'hold', p_source, p_external, v_input, p_points, p_now, p_now, p_note => p_note);
  if t.id is null then return ledger_refusal(a, 'key-reused'); end if;
  perform ledger_take(p_member, p_points, t.id);
  insert into hold (member_id, transfer_id, points, status, expires_at) values (p_member, t.id, p_points, 'open', p_expires);
  a.due_at := least(a.due_at, p_expires);
  a := ledger_enter(a, t, available => -p_points, held => p_points);
  return ledger_receipt(a, t);
end $$;

-- Ends a hold: p_kind 'post' spends its points, 'void' gives them back. Refusals: unknown-hold, hold-ended, key-reused.
create function ledger_hold_end(
  p_kind text, p_hold_source text, p_hold_external text, p_source text, p_external text, p_note text, p_now timestamptz
) returns ledger_answer language plpgsql as $$
declare
  a member_account;
  t transfer;
  h hold;
  r ledger_answer;
  v_input bytea;
begin
  select hold.* into h from transfer join hold on hold.transfer_id = transfer.id
    where source = p_hold_source and external_id = p_hold_external;
  if not found then return ledger_refusal(a, 'unknown-hold'); end if;
  v_input := sha256(convert_to(row(p_kind, h.id)::text, 'UTF8'));
  a := ledger_lock(h.member_id);
  select * into t from transfer where source = p_source and external_id = p_external;
  if found then return ledger_replay(a, t, v_input); end if;
  if a.due_at <= p_now then a := ledger_settle(a, p_now); end if;
  select * into h from hold where id = h.id;
  if h.status <> 'open' then
    r := ledger_refusal(a, 'hold-ended');
    r.hold_status := h.status;
    return r;
  end if;
  t := ledger_transfer(h.member_id, p_kind, p_source, p_external, v_input, h.points, p_now, p_now, p_note => p_note);
  if t.id is null then return ledger_refusal(a, 'key-reused'); end if;
  if p_kind = 'post' then
    update hold set status = 'posted', ended_transfer_id = t.id, ended_at = p_now where id = h.id;
    a := ledger_enter(a, t, held => -h.points, redeemed => h.points);
  else
    a := ledger_end_hold(a, h, t, 'voided', p_now);
  end if;
  return ledger_receipt(a, t);
end $$;

-- ---------------------------------------------------------------- reading

-- The balance at p_at (not before the last write), from lots and holds, right whether or not what is due was settled.
-- A debt is there beside points only when a hold is over and not settled: it is paid first, with the soonest to expire.
create function ledger_balance(p_member text, p_at timestamptz) returns table (
  available bigint, pending bigint, held bigint, owed bigint,
  expiry_points bigint, expiry_at timestamptz, next_points bigint, next_at timestamptz
) language sql stable as $$
  with live as (
    select remaining, available_at > p_at and released_at is null as is_pending, available_at, expires_at
    from lot
    where member_id = p_member and remaining > 0 and (expires_at is null or expires_at > p_at)
    union all
    -- Points of holds that are over come back to their lots, unless the lot is over too.
    select lot_use.amount, false, null, lot.expires_at
    from hold join lot_use on lot_use.transfer_id = hold.transfer_id join lot on lot.id = lot_use.lot_id
    where hold.member_id = p_member and hold.status = 'open' and hold.expires_at <= p_at
      and (lot.expires_at is null or lot.expires_at > p_at)
  ), totals as (
    select coalesce(sum(remaining) filter (where not is_pending), 0)::bigint as free,
           coalesce(sum(remaining) filter (where is_pending), 0)::bigint as pending,
           coalesce((select member_account.owed from member_account where member_id = p_member), 0) as debt,
           (select coalesce(sum(points), 0)::bigint from hold where member_id = p_member and status = 'open' and expires_at > p_at) as held
    from live
  ), expiry as (
    select expires_at, sum(sum(remaining)) over (order by expires_at) - debt as left_by_then, sum(remaining) as points
    from live, totals where not is_pending and expires_at is not null group by expires_at, debt
  )
  select greatest(0, free - debt), totals.pending, totals.held, greatest(0, debt - free),
         least(expiry.points, expiry.left_by_then)::bigint, expiry.expires_at, next.points, next.available_at
  from totals
  left join lateral (select * from expiry where left_by_then > 0 order by expires_at limit 1) expiry on true
  left join lateral (
    select available_at, sum(remaining)::bigint as points from live where is_pending group by available_at order by available_at limit 1
  ) next on true
$$;
