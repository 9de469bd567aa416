-- A limit for one member holds for what was issued: it is not lowered below what somebody has already. (The stock is held to
-- the same by its check.)
create function coupon_refuse_limit() returns trigger language plpgsql as $$
declare
  v_most int;
begin
  select max(count) into v_most from (
    select count(*) as count from issued_coupon where coupon_id = new.id and status <> 'void' group by member_id) mine;
  if v_most > new.per_member_limit then
    raise exception 'coupon %: a member has % already, so that the limit cannot be %', new.id, v_most, new.per_member_limit
      using errcode = 'check_violation', hint = 'end this coupon and put up another one';
  end if;
  return new;
end $$;

create trigger coupon_limit_holds before update of per_member_limit on coupon for each row
  when (new.per_member_limit is distinct from old.per_member_limit) execute function coupon_refuse_limit();
