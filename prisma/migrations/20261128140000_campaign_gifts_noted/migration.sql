-- What was given with messages before it was noted beside them, or with one that found no slot afterwards. A coupon is paid for
-- with points given under the same key. What was taken back already says so.
update campaign_message message set gift = 'given'
from campaign join transfer given on given.source = 'campaign'
where message.campaign_id = campaign.id and message.gift is null
  and given.external_id = campaign.code || ':' || message.member_id;
