-- Coupons: redeeming, using and voiding, one round trip each. Locks: the member's account, then the coupon.

create type coupon_answer as (
  code text,              -- 'ok', or why not
  transfer_id bigint,
  points bigint,          -- spent; for 'insufficient-points': what it would cost
  quantity int,
  codes text[],
  expires_at timestamptz, -- of the codes; for 'coupon-ended': when it ended
  starts_at timestamptz,  -- for 'coupon-not-started'
  available bigint,       -- after the redemption; for a refusal: as it is
  left_over int,          -- for 'coupon-sold-out' and 'coupon-member-limit': how many could still be had
  min_tier_rank int,      -- for 'tier-too-low'
  replayed boolean
);

create function coupon_replay(a member_account, t transfer, p_input bytea) returns coupon_answer language plpgsql as $$
declare
  r coupon_answer;
  v_ledger ledger_answer := ledger_replay(a, t, p_input);
begin
  r.code := v_ledger.code;
  r.available := v_ledger.available;
  r.replayed := v_ledger.replayed;
  if r.code = 'ok' then
    r.transfer_id := t.id;
    r.points := t.points;
    select count(*), array_agg(i.code order by i.id), max(i.expires_at) into r.quantity, r.codes, r.expires_at
      from issued_coupon i where transfer_id = t.id;
  end if;
  return r;
end $$;

-- Spends points on p_quantity coupons, one for each of p_codes (made by the caller, unguessable).
-- Refusals: invalid-quantity, unknown-member, key-reused, unknown-coupon, coupon-not-started, coupon-ended, tier-too-low,
-- coupon-member-limit, coupon-sold-out, insufficient-points.
create function redeem_coupon(
  p_member text, p_coupon text, p_quantity int, p_key text, p_now timestamptz, p_codes text[]
) returns coupon_answer language plpgsql as $$
declare
  v_input constant bytea := sha256(convert_to(row('redeem', p_member, p_coupon, p_quantity)::text, 'UTF8'));
  r coupon_answer;
  a member_account := ledger_lock(p_member);
  c coupon;
  t transfer;
  v_rank int;
  v_mine int;
  v_is_counted boolean;
begin
  r.replayed := false;
  if a.member_id is null then r.code := 'unknown-member'; return r; end if;
  select * into t from transfer where source = 'redeem' and external_id = p_key;
  if found then return coupon_replay(a, t, v_input); end if;
  if not coalesce(p_quantity between 1 and 10 and cardinality(p_codes) = p_quantity, false) then
    r.code := 'invalid-quantity'; return r;
  end if;
  if a.due_at <= p_now then a := ledger_settle(a, p_now); end if;
  r.available := a.available;
  -- Read without its lock: most refusals need not queue for it. The stock is looked at again under the lock.
  select * into c from coupon where id = p_coupon;
  if not found then r.code := 'unknown-coupon'; return r; end if;
  if c.starts_at > p_now then r.code := 'coupon-not-started'; r.starts_at := c.starts_at; return r; end if;
  if c.ends_at <= p_now then r.code := 'coupon-ended'; r.expires_at := c.ends_at; return r; end if;
  if c.min_tier_rank > 0 then
    select rank into v_rank from member join tier on tier.code = member.tier_code where member.id = p_member;
    if coalesce(v_rank, 0) < c.min_tier_rank then r.code := 'tier-too-low'; r.min_tier_rank := c.min_tier_rank; return r; end if;
  end if;
  if c.per_member_limit is not null then
    select count(*) into v_mine from issued_coupon where coupon_id = p_coupon and member_id = p_member and status <> 'void';
    if v_mine + p_quantity > c.per_member_limit then
      r.code := 'coupon-member-limit'; r.left_over := greatest(0, c.per_member_limit - v_mine); return r;
    end if;
  end if;
  if c.used + p_quantity > c.stock then r.code := 'coupon-sold-out'; r.left_over := c.stock - c.used; return r; end if;
  r.points := c.cost_points * p_quantity;
  if a.available < r.points then r.code := 'insufficient-points'; return r; end if;

  v_is_counted := c.stock is not null;
  if not v_is_counted then
    -- Keeps the coupon without a stock until we commit: see coupon_count_used.
    perform from coupon where id = p_coupon and stock is null for share;
    v_is_counted := not found;
  end if;
  if v_is_counted then
    update coupon set used = used + p_quantity where id = p_coupon and used + p_quantity <= stock;
    if not found then
      r.code := 'coupon-sold-out';
      r.points := null;
      select greatest(0, stock - used) into r.left_over from coupon where id = p_coupon;
      return r;
    end if;
  end if;
  t := ledger_transfer(p_member, 'burn', 'redeem', p_key, v_input, r.points, p_now, p_now, null, p_coupon);
  if t.id is null then
    -- The key is another member's: give the stock back.
    if v_is_counted then update coupon set used = used - p_quantity where id = p_coupon; end if;
    r.code := 'key-reused';
    r.points := null;
    return r;
  end if;
  perform ledger_take(p_member, r.points, t.id);
  a := ledger_enter(a, t, available => -r.points, redeemed => r.points);
  r.expires_at := p_now + make_interval(hours => 24 * c.valid_days);
  insert into issued_coupon (code, coupon_id, member_id, transfer_id, status, issued_at, expires_at)
    select code, p_coupon, p_member, t.id, 'issued', p_now, r.expires_at from unnest(p_codes) code;
  r.code := 'ok';
  r.transfer_id := t.id;
  r.quantity := p_quantity;
  r.codes := p_codes;
  r.available := a.available;
  return r;
