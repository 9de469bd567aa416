-- What became of what was given with a message: taken back when the message surely did not arrive, kept where the member had
-- begun to spend it.
alter table campaign_message add column gift text check (gift in ('given', 'taken-back', 'kept'));
create index campaign_message_lost_gift_idx on campaign_message (id) where gift = 'given' and status in ('dropped', 'failed', 'dead');

-- Takes back what was given with messages that surely did not arrive, at most p_limit of them: a coupon that was not used is void, and
-- points of which nothing was spent return, as an entry of the ledger with the gift's key and ':back'. What it would have cost is
-- free for others of the campaign. What may have arrived (unknown) is never touched. Returns how many were taken back.
create function campaign_take_back(p_limit int, p_now timestamptz) returns int language plpgsql as $$
declare
  m record;
  v_key text;
  v_outcome text;
  v_points bigint;
  v_code text;
  v_ledger ledger_answer;
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
        select void.code, void.points into v_code, v_points
        from transfer paid join issued_coupon issued on issued.transfer_id = paid.id
          cross join lateral coupon_void(issued.code, m.name, p_now) void
        where paid.source = 'redeem' and paid.external_id = 'campaign:' || v_key;
        if v_code is distinct from 'ok' then raise exception using errcode = 'RG001', message = 'used'; end if;
      else
        select earned into v_points from lot join transfer given on given.id = lot.transfer_id
        where given.source = 'campaign' and given.external_id = v_key and lot.remaining = lot.earned;
        if not found then raise exception using errcode = 'RG001', message = 'spent'; end if;
      end if;
      if v_points > 0 then
        v_ledger := ledger_adjust(m.member_id, - v_points, 'campaign', v_key || ':back', m.name, null, p_now);
        if v_ledger.code <> 'ok' then raise exception using errcode = 'RG001', message = v_ledger.code; end if;
      end if;
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

-- What the offer that a member was dealt has cost by p_until, whatever became of the message: points that the ledger gave and did
-- not take back, a coupon when it was used.
create function campaign_offer_cost(p_code text, p_member text, p_offer jsonb, p_until timestamptz) returns table (cost_minor bigint)
language sql stable as $$
  select case when case when p_offer ? 'couponId' then exists (
      select from transfer paid join issued_coupon issued on issued.transfer_id = paid.id
      where paid.source = 'redeem' and paid.external_id = 'campaign:' || p_code || ':' || p_member
        and issued.status = 'used' and issued.used_at <= p_until
    ) else exists (
      select from transfer given where given.source = 'campaign' and given.external_id = p_code || ':' || p_member
    ) and not exists (
      select from transfer back where back.source = 'campaign' and back.external_id = p_code || ':' || p_member || ':back'
    ) end then (p_offer ->> 'costMinor')::bigint else 0 end
$$;
