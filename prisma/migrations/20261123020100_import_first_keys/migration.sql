-- What a first import writes goes into tables without keys and indexes, which are then built at once: half the work of keeping
-- them up row by row. Only while there is nobody whose orders could be asked for, since the tables are locked until the
-- import commits, and only if nobody has them in use. A rollback brings everything back.
drop function import_drop_line_key();

create function import_drop_keys() returns boolean language plpgsql as $$
declare
  v_key record;
begin
  if exists (select from member) or exists (select from shop_order) or exists (select from order_line) then return false; end if;
  lock table shop_order, order_line in access exclusive mode nowait;
  -- Asked again: somebody may have been quicker.
  if exists (select from shop_order) or exists (select from order_line) then return false; end if;
  create temporary table import_key on commit drop as
    select pg_index.indrelid::regclass as of_table, indexrelid::regclass::text as index_name, conname as constraint_name,
      case when conname is null then pg_get_indexdef(indexrelid)
        else format('alter table %s add constraint %I %s', indrelid::regclass, conname, pg_get_constraintdef(pg_constraint.oid))
      end as restore
    from pg_index left join pg_constraint on conindid = indexrelid and contype in ('p', 'u')
    where indrelid in ('shop_order'::regclass, 'order_line'::regclass)
    order by indexrelid;
  for v_key in select * from import_key loop
    if v_key.constraint_name is null then execute format('drop index %s', v_key.index_name);
    else execute format('alter table %s drop constraint %I', v_key.of_table, v_key.constraint_name);
    end if;
  end loop;
  return true;
exception when lock_not_available then
  return false;
end $$;

create function import_restore_keys() returns void language plpgsql as $$
declare
  v_restore text;
begin
  for v_restore in select restore from import_key loop execute v_restore; end loop;
end $$;