end $$;

create type coupon_code_answer as (
  code text,              -- 'ok', or why not
  coupon_id text,
  member_id text,
  used_at timestamptz,
  expires_at timestamptz,
  transfer_id bigint,     -- of a void: the reversal
  points bigint,          -- of a void: given back
  available bigint,
  replayed boolean
);

create function coupon_code_answer_of(i issued_coupon, p_code text) returns coupon_code_answer language plpgsql as $$
declare
  r coupon_code_answer;
begin
  r.code := p_code;
  r.coupon_id := i.coupon_id;
  r.member_id := i.member_id;
  r.used_at := i.used_at;
  r.expires_at := i.expires_at;
  r.replayed := false;
  return r;
end $$;

-- The point of sale takes a code for the sale p_ref. The same sale again is answered alike.
-- Refusals: unknown, used, expired, void.
create function coupon_use(p_code text, p_ref text, p_now timestamptz) returns coupon_code_answer language plpgsql as $$
declare
  i issued_coupon;
  r coupon_code_answer;
begin
  select * into i from issued_coupon where code = p_code for update;
  if not found then return coupon_code_answer_of(i, 'unknown'); end if;
  if i.status = 'used' and i.used_ref = p_ref then
    r := coupon_code_answer_of(i, 'ok');
    r.replayed := true;
    return r;
  end if;
  if i.status <> 'issued' then return coupon_code_answer_of(i, i.status); end if;
  if i.expires_at <= p_now then return coupon_code_answer_of(i, 'expired'); end if;
  update issued_coupon set status = 'used', used_at = p_now, used_ref = p_ref where id = i.id returning * into i;
  return coupon_code_answer_of(i, 'ok');
end $$;

-- Takes a code back: its share of the points returns to the lots it came from (see ledger_reverse_burn), its piece of the stock
-- to the coupon. A second time is answered alike. Refusals: unknown, used, expired.
create function coupon_void(p_code text, p_note text, p_now timestamptz) returns coupon_code_answer language plpgsql as $$
declare
  a member_account;
  i issued_coupon;
  o transfer;
  t transfer;
  r coupon_code_answer;
  v_key text;
  v_input constant bytea := sha256(convert_to(row('coupon-void', p_code)::text, 'UTF8'));
  v_ledger ledger_answer;
begin
  select * into i from issued_coupon where code = p_code;
  if not found then return coupon_code_answer_of(i, 'unknown'); end if;
  a := ledger_lock(i.member_id);
  select * into i from issued_coupon where code = p_code for update;
  v_key := i.id::text;
  if i.status = 'void' then
    r := coupon_code_answer_of(i, 'ok');
    select * into strict t from transfer where source = 'coupon-void' and external_id = v_key;
    v_ledger := ledger_replay(a, t, v_input);
    r.available := v_ledger.available;
    r.replayed := true;
  else
    if i.status <> 'issued' then return coupon_code_answer_of(i, i.status); end if;
    if i.expires_at <= p_now then return coupon_code_answer_of(i, 'expired'); end if;
    if a.due_at <= p_now then a := ledger_settle(a, p_now); end if;
    select * into strict o from transfer where id = i.transfer_id;
    t := ledger_transfer(a.member_id, 'reverse', 'coupon-void', v_key, v_input,
                         o.points / (select count(*) from issued_coupon where transfer_id = o.id),
                         p_now, p_now, null, o.coupon_id, o.id, 0, p_note);
    a := ledger_reverse_burn(a, o, t);
    update issued_coupon set status = 'void' where id = i.id;
    update coupon set used = case when stock is null then 0 else used - 1 end where id = i.coupon_id;
    r := coupon_code_answer_of(i, 'ok');
    r.available := a.available;
  end if;
  r.transfer_id := t.id;
  r.points := t.points;
  return r;
end $$;

-- Flips the status of issued coupons whose time is over; reads don't wait for it. Returns how many.
create function coupon_expire_due(p_now timestamptz) returns int language plpgsql as $$
declare
  v_count int;
begin
  update issued_coupon set status = 'expired' where id in (
    select id from issued_coupon where status = 'issued' and expires_at <= p_now order by id for update skip locked);
  get diagnostics v_count = row_count;
  return v_count;
end $$;
