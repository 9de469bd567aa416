-- Who is leaving, as of each member's books date. Replaced as a whole by every scoring.
create table member_churn (
  member_id text primary key,
  as_of timestamptz(3) not null,
  -- The chance that nothing is bought in `window_days` days, counted from `gap_days` after `as_of`; null with its reason.
  risk double precision check (risk between 0 and 1),
  unscored text check (unscored in ('no-orders', 'too-new')),
  window_days int,
  gap_days int,
  -- What speaks most for leaving: [{code, facts…}], the strongest first.
  reasons jsonb not null,
  -- To expect in the next 12 months; null where no model of buying could be fitted.
  expected_orders double precision,
  value_at_stake_minor bigint,
  model_id bigint not null,
  constraint member_churn_scored_or_why check ((risk is null) = (unscored is not null))
);

-- Those with the most to lose first.
create index member_churn_at_stake_idx on member_churn ((risk * value_at_stake_minor) desc nulls last);
