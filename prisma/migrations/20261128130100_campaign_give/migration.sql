-- Gives what campaigns have dealt, for many messages in one call: points, or a coupon that is paid for with points given for it, so
-- that stock, limits and the ledger hold as if the member had redeemed it. Each is all or nothing by itself: what goes wrong
-- with one is its own answer, and leaves the others as they are. Once for a key, whatever happens.
-- answer: 'ok', why the ledger refused, 'busy' (another transaction was in the way: again later) or 'broken', with the error.
create function campaign_give(
  p_members text[], p_keys text[], p_notes text[], p_points bigint[], p_coupons text[], p_codes text[], p_now timestamptz
) returns table (place int, answer text, error text, coupon_code text, expires_at timestamptz) language plpgsql as $$
declare
  v_points bigint;
  v_ledger ledger_answer;
  v_coupon coupon_answer;
begin
  for i in 1 .. cardinality(p_members) loop
    place := i;
    answer := 'ok';
    error := null;
    coupon_code := null;
    expires_at := null;
    begin
      v_points := p_points[i];
      if p_coupons[i] is not null then
        select cost_points into v_points from coupon where id = p_coupons[i];
        if not found then raise exception using errcode = 'RG001', message = 'unknown-coupon'; end if;
      end if;
      if v_points > 0 then
        v_ledger := ledger_adjust(p_members[i], v_points, 'campaign', p_keys[i], p_notes[i], null, p_now);
        if v_ledger.code <> 'ok' then raise exception using errcode = 'RG001', message = v_ledger.code; end if;
      end if;
      if p_coupons[i] is not null then
        v_coupon := redeem_coupon(p_members[i], p_coupons[i], 1, 'campaign:' || p_keys[i], p_now, array[p_codes[i]]);
        if v_coupon.code <> 'ok' then raise exception using errcode = 'RG001', message = v_coupon.code; end if;
        coupon_code := v_coupon.codes[1];
        expires_at := v_coupon.expires_at;
      end if;
    exception
      when sqlstate 'RG001' then
        answer := sqlerrm;
      when others then
        -- Deadlocks, serialization failures and locks that could not be had say nothing of the offer.
        answer := case when sqlstate like '40%' or sqlstate = '55P03' then 'busy' else 'broken' end;
        error := sqlerrm;
    end;
    return next;
  end loop;
end $$;
