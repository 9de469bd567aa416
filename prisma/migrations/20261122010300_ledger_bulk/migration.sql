-- Points of many orders at once; src/core/points/bulk.ts says how to call it. One pass over the rows of the temporary table
-- ledger_bulk in order of (member, occurred_at, ordinal) with the accounts, lots and hash chains in memory, then one insert for
-- each table. What it writes is what ledger_earn and ledger_reverse would write one by one (a property test holds it to that).

create function ledger_bulk_record(
  p_now timestamptz, out earned bigint, out reversed bigint, out replayed bigint, out refused bigint
) language plpgsql as $$
declare
  b record;
  a member_account;
  l record;
  t transfer;
  v_digest bytea;
  v_prev bytea;
  v_refusal text;
  v_done bigint;
  k int;
  v_is_pending boolean;
  v_points bigint;
  v_own bigint;
  v_gone bigint;
  v_rest bigint;
  v_part bigint;
  v_legs bigint[];
  v_leg_names constant text[] := array['issued', 'expired', 'owed', 'pending', 'available'];
  -- By the row's place in the order: the transfer it became, and the place of its lot below.
  v_transfers bigint[] := '{}';
  v_lots int[] := '{}';
  -- Lots touched, of all members; the current member's begin at v_first. Existing ones are loaded when a reversal needs them.
  v_first int := 1;
  v_last int := 0;
  v_is_loaded boolean := true;
  lot_id bigint[] := '{}'; lot_member text[] := '{}'; lot_transfer bigint[] := '{}'; lot_earned bigint[] := '{}';
  lot_remaining bigint[] := '{}'; lot_expired bigint[] := '{}'; lot_reversed bigint[] := '{}';
  lot_available timestamptz[] := '{}'; lot_expires timestamptz[] := '{}'; lot_is_pending boolean[] := '{}'; lot_is_new boolean[] := '{}';
  use_member text[] := '{}'; use_lot bigint[] := '{}'; use_transfer bigint[] := '{}'; use_amount bigint[] := '{}';
  t_id bigint[] := '{}'; t_ordinal bigint[] := '{}'; t_input bytea[] := '{}'; t_points bigint[] := '{}';
  t_order bigint[] := '{}'; t_reverses bigint[] := '{}'; t_shortfall bigint[] := '{}';
  e_member text[] := '{}'; e_seq bigint[] := '{}'; e_transfer bigint[] := '{}'; e_account text[] := '{}';
  e_amount bigint[] := '{}'; e_prev bytea[] := '{}'; e_hash bytea[] := '{}';
  accounts member_account[] := '{}';
  r_ordinal bigint[] := '{}'; r_code text[] := '{}';
