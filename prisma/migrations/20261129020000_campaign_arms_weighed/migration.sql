-- An offer's chance changes from night to night with what it has brought, and so do the members who come: those dealt on some
-- nights buy more than others, or had less time. Weighed by one over the chance of their arm, all arms stand for the same members.
create table campaign_arm_outcome (
  campaign_id bigint not null,
  arm text not null,
  weight double precision not null,
  weight_squared double precision not null,
  buyers double precision not null,
  buyers_twice double precision not null,
  revenue double precision not null,
  revenue_twice double precision not null,
  revenue_squared double precision not null,
  covariate double precision not null,
  covariate_twice double precision not null,
  covariate_squared double precision not null,
  revenue_covariate double precision not null,
  primary key (campaign_id, arm)
);
