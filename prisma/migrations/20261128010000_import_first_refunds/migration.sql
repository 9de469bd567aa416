-- A first import matches its refunds from what it has read, and writes the outcome with the orders; then only points and tiers are due.
ALTER TABLE "import_run" ADD COLUMN "refunds_matched" BOOLEAN NOT NULL DEFAULT false;

-- Keys are built one table at a time: the lines are complete while the orders are still being worked on.
drop function import_restore_keys();

create function import_restore_keys(p_table text) returns void language plpgsql as $$
declare
  v_restore text;
begin
  for v_restore in select restore from import_key where of_table = p_table::regclass loop execute v_restore; end loop;
end $$;