begin
  earned := 0; reversed := 0; replayed := 0; refused := 0;
  analyze ledger_bulk;
  insert into member_account (member_id, head_hash)
    select id, ledger_genesis(id) from member where id in (select member_id from ledger_bulk)
      and id not in (select member_id from member_account) order by id
    on conflict do nothing;
  perform from member_account where member_id in (select member_id from ledger_bulk) order by member_id for update;
  for a in select * from member_account where due_at <= p_now and member_id in (select member_id from ledger_bulk) loop
    perform ledger_settle(a, p_now);
  end loop;
  a := null;

  for b in
    with numbered as materialized (
      select s.*, row_number() over (order by member_id, occurred_at, ordinal)::int as place,
             coalesce(s.available_at, s.occurred_at) as starts_at,
             sha256(convert_to(case s.kind
               when 'earn' then row('earn', s.member_id, s.points, s.order_id)::text
               else row('reverse', s.reverses_source, s.reverses_external_id, s.points, s.order_id)::text end, 'UTF8')) as input
      from ledger_bulk s
    ), keyed as materialized (
      select n.*, first_value(place) over same_key as first_place, first_value(input) over same_key as first_input,
             first_value(member_id) over same_key as first_member
      from numbered n window same_key as (partition by source, external_id order by place)
    )
    select w.*, e.id as known_id, e.input_hash as known_input, e.member_id as known_member, account.member_id is not null as is_member,
           o.id as original_id, o.kind as original_kind, o.member_id as original_member, o.order_id as original_order,
           f.place as original_place, f.member_id as original_place_member, f.order_id as original_place_order
    from keyed w
    left join member_account account on account.member_id = w.member_id
    left join transfer e on e.source = w.source and e.external_id = w.external_id
    left join transfer o on o.source = w.reverses_source and o.external_id = w.reverses_external_id
    left join keyed f on f.source = w.reverses_source and f.external_id = w.reverses_external_id and f.kind = 'earn' and f.place = f.first_place
    order by w.place
  loop
    -- Another member: put the last one's account away, take up the next.
    if b.is_member and a.member_id is distinct from b.member_id then
      if a.member_id is not null then accounts := accounts || a; end if;
      select * into a from member_account where member_id = b.member_id;
      v_first := v_last + 1;
      v_is_loaded := a.entry_seq = 0;
    end if;

    v_refusal := null;
    v_done := coalesce(b.known_id, v_transfers[b.first_place]);
    k := null;
    if not b.is_member then
      v_refusal := 'unknown-member';
    elsif v_done is not null then
      if coalesce(b.known_member, b.first_member) = b.member_id and coalesce(b.known_input, b.first_input) = b.input then
        v_transfers[b.place] := v_done;
        replayed := replayed + 1;
        continue;
      end if;
      v_refusal := 'key-reused';
    elsif b.kind = 'earn' then
      if not coalesce(b.points between 1 and 1000000000000, false)
         or a.available + a.pending + a.held + b.points > 1000000000000000 then
        v_refusal := 'invalid-amount';
      elsif b.expires_at <= b.starts_at or b.expires_at <= p_now then
        v_refusal := 'invalid-expiry';
      end if;
    else
      if b.original_id is not null then
        if b.original_kind = 'earn' and b.original_member = b.member_id then
          if not v_is_loaded then
            for l in select lot.*, (select coalesce(sum(points), 0) from transfer where reverses_transfer_id = lot.transfer_id) as gone_before
                     from lot where member_id = a.member_id loop
              v_last := v_last + 1;
              lot_id[v_last] := l.id; lot_member[v_last] := l.member_id; lot_transfer[v_last] := l.transfer_id;
              lot_earned[v_last] := l.earned; lot_remaining[v_last] := l.remaining; lot_expired[v_last] := l.expired;
              lot_reversed[v_last] := l.gone_before; lot_available[v_last] := l.available_at; lot_expires[v_last] := l.expires_at;
              lot_is_pending[v_last] := l.released_at is null; lot_is_new[v_last] := false;
            end loop;
            v_is_loaded := true;
          end if;
          for i in v_first..v_last loop
            if lot_transfer[i] = b.original_id then k := i; exit; end if;
          end loop;
        end if;
      elsif b.original_place < b.place and b.original_place_member = b.member_id then
        k := v_lots[b.original_place];
      end if;
      if k is null then
        v_refusal := 'unknown-transfer';
      elsif not (b.points between 1 and 1000000000000) then
        v_refusal := 'invalid-amount';
      else
        v_points := coalesce(b.points, lot_earned[k] - lot_reversed[k]);
        if v_points = 0 or v_points > lot_earned[k] - lot_reversed[k] then v_refusal := 'exceeds-original'; end if;
      end if;
    end if;
    if v_refusal is not null then
      r_ordinal := r_ordinal || b.ordinal;
      r_code := r_code || v_refusal;
      refused := refused + 1;
      continue;
    end if;

    t := null;
    t.id := nextval('transfer_id_seq');
    t.member_id := a.member_id; t.kind := b.kind; t.source := b.source; t.external_id := b.external_id; t.input_hash := b.input;
    t.occurred_at := b.occurred_at; t.recorded_at := p_now; t.order_id := b.order_id; t.shortfall := 0;
    if b.kind = 'earn' then
      v_is_pending := b.starts_at > p_now;
      v_points := b.points;
      v_part := least(a.owed, v_points);
      v_last := v_last + 1;
      lot_id[v_last] := nextval('lot_id_seq'); lot_member[v_last] := a.member_id; lot_transfer[v_last] := t.id;
      lot_earned[v_last] := v_points; lot_remaining[v_last] := v_points - v_part; lot_expired[v_last] := 0;
      lot_reversed[v_last] := 0; lot_available[v_last] := b.starts_at; lot_expires[v_last] := b.expires_at;
      lot_is_pending[v_last] := v_is_pending; lot_is_new[v_last] := true;
      v_lots[b.place] := v_last;
      if v_part > 0 then
        use_member := use_member || a.member_id; use_lot := use_lot || lot_id[v_last];
        use_transfer := use_transfer || t.id; use_amount := use_amount || v_part;
      end if;
      a.due_at := least(a.due_at, case when v_is_pending then b.starts_at else b.expires_at end);
      v_legs := array[-v_points, 0, v_part, case when v_is_pending then v_points - v_part else 0 end,
                      case when v_is_pending then 0 else v_points - v_part end];
      earned := earned + 1;
    else
      -- See ledger_reverse_earn.
      t.reverses_transfer_id := lot_transfer[k];
      t.order_id := coalesce(b.order_id, b.original_order, b.original_place_order);
      v_own := least(lot_remaining[k], v_points);
      v_gone := least(lot_expired[k], v_points - v_own);
      v_rest := least(v_points - v_own - v_gone, a.available + a.pending - v_own);
      t.shortfall := v_points - v_own - v_gone - v_rest;
      lot_remaining[k] := lot_remaining[k] - v_own;
      lot_expired[k] := lot_expired[k] - v_gone;
      lot_reversed[k] := lot_reversed[k] + v_points;
      v_legs := array[v_points, -v_gone, -t.shortfall, case when lot_is_pending[k] then -v_own else 0 end,
                      case when lot_is_pending[k] then 0 else -v_own end];
      foreach v_part in array array[v_own, -v_gone, v_gone] loop
        continue when v_part = 0;
        use_member := use_member || a.member_id; use_lot := use_lot || lot_id[k];
        use_transfer := use_transfer || t.id; use_amount := use_amount || v_part;
      end loop;
      if v_rest > 0 then
        if not v_is_loaded then raise exception 'lots of member % were not loaded', a.member_id; end if;
        for k in select i from generate_series(v_first, v_last) i where lot_remaining[i] > 0
                 order by lot_expires[i] nulls last, lot_id[i] loop
          v_part := least(lot_remaining[k], v_rest);
          lot_remaining[k] := lot_remaining[k] - v_part;
          if lot_is_pending[k] then v_legs[4] := v_legs[4] - v_part; else v_legs[5] := v_legs[5] - v_part; end if;
          use_member := use_member || a.member_id; use_lot := use_lot || lot_id[k];
          use_transfer := use_transfer || t.id; use_amount := use_amount || v_part;
          v_rest := v_rest - v_part;
          exit when v_rest = 0;
        end loop;
      end if;
      reversed := reversed + 1;
    end if;
    t.points := v_points;
    v_transfers[b.place] := t.id;
    v_transfers[b.first_place] := t.id;
    t_id := t_id || t.id; t_ordinal := t_ordinal || b.ordinal; t_input := t_input || b.input; t_points := t_points || v_points;
    t_order := t_order || t.order_id; t_reverses := t_reverses || t.reverses_transfer_id; t_shortfall := t_shortfall || t.shortfall;
    v_digest := ledger_digest(t);
    for i in 1..5 loop
      continue when v_legs[i] = 0;
      v_prev := a.head_hash;
      a.entry_seq := a.entry_seq + 1;
      a.head_hash := ledger_link(v_prev, v_digest, a.entry_seq, v_leg_names[i], v_legs[i]);
      e_member := e_member || a.member_id; e_seq := e_seq || a.entry_seq; e_transfer := e_transfer || t.id;
      e_account := e_account || v_leg_names[i]; e_amount := e_amount || v_legs[i]; e_prev := e_prev || v_prev; e_hash := e_hash || a.head_hash;
    end loop;
    a.owed := a.owed - v_legs[3];
    a.pending := a.pending + v_legs[4];
    a.available := a.available + v_legs[5];
  end loop;
  if a.member_id is not null then accounts := accounts || a; end if;

  insert into transfer (id, member_id, kind, source, external_id, input_hash, points, occurred_at, recorded_at, order_id,
                        reverses_transfer_id, shortfall)
    select n.id, s.member_id, s.kind, s.source, s.external_id, n.input, n.points, s.occurred_at, p_now, n.order_id, n.reverses, n.shortfall
    from unnest(t_id, t_ordinal, t_input, t_points, t_order, t_reverses, t_shortfall)
           n (id, ordinal, input, points, order_id, reverses, shortfall)
    join ledger_bulk s on s.ordinal = n.ordinal;
  insert into lot (id, member_id, transfer_id, earned, remaining, expired, available_at, expires_at, released_at)
    select n.id, n.member, n.transfer, n.earned, n.remaining, n.expired, n.available, n.expires, case when not n.is_pending then p_now end
    from unnest(lot_id, lot_member, lot_transfer, lot_earned, lot_remaining, lot_expired, lot_available, lot_expires, lot_is_pending, lot_is_new)
           n (id, member, transfer, earned, remaining, expired, available, expires, is_pending, is_new)
    where n.is_new;
  update lot set remaining = n.remaining, expired = n.expired
    from unnest(lot_id, lot_remaining, lot_expired, lot_is_new) n (id, remaining, expired, is_new)
    where lot.id = n.id and not n.is_new and (lot.remaining, lot.expired) <> (n.remaining, n.expired);
  insert into lot_use (member_id, lot_id, transfer_id, amount)
    select * from unnest(use_member, use_lot, use_transfer, use_amount);
  insert into entry (member_id, seq, transfer_id, account, amount, prev_hash, hash)
    select * from unnest(e_member, e_seq, e_transfer, e_account, e_amount, e_prev, e_hash);
  update member_account m
    set available = n.available, pending = n.pending, owed = n.owed, entry_seq = n.entry_seq, head_hash = n.head_hash, due_at = n.due_at
    from unnest(accounts) n where m.member_id = n.member_id and m.entry_seq <> n.entry_seq;
  update ledger_bulk set outcome = n.code from unnest(r_ordinal, r_code) n (ordinal, code) where ledger_bulk.ordinal = n.ordinal;
end $$;
