-- Ways of doing something that are held against each other. The first arm is what is done without the experiment.
create table experiment (
  id bigserial primary key,
  code text not null unique,
  kind text not null check (kind in ('recommender')),
  status text not null check (status in ('running', 'ended')),
  arms text[] not null check (cardinality(arms) between 2 and 8),
  -- How long after the first exposure orders count.
  attribution_days integer not null check (attribution_days between 1 and 180),
  started_at timestamptz(3) not null,
  ended_at timestamptz(3)
);
create unique index experiment_running_key on experiment (kind) where status = 'running';

-- Who met which arm first when; never changed, and only those who met one count.
create table exposure (
  experiment_id bigint not null,
  member_id text not null,
  arm text not null,
  propensity double precision not null check (propensity > 0 and propensity <= 1),
  exposed_at timestamptz(3) not null,
  primary key (experiment_id, member_id)
);
