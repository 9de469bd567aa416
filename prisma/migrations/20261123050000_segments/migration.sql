-- Where each member stands: RFM scores and group and the life-cycle stage by rules, the cluster by the model in use.
-- Replaced as a whole by every scoring.
create table member_segment (
  member_id text primary key,
  -- The books date that the member was seen at.
  as_of timestamptz(3) not null,
  -- Null without an order.
  recency_days int,
  -- Days on which something was ordered.
  order_days int not null,
  -- Net of refunds.
  spend_minor bigint not null,
  -- 1 to 5, 5 being the best; 0 without an order.
  recency_score smallint not null check (recency_score between 0 and 5),
  frequency_score smallint not null check (frequency_score between 0 and 5),
  monetary_score smallint not null check (monetary_score between 0 and 5),
  rfm_group text not null,
  value text check (value in ('high', 'mid', 'low')),
  cluster text,
  stage text
);

-- The clusters of the model that scored last. Codes stay with a cluster from training to training and are not used again.
create table segment_cluster (
  code text primary key,
  place int not null,
  name_en text not null,
  name_zh text not null,
  words_en text not null,
  words_zh text not null,
  -- What to do where the manager wrote nothing.
  strategy_en text not null,
  strategy_zh text not null,
  members int not null,
  -- What is typical of its members, by name of the figure.
  centre jsonb not null,
  model_id bigint not null
);

-- What the manager wrote of a group or a cluster. Training and scoring never touch it.
create table segment_strategy (
  code text primary key,
  text_en text not null,
  text_zh text not null,
  edited_at timestamptz(3) not null
);
