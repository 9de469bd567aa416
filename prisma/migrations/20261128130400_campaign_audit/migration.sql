-- What share was held out of all campaigns when members were dealt to one, and when a message left: the share may change, and an
-- audit asks what held then.
create table campaign_dealing (
  campaign_id bigint not null,
  dealt_at timestamptz(3) not null,
  holdout_share double precision not null check (holdout_share between 0 and 1),
  primary key (campaign_id, dealt_at)
);
alter table campaign_message add column holdout_share double precision;
