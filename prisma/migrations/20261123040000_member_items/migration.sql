-- What models say each member may want next, made ready in bulk; today's date is weighed in when it is read.
create table member_item (
  member_id text not null,
  kind text not null check (kind in ('next', 'new')),
  sku text not null,
  score real not null,
  -- Bought before: the gap after which this member buys it again, and the weight of its due date that is in the score.
  gap_days real,
  due_weight real not null default 1,
  -- Not bought before: what speaks for it.
  near_buyers int not null default 0,
  with_sku text,
  with_buyers int not null default 0,
  primary key (member_id, kind, sku)
);

-- One row for each kind that was scored: as of when, and how much likelier than usual something is bought at which point
-- of its gap.
create table member_item_scoring (
  kind text primary key check (kind in ('next', 'new')),
  model_id bigint not null,
  scored_at timestamptz(3) not null,
  due_curve real[] not null default array[]::real[]
);

-- How often a product is bought again, by source. A product without a row has not been bought yet.
create table product_habit (
  source text not null,
  sku text not null,
  buyers int not null,
  again_buyers int not null,
  primary key (source, sku)
);

-- What members ask after a topic, best first; `before` is the topic they asked earlier, or '' where it does not matter.
create table next_topic (
  before text not null,
  topic text not null,
  place int not null,
  next text not null,
  share real not null,
  primary key (before, topic, place)
);
