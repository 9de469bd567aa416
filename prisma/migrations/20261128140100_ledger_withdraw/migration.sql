-- Takes back what an adjustment gave, as a whole, out of its own lot and no other: what else the member has keeps its dates.
-- Refusals: unknown-transfer, key-reused, not-reversible (not an adjustment that gave), lot-not-whole (points of it were spent,
-- paid a debt, expired or were taken back).
create function ledger_withdraw(
  p_of_source text, p_of_external text, p_source text, p_external text, p_note text, p_now timestamptz
) returns ledger_answer language plpgsql as $$
declare
  v_input constant bytea := sha256(convert_to(row('withdraw', p_of_source, p_of_external)::text, 'UTF8'));
  a member_account;
  o transfer;
  t transfer;
  l lot;
begin
  select * into o from transfer where source = p_of_source and external_id = p_of_external;
  if not found then return ledger_refusal(a, 'unknown-transfer'); end if;
  a := ledger_lock(o.member_id);
  select * into t from transfer where source = p_source and external_id = p_external;
  if found then return ledger_replay(a, t, v_input); end if;
  if o.kind <> 'adjust' or o.points < 0 then return ledger_refusal(a, 'not-reversible'); end if;
  if a.due_at <= p_now then a := ledger_settle(a, p_now); end if;
  select * into strict l from lot where transfer_id = o.id;
  if l.remaining < l.earned then return ledger_refusal(a, 'lot-not-whole'); end if;
  t := ledger_transfer(o.member_id, 'reverse', p_source, p_external, v_input, o.points, p_now, p_now, p_reverses => o.id, p_note => p_note);
  if t.id is null then return ledger_refusal(a, 'key-reused'); end if;
  update lot set remaining = 0 where id = l.id;
  insert into lot_use (member_id, lot_id, transfer_id, amount) values (o.member_id, l.id, t.id, o.points);
  a := ledger_enter(a, t, available => -o.points, adjusted => o.points);
  return ledger_receipt(a, t);
end $$;

-- Takes back what was given with messages that surely did not arrive, at most p_limit of them: a coupon that nobody used or voided
-- is void, and the points of which none was spent leave the lot that they were given in, as a reversal with the gift's key and
-- ':back'. What it would have cost is free for others of the campaign. What may have arrived (unknown) is never touched.
-- Returns how many were taken back.
create or replace function campaign_take_back(p_limit int, p_now timestamptz) returns int language plpgsql as $$
declare
  m record;
  v_key text;
  v_outcome text;
  v_code text;
  v_replayed boolean;
  v_count int := 0;
begin
  for m in
    select message.id, message.campaign_id, message.member_id, campaign.code, campaign.name, offer
    from campaign_message message join campaign on campaign.id = message.campaign_id
      left join lateral jsonb_array_elements(campaign.definition -> 'offers') offer on offer ->> 'code' = message.arm
    where message.gift = 'given' and message.status in ('dropped', 'failed', 'dead')
    order by message.id limit p_limit for update of message skip locked
  loop
    v_key := m.code || ':' || m.member_id;
    begin
      if m.offer ? 'couponId' then
        select void.code, void.replayed into v_code, v_replayed
        from transfer paid join issued_coupon issued on issued.transfer_id = paid.id
          cross join lateral coupon_void(issued.code, m.name, p_now) void
        where paid.source = 'redeem' and paid.external_id = 'campaign:' || v_key;
        -- Somebody who voided it before gave its points to the member, and meant to.
        if v_code is distinct from 'ok' or v_replayed then raise exception using errcode = 'RG001', message = 'used'; end if;
      end if;
      select code into v_code from ledger_withdraw('campaign', v_key, 'campaign', v_key || ':back', m.name, p_now);
      if v_code <> 'ok' then raise exception using errcode = 'RG001', message = v_code; end if;
      v_outcome := 'taken-back';
    exception
      when sqlstate 'RG001' then
        v_outcome := 'kept';
      when deadlock_detected or serialization_failure or lock_not_available then
        -- Another transaction was in the way: next time.
        continue;
      when others then
        v_outcome := 'kept';
        update campaign_message set last_error = coalesce(last_error || '; ', '') || 'what was given could not be taken back: ' || sqlerrm
          where id = m.id;
    end;
    update campaign_message set gift = v_outcome where id = m.id;
    if v_outcome = 'taken-back' then
      v_count := v_count + 1;
      update campaign set committed_minor = committed_minor - (m.offer ->> 'costMinor')::bigint
        where id = m.campaign_id and budget_minor is not null;
    end if;
  end loop;
  return v_count;
end $$;
