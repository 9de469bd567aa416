-- A first import takes off only keys and indexes that come back as they were. What an administrator has made of one would not: a view
-- that groups by a key, the identity of a replica, the order of a cluster, a remark, a place of its own, and one that was not built. A published
-- table keeps its primary key, since rows are changed while it would be gone. And nothing is taken off by who may not make it.
create or replace function import_take_off_keys(p_tables regclass[]) returns void language plpgsql as $$
declare
  v_key record;
begin
  create temporary table import_key on commit drop as
    select pg_index.indrelid::regclass as of_table, indexrelid::regclass::text as index_name, conname as constraint_name,
      case when conname is null then pg_get_indexdef(indexrelid)
        else format('alter table %s add constraint %I %s', indrelid::regclass, conname, pg_get_constraintdef(pg_constraint.oid))
      end as restore
    from pg_index join pg_class on pg_class.oid = indexrelid
      left join pg_constraint on conindid = indexrelid and contype in ('p', 'u')
    where indrelid = any (p_tables) and indisvalid and not indisreplident and not indisclustered and reltablespace = 0
      and has_schema_privilege(relnamespace, 'create')
      -- Keys of other tables refer to an index, views to a constraint.
      and not exists (
        select from pg_depend
        where deptype = 'n' and (refclassid, refobjid) in (('pg_class'::regclass, indexrelid), ('pg_constraint'::regclass, pg_constraint.oid)))
      and not exists (
        select from pg_description
        where (classoid, objoid) in (('pg_class'::regclass, indexrelid), ('pg_constraint'::regclass, pg_constraint.oid)))
      and not (indisprimary and exists (
        select from pg_publication_tables published
        where format('%I.%I', published.schemaname, published.tablename)::regclass = indrelid))
    order by indexrelid;
  for v_key in select * from import_key loop
    if v_key.constraint_name is null then execute format('drop index %s', v_key.index_name);
    else execute format('alter table %s drop constraint %I', v_key.of_table, v_key.constraint_name);
    end if;
  end loop;
end $$;

-- Who does not own the tables may import all the same: with their keys.
create or replace function import_drop_keys() returns boolean language plpgsql as $$
begin
  if exists (select from member) or exists (select from shop_order) or exists (select from order_line) then return false; end if;
  lock table shop_order, order_line in access exclusive mode nowait;
  -- Asked again: somebody may have been quicker.
  if exists (select from shop_order) or exists (select from order_line) then return false; end if;
  perform import_take_off_keys(array['shop_order', 'order_line']::regclass[]);
  return true;
exception when lock_not_available or insufficient_privilege then
  return false;
end $$;

create or replace function import_drop_ledger_keys() returns boolean language plpgsql as $$
begin
  lock table member_account, transfer, entry, lot, lot_use in access exclusive mode nowait;
  if exists (select from member_account) or exists (select from transfer) or exists (select from entry)
    or exists (select from lot) or exists (select from lot_use) then return false; end if;
  perform import_take_off_keys(array['transfer', 'entry', 'lot', 'lot_use']::regclass[]);
  return true;
exception when lock_not_available or insufficient_privilege then
  return false;
end $$;
