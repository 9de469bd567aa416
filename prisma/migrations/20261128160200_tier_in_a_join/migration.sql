-- The tiers of all members are judged together, so the rule is to be joined, not called for each of them: a function that returns a
-- row becomes part of the statement that names it after "from".
drop function tier_for_spend(bigint);

-- The highest tier whose threshold a spend reaches. A spend below zero (more sent back than bought) counts as none.
create function tier_for_spend(spent bigint) returns table (code text)
  language sql stable parallel safe as $$
    select code from tier where threshold_minor <= greatest(spent, 0) order by rank desc limit 1
  $$;

-- A review writes every member's row. With room on its page a row stays in the indexes where it is.
alter table member set (fillfactor = 50);
