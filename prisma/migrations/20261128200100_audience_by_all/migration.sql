-- An audience is many members: they are gone through by as many processes as the server has for it, also where the planner knows
-- tables badly and takes them for few. Of small tables it never is more than one.
alter function campaign_audience(text, text, jsonb, timestamptz, timestamptz, timestamptz)
  set parallel_setup_cost = 0 set parallel_tuple_cost = 0;
