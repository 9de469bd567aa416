-- Wordings of a reply are held against each other like recommenders, each reply by itself, by what its wording is for.
alter table experiment drop constraint experiment_kind_check, add constraint experiment_kind_check check (kind in ('recommender', 'reply')),
  -- The reply whose wordings they are, such as redeem-coupon.confirm.
  add column reply text, add constraint experiment_reply_check check ((kind = 'reply') = (reply is not null)),
  add column outcome text not null default 'revenue'
    check (outcome in ('revenue', 'ordered', 'redeemed', 'resolved', 'rated-well'));
drop index experiment_running_key;
create unique index experiment_running_key on experiment (kind, coalesce(reply, '')) where status = 'running';
