-- The balance at p_at (not before the last write), from lots and holds, right whether or not what is due was settled.
-- A hold that is over and not settled yet has given its points back to those of its lots that outlived it. A debt, which is only
-- there while no lot has points, was paid out of them then, hold by hold, the soonest to expire first, even if their lot is over by now.
create or replace function ledger_balance(p_member text, p_at timestamptz) returns table (
  available bigint, pending bigint, held bigint, owed bigint,
  expiry_points bigint, expiry_at timestamptz, next_points bigint, next_at timestamptz
) language sql stable as $$
  with debt as (
    select coalesce((select member_account.owed from member_account where member_id = p_member), 0) as points
  ), returned as (
    select lot_use.amount, lot.expires_at, sum(lot_use.amount) over (
        order by hold.expires_at, hold.id, lot.expires_at nulls last, lot.id rows unbounded preceding) as so_far
    from hold join lot_use on lot_use.transfer_id = hold.transfer_id join lot on lot.id = lot_use.lot_id
    where hold.member_id = p_member and hold.status = 'open' and hold.expires_at <= p_at
      and (lot.expires_at is null or lot.expires_at > hold.expires_at)
  ), live as (
    select remaining, available_at > p_at and released_at is null as is_pending, available_at, expires_at
    from lot where member_id = p_member and remaining > 0 and (expires_at is null or expires_at > p_at)
    union all
    select least(returned.amount, greatest(0, returned.so_far - debt.points)), false, null, returned.expires_at
    from returned, debt
    where returned.so_far > debt.points and (returned.expires_at is null or returned.expires_at > p_at)
  ), totals as (
    select coalesce(sum(remaining) filter (where not is_pending), 0)::bigint as available,
           coalesce(sum(remaining) filter (where is_pending), 0)::bigint as pending
    from live
  )
  select totals.available, totals.pending,
         (select coalesce(sum(points), 0)::bigint from hold where member_id = p_member and status = 'open' and expires_at > p_at),
         greatest(0, debt.points - coalesce((select max(so_far) from returned), 0))::bigint,
         expiry.points, expiry.expires_at, next.points, next.available_at
  from totals cross join debt
  left join lateral (
    select expires_at, sum(remaining)::bigint as points from live where not is_pending and expires_at is not null
    group by expires_at order by expires_at limit 1
  ) expiry on true
  left join lateral (
    select available_at, sum(remaining)::bigint as points from live where is_pending group by available_at order by available_at limit 1
  ) next on true
$$;
