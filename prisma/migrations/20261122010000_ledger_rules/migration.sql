-- What the ledger's tables may hold. See docs/architecture.md, "The ledger".
-- Entries and lot uses carry no foreign keys: only the functions of the next migrations write them, a key would cost each hot
-- write tens of microseconds, and "regulars verify" looks for orphans.

-- ---------------------------------------------------------------- columns

-- The earliest instant at which time itself moves this member's points (a lot becomes available or expires, a hold
-- expires); null when none does. Hot writes look at it to know whether there is anything to settle first.
alter table member_account add column due_at timestamptz(3);
create index member_account_due_at_idx on member_account (due_at);

-- What expired out of the lot. remaining + expired + what transfers used = earned.
alter table lot add column expired bigint not null default 0;

-- Rows that are updated in place on hot paths keep room for it on their page.
alter table member_account set (fillfactor = 70);
alter table lot set (fillfactor = 80);
alter table coupon set (fillfactor = 50);

create index issued_coupon_open_idx on issued_coupon (expires_at) where status = 'issued';

-- ---------------------------------------------------------------- checks

alter table member_account
  add foreign key (member_id) references member (id),
  -- Below 10^15, so that sums of balances stay whole numbers in every client.
  add check (available between 0 and 1000000000000000),
  add check (pending between 0 and 1000000000000000),
  add check (held between 0 and 1000000000000000),
  add check (owed between 0 and 1000000000000000),
  -- Nobody owes points while having some to pay with.
  add check (owed = 0 or (available = 0 and pending = 0)),
  add check (entry_seq >= 0),
  add check (octet_length(head_hash) = 32);

alter table transfer
  add check (kind in ('earn', 'release', 'burn', 'expire', 'reverse', 'adjust', 'hold', 'post', 'void')),
  add check (points between 1 and 1000000000000 or (kind = 'adjust' and points between -1000000000000 and -1)),
  add check (shortfall between 0 and points or shortfall = 0),
  add check ((kind = 'reverse') = (reverses_transfer_id is not null)),
  add check (char_length(source) between 1 and 100 and char_length(external_id) between 1 and 1000),
  add check (octet_length(input_hash) = 32);

alter table entry
  add check (account in ('available', 'pending', 'held', 'owed', 'issued', 'redeemed', 'expired', 'adjusted')),
  add check (amount <> 0),
  add check (seq >= 1),
  add check (octet_length(hash) = 32 and octet_length(prev_hash) = 32);

alter table lot
  add check (earned >= 1),
  add check (remaining >= 0 and expired >= 0 and remaining + expired <= earned),
  add check (expires_at > available_at),
  add check (expired_at is null or remaining = 0);

alter table lot_use add check (amount <> 0);

alter table hold
  add check (points >= 1),
  add check (status in ('open', 'posted', 'voided', 'expired')),
  add check ((status = 'open') = (ended_transfer_id is null)),
  add check ((status = 'open') = (ended_at is null));

alter table coupon
  add check (kind in ('amount-off', 'percent-off', 'free-item', 'free-shipping')),
  add check (case kind when 'amount-off' then value >= 1 when 'percent-off' then value between 1 and 100 else value = 0 end),
  add check ((kind = 'free-item') = (sku is not null)),
  add check (cost_points between 1 and 100000000000),
  add check (stock >= 0),
  add check (used >= 0 and used <= stock),
  add check (per_member_limit >= 1),
  add check (ends_at > starts_at),
  add check (valid_days between 1 and 3650);

alter table issued_coupon
  add check (status in ('issued', 'used', 'expired', 'void')),
  add check ((status = 'used') = (used_at is not null)),
  add check ((status = 'used') = (used_ref is not null)),
  add check (expires_at > issued_at);

-- ---------------------------------------------------------------- what is written stays

create function ledger_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% of % is refused: what the ledger wrote stays; a correction is a new transfer', tg_op, tg_table_name
    using errcode = 'integrity_constraint_violation';
end $$;

create trigger transfer_stays before update or delete or truncate on transfer execute function ledger_refuse_change();
create trigger entry_stays before update or delete or truncate on entry execute function ledger_refuse_change();
create trigger lot_use_stays before update or delete or truncate on lot_use execute function ledger_refuse_change();
create trigger lot_stays before delete or truncate on lot execute function ledger_refuse_change();
create trigger lot_origin_stays before update of id, member_id, transfer_id, earned, available_at, expires_at on lot
  execute function ledger_refuse_change();
create trigger hold_stays before delete or truncate on hold execute function ledger_refuse_change();
create trigger member_account_stays before delete or truncate on member_account execute function ledger_refuse_change();
create trigger issued_coupon_stays before delete or truncate on issued_coupon execute function ledger_refuse_change();
create trigger issued_coupon_origin_stays
  before update of id, code, coupon_id, member_id, transfer_id, issued_at on issued_coupon execute function ledger_refuse_change();

-- A lot expires once, a hold ends once, an issued coupon leaves its state once.
create trigger lot_expires_once before update on lot for each row
  when (old.expired_at is not null and new.expired_at is distinct from old.expired_at) execute function ledger_refuse_change();
create trigger hold_ends_once before update on hold for each row
  when (old.status <> 'open' or new.points <> old.points or new.transfer_id <> old.transfer_id)
  execute function ledger_refuse_change();
create trigger issued_coupon_ends_once before update on issued_coupon for each row
  when (old.status <> 'issued' and new.status <> old.status) execute function ledger_refuse_change();

-- ---------------------------------------------------------------- entries of a transfer sum to zero

-- All entries of a transfer are written by one statement, so that each statement can be held to it.
create function ledger_check_sums() returns trigger language plpgsql as $$
declare
  v_transfer bigint;
begin
  select transfer_id into v_transfer from written group by transfer_id having sum(amount) <> 0 limit 1;
  if found then
    raise exception 'the entries of transfer % do not sum to 0', v_transfer using errcode = 'check_violation';
  end if;
  return null;
end $$;

create trigger entry_sums after insert on entry referencing new table as written
  for each statement execute function ledger_check_sums();

-- ---------------------------------------------------------------- coupons

create function coupon_refuse_delete() returns trigger language plpgsql as $$
begin
  if exists (select from issued_coupon where coupon_id = old.id) then
    raise exception 'coupon % was issued and stays; give it an end instead', old.id
      using errcode = 'integrity_constraint_violation';
  end if;
  return old;
end $$;

create trigger coupon_stays before delete on coupon for each row execute function coupon_refuse_delete();

-- Only coupons with a stock count their uses (a counter is one row that all redemptions queue for). One that gets a
-- stock later starts from what was issued; redemptions hold the row in share mode meanwhile.
create function coupon_count_used() returns trigger language plpgsql as $$
begin
  if new.stock is null then
    new.used := 0;
  else
    select count(*) into new.used from issued_coupon where coupon_id = new.id and status <> 'void';
  end if;
  return new;
end $$;

create trigger coupon_stock_appears before update of stock on coupon for each row
  when ((old.stock is null) <> (new.stock is null)) execute function coupon_count_used();
