import { type Check, FAULTS_SHOWN_MAX } from './check'

/** Invariants of lots, what was taken from them, and holds. */
export const lotChecks: readonly Check[] = [
  {
    invariant: 'balances-are-their-lots',
    says: 'available and pending points are what is left in the lots, held points what is in open holds',
    find: (db) => db.sql`
      with lots as (
        select member_id, coalesce(sum(remaining) filter (where released_at is not null), 0) as available,
          coalesce(sum(remaining) filter (where released_at is null), 0) as pending
        from lot group by member_id
      ), holds as (select member_id, sum(points) as held from hold where status = 'open' group by member_id)
      select account.member_id as "memberId", json_build_array(account.available, account.pending, account.held) as stored,
        json_build_array(coalesce(lots.available, 0), coalesce(lots.pending, 0), coalesce(holds.held, 0)) as "inLots"
      from member_account account
      left join lots on lots.member_id = account.member_id left join holds on holds.member_id = account.member_id
      where (account.available, account.pending, account.held) is distinct from
        (coalesce(lots.available, 0), coalesce(lots.pending, 0), coalesce(holds.held, 0))
      order by 1 limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'lots-within-bounds',
    says: 'what is left of a lot and what expired from it are 0 or more, and together not more than was earned',
    find: (db) => db.sql`
      select id as "lotId", member_id as "memberId", earned, remaining, expired from lot
      where remaining < 0 or expired < 0 or remaining + expired > earned or earned < 1 or expires_at <= available_at
      order by id limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'lots-are-their-uses',
    says: 'what is left of a lot is what was earned less what transfers took',
    find: (db) => db.sql`
      with used as (select lot_id, sum(amount) as amount from lot_use group by lot_id)
      select coalesce(lot.id, used.lot_id) as "lotId", lot.member_id as "memberId", lot.earned, lot.remaining, used.amount as used
      from lot full join used on used.lot_id = lot.id
      where lot.id is null or lot.remaining <> lot.earned - coalesce(used.amount, 0)
      order by 1 limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'transfers-move-their-lots',
    says: "each transfer changed its member's lots by as much as its balances",
    find: (db) => db.sql`
      with moved as (
        select transfer_id, sum(amount) filter (where account in ('available', 'pending')) as amount from entry group by transfer_id
      ), made as (
        select transfer_id, sum(earned) as amount, min(member_id) as member_id from lot group by transfer_id
      ), used as (
        select transfer_id, sum(amount) as amount, min(member_id) as member_id, max(member_id) as member_id_max from lot_use group by transfer_id
      )
      select coalesce(transfer.id, made.transfer_id, used.transfer_id) as "transferId", transfer.kind, moved.amount as "inBalances",
        coalesce(made.amount, 0) - coalesce(used.amount, 0) as "inLots"
      from transfer
      full join made on made.transfer_id = transfer.id
      full join used on used.transfer_id = coalesce(transfer.id, made.transfer_id)
      left join moved on moved.transfer_id = transfer.id
      where transfer.id is null or coalesce(moved.amount, 0) <> coalesce(made.amount, 0) - coalesce(used.amount, 0)
        or made.member_id <> transfer.member_id or used.member_id <> transfer.member_id or used.member_id_max <> transfer.member_id
      order by 1 limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'gifts-leave-their-own-lot',
    says: 'what an adjustment gave is taken back from the lot that it made',
    find: (db) => db.sql`
      select reversal.id as "transferId", reversal.member_id as "memberId", lot.id as "lotId"
      from transfer reversal join transfer original on original.id = reversal.reverses_transfer_id and original.kind = 'adjust'
        left join lot_use on lot_use.transfer_id = reversal.id left join lot on lot.id = lot_use.lot_id
      where lot.transfer_id is distinct from original.id or lot_use.amount <> original.points
      order by 1 limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'lots-expire-once',
    says: 'a lot expires once, not before its time, and nothing is left of it then',
    find: (db) => db.sql`
      with expiry as (
        select lot_use.lot_id, count(*) as count, min(transfer.recorded_at) as first_at
        from transfer join lot_use on lot_use.transfer_id = transfer.id where transfer.kind = 'expire' group by lot_use.lot_id
      )
      select lot.id as "lotId", lot.member_id as "memberId", lot.expires_at as "expiresAt", lot.expired_at as "expiredAt",
        lot.remaining, coalesce(expiry.count, 0) as expiries
      from lot left join expiry on expiry.lot_id = lot.id
      where expiry.count > 1 or (lot.expired_at is not null and lot.remaining > 0)
        or (expiry.count > 0 and lot.expired_at is null)
        or lot.expired_at < lot.expires_at or expiry.first_at < lot.expires_at or (lot.expired_at is not null and lot.expires_at is null)
        or lot.released_at < lot.available_at
      order by lot.id limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'expired-points-add-up',
    says: 'what expired from the lots of a member is what the entries say',
    find: (db) => db.sql`
      with from_lots as (select member_id, sum(expired) as amount from lot group by member_id),
      from_entries as (select member_id, sum(amount) as amount from entry where account = 'expired' group by member_id)
      select coalesce(from_lots.member_id, from_entries.member_id) as "memberId",
        coalesce(from_lots.amount, 0) as "fromLots", coalesce(from_entries.amount, 0) as "fromEntries"
      from from_lots full join from_entries on from_entries.member_id = from_lots.member_id
      where coalesce(from_lots.amount, 0) <> coalesce(from_entries.amount, 0)
      order by 1 limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'holds-end-once',
    says: 'each hold is open or ended by one transfer of its own: posted, voided or expired',
    find: (db) => db.sql`
      select hold.id as "holdId", hold.member_id as "memberId", hold.status, ending.kind as "endedBy"
      from hold
      left join transfer origin on origin.id = hold.transfer_id
      left join transfer ending on ending.id = hold.ended_transfer_id
      where origin.kind is distinct from 'hold' or origin.points <> hold.points or origin.member_id <> hold.member_id
        or ending.points <> hold.points or ending.member_id <> hold.member_id
        or ending.kind is distinct from (case hold.status when 'posted' then 'post' when 'voided' then 'void' when 'expired' then 'void' end)
      union all
      select null, transfer.member_id, 'ends ' || count(hold.id) || ' holds', transfer.kind
      from transfer left join hold on hold.ended_transfer_id = transfer.id
      where transfer.kind in ('post', 'void') group by transfer.id having count(hold.id) <> 1
      union all
      select null, transfer.member_id, 'made ' || count(hold.id) || ' holds', transfer.kind
      from transfer left join hold on hold.transfer_id = transfer.id
      where transfer.kind = 'hold' group by transfer.id having count(hold.id) <> 1
      limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'due-times-are-known',
    says: 'each account knows when time next moves its points',
    find: (db) => db.sql`
      with due as (
        select member_id, min(instant) as at from (
          select member_id, case when released_at is null then available_at else expires_at end as instant
          from lot where remaining > 0
          union all
          select member_id, expires_at from hold where status = 'open'
        ) instants group by member_id
      )
      select account.member_id as "memberId", account.due_at as "storedDueAt", due.at as "dueAt"
      from due join member_account account on account.member_id = due.member_id
      where due.at is not null and (account.due_at is null or account.due_at > due.at)
      order by 1 limit ${FAULTS_SHOWN_MAX}`,
  },
]
