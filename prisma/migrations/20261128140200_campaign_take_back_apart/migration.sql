-- Takes back what was given with messages of one campaign that surely did not arrive, at most p_limit of them: a coupon that nobody
-- used or voided is void, and the points of which none was spent leave the lot that they were given in, as a reversal with
-- the gift's key and ':back'. What it would have cost is free for others of the campaign. What may have arrived (unknown)
-- is never touched. Nobody is waited for: a campaign that is being planned, and members whose account another transaction
-- holds, have their turn the next time. Each gift is all or nothing by itself.
-- outcome: 'taken-back'; 'kept', where the member has begun to spend it, or with the error for which it can't be taken back; 'later',
-- where the machine or another transaction was in the way.
drop function campaign_take_back(int, timestamptz);
create function campaign_take_back(p_campaign bigint, p_limit int, p_now timestamptz)
returns table (message_id bigint, outcome text, error text) language plpgsql as $$
declare
  m record;
  v_key text;
  v_code text;
  v_replayed boolean;
begin
  -- First the campaign, then members one by one: whoever plans takes the campaign for as long as that lasts.
  perform from campaign where id = p_campaign for no key update skip locked;
  if not found then return; end if;
  for m in
    select message.id, message.member_id, campaign.code, campaign.name, offer
    from campaign_message message join campaign on campaign.id = message.campaign_id
      left join lateral jsonb_array_elements(campaign.definition -> 'offers') offer on offer ->> 'code' = message.arm
    where message.gift = 'given' and message.status in ('dropped', 'failed', 'dead') and message.campaign_id = p_campaign
    order by message.id limit p_limit for update of message skip locked
  loop
    message_id := m.id;
    outcome := 'taken-back';
    error := null;
    v_key := m.code || ':' || m.member_id;
    begin
      perform from member_account where member_id = m.member_id for update skip locked;
      continue when not found and exists (select from member_account where member_id = m.member_id);
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
      update campaign_message set gift = 'taken-back' where id = m.id;
      update campaign set committed_minor = committed_minor - (m.offer ->> 'costMinor')::bigint
        where id = p_campaign and budget_minor is not null;
    exception
      when sqlstate 'RG001' then
        outcome := 'kept';
      when others then
        error := sqlerrm;
        -- Deadlocks and the like, a full disk or memory, locks, a server that is going down: they say nothing of the gift.
        outcome := case when left(sqlstate, 2) in ('40', '53', '55', '57', '58') then 'later' else 'kept' end;
    end;
    if outcome = 'kept' then
      update campaign_message set gift = 'kept', last_error = case when error is null then last_error
          else coalesce(last_error || '; ', '') || 'what was given could not be taken back: ' || error end
        where id = m.id;
    end if;
    return next;
  end loop;
end $$;
