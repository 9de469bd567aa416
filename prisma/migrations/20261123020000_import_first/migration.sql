-- The lines of a first import go into a table without a key, which is then built at once: half the work of keeping it up row
-- by row. Only while there is nobody whose orders could be asked for, since the table is locked until the import commits,
-- and only if nobody has it in use. A rollback brings the key back.
create function import_drop_line_key() returns boolean language plpgsql as $$
begin
  if exists (select from member) or exists (select from order_line) then return false; end if;
  lock table order_line in access exclusive mode nowait;
  if exists (select from order_line) then return false; end if;
  alter table order_line drop constraint order_line_pkey;
  return true;
exception when lock_not_available then
  return false;
end $$;
