-- A first import writes a whole ledger as well: into tables without their keys and indexes, which are then built at once. A key that
-- another table refers to stays.
create function import_take_off_keys(p_tables regclass[]) returns void language plpgsql as $$
declare
  v_key record;
begin
  create temporary table import_key on commit drop as
    select pg_index.indrelid::regclass as of_table, indexrelid::regclass::text as index_name, conname as constraint_name,
      case when conname is null then pg_get_indexdef(indexrelid)
        else format('alter table %s add constraint %I %s', indrelid::regclass, conname, pg_get_constraintdef(pg_constraint.oid))
      end as restore
    from pg_index left join pg_constraint on conindid = indexrelid and contype in ('p', 'u')
    where indrelid = any (p_tables)
      and not exists (select from pg_constraint reference where reference.conindid = indexrelid and reference.contype = 'f')
    order by indexrelid;
  for v_key in select * from import_key loop
    if v_key.constraint_name is null then execute format('drop index %s', v_key.index_name);
    else execute format('alter table %s drop constraint %I', v_key.of_table, v_key.constraint_name);
    end if;
  end loop;
end $$;

create or replace function import_drop_keys() returns boolean language plpgsql as $$
begin
  if exists (select from member) or exists (select from shop_order) or exists (select from order_line) then return false; end if;
  lock table shop_order, order_line in access exclusive mode nowait;
  -- Asked again: somebody may have been quicker.
  if exists (select from shop_order) or exists (select from order_line) then return false; end if;
  perform import_take_off_keys(array['shop_order', 'order_line']::regclass[]);
  return true;
exception when lock_not_available then
  return false;
end $$;

-- The same for a ledger in which nothing stands. Accounts keep their keys, but nobody may open one meanwhile: who has opened one goes on
-- to the tables that are locked here.
create function import_drop_ledger_keys() returns boolean language plpgsql as $$
begin
  lock table member_account, transfer, entry, lot, lot_use in access exclusive mode nowait;
  if exists (select from member_account) or exists (select from transfer) or exists (select from entry)
    or exists (select from lot) or exists (select from lot_use) then return false; end if;
  perform import_take_off_keys(array['transfer', 'entry', 'lot', 'lot_use']::regclass[]);
  return true;
exception when lock_not_available then
  return false;
end $$;
