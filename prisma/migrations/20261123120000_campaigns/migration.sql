-- Whether a member wants messages of a kind on a channel. No row: never asked, which is no.
create table message_consent (
  member_id text not null,
  kind text not null check (kind in ('offers', 'reminders')),
  channel text not null,
  status text not null check (status in ('granted', 'withdrawn')),
  at timestamptz(3) not null,
  source text not null,
  primary key (member_id, kind, channel)
);

-- Every change of it, as a proof.
create table consent_change (
  id bigserial primary key,
  member_id text not null,
  kind text not null,
  channel text not null,
  status text not null check (status in ('granted', 'withdrawn')),
  at timestamptz(3) not null,
  source text not null
);
create index consent_change_member_idx on consent_change (member_id, at);

create function note_consent() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' or new.status <> old.status then
    insert into consent_change (member_id, kind, channel, status, at, source)
    values (new.member_id, new.kind, new.channel, new.status, new.at, new.source);
  end if;
  return null;
end $$;
create trigger message_consent_noted after insert or update on message_consent
  for each row execute function note_consent();

-- A campaign. `version` is compared and set with each change; `definition` is checked by the program.
create table campaign (
  id bigserial primary key,
  code text not null unique,
  name text not null,
  kind text not null check (kind in ('offers', 'reminders')),
  status text not null check (status in ('draft', 'review', 'running', 'paused', 'ended')),
  version integer not null,
  definition jsonb not null,
  -- What its offers may cost in all, and what is promised already.
  budget_minor bigint check (budget_minor >= 0),
  committed_minor bigint not null default 0 check (committed_minor >= 0),
  starts_at timestamptz(3) not null,
  ends_at timestamptz(3),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  check (budget_minor is null or committed_minor <= budget_minor)
);

-- Who is in a campaign, and what chance dealt them. Never changed: somebody counts in the arm that was drawn.
create table campaign_member (
  campaign_id bigint not null,
  member_id text not null,
  -- 'control' or the code of an offer; 'message' where the campaign has none.
  arm text not null,
  propensity double precision not null check (propensity > 0 and propensity <= 1),
  assigned_at timestamptz(3) not null,
  segment text,
  risk double precision,
  value_minor bigint,
  expected_gain_minor bigint,
  reason jsonb,
  -- Spend in the time before, of the length of the attribution window.
  covariate_minor bigint not null default 0,
  primary key (campaign_id, member_id)
);
create index campaign_member_member_idx on campaign_member (member_id, assigned_at);

create function campaign_member_is_final() returns trigger language plpgsql as $$
begin
  raise exception 'an assignment is never changed' using errcode = 'restrict_violation';
end $$;
create trigger campaign_member_final before update on campaign_member
  for each row execute function campaign_member_is_final();

-- A message on its way: one for each member of a campaign at the most.
create table campaign_message (
  id bigserial primary key,
  campaign_id bigint not null,
  member_id text not null,
  arm text not null check (arm <> 'control'),
  status text not null check (status in ('queued', 'sending', 'sent', 'dropped', 'failed', 'unknown', 'dead')),
  drop_reason text,
  channel text,
  conversation_id text,
  due_at timestamptz(3) not null,
  attempts integer not null default 0,
  next_attempt_at timestamptz(3) not null,
  leased_until timestamptz(3),
  sent_at timestamptz(3),
  activity_id text,
  last_error text,
  unique (campaign_id, member_id),
  check ((status = 'dropped') = (drop_reason is not null))
);
create index campaign_message_due_idx on campaign_message (next_attempt_at, id) where status = 'queued';
create index campaign_message_leased_idx on campaign_message (leased_until) where status = 'sending';
create index campaign_message_member_idx on campaign_message (member_id, sent_at);

-- Sums an arm and segment as of the end of a day since the campaign began (see ml/experiment-sums), for the lift over time.
create table campaign_outcome (
  campaign_id bigint not null,
  arm text not null,
  segment text not null,
  until date not null,
  members integer not null,
  buyers integer not null,
  revenue_minor double precision not null,
  revenue_squared double precision not null,
  covariate_minor double precision not null,
  covariate_squared double precision not null,
  revenue_covariate double precision not null,
  offer_cost_minor bigint not null,
  primary key (campaign_id, arm, segment, until)
);

-- One run of a job for one slot of its schedule.
create table job_run (
  id bigserial primary key,
  name text not null,
  slot timestamptz(3) not null,
  status text not null check (status in ('running', 'done', 'failed', 'skipped')),
  trigger text not null check (trigger in ('schedule', 'catch-up', 'command')),
  attempts integer not null default 1,
  started_at timestamptz(3) not null,
  ended_at timestamptz(3),
  result jsonb,
  error text,
  unique (name, slot)
);
create index job_run_started_idx on job_run (started_at);
