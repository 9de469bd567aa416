-- What is due of an import stands in one row a member: a row for each order was five times as many rows, written, found by a key and
-- deleted.
alter table import_due drop constraint import_due_pkey;
alter table import_due rename to import_due_by_order;

create table import_due (
    run_id bigint not null,
    batch integer not null,
    member_id text not null,
    order_ids bigint[] not null,
    -- Of each of the orders: the sale that it names, if it is a refund that names one.
    refunds_external_ids text[] not null,

    constraint import_due_pkey primary key (run_id, batch, member_id),
    check (cardinality(order_ids) = cardinality(refunds_external_ids))
);

insert into import_due (run_id, batch, member_id, order_ids, refunds_external_ids)
select run_id, batch, member_id, array_agg(order_id order by order_id), array_agg(refunds_external_id order by order_id)
from import_due_by_order group by run_id, batch, member_id;

drop table import_due_by_order;

create view import_due_order as
select run_id, batch, member_id, order_id, refunds_external_id
from import_due cross join lateral unnest(order_ids, refunds_external_ids) as due (order_id, refunds_external_id);
