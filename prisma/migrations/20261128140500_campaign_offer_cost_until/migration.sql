-- What the offer that a member was dealt has cost by p_until, whatever became of the message: points that the ledger gave by then, a
-- coupon when it was used by then. Points that were taken back cost nothing, however late that was: they were given with a
-- message that did not arrive, and nobody had them.
create or replace function campaign_offer_cost(p_code text, p_member text, p_offer jsonb, p_until timestamptz)
returns table (cost_minor bigint) language sql stable as $$
  select case when case when p_offer ? 'couponId' then exists (
      select from transfer paid join issued_coupon issued on issued.transfer_id = paid.id
      where paid.source = 'redeem' and paid.external_id = 'campaign:' || p_code || ':' || p_member
        and issued.status = 'used' and issued.used_at <= p_until
    ) else exists (
      select from transfer given where given.source = 'campaign' and given.external_id = p_code || ':' || p_member
        and given.occurred_at <= p_until
    ) and not exists (
      select from transfer back where back.source = 'campaign' and back.external_id = p_code || ':' || p_member || ':back'
    ) end then (p_offer ->> 'costMinor')::bigint else 0 end
$$;
