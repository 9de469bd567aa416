import { type Check, FAULTS_SHOWN_MAX } from './check'

/** Invariants of transfers, their entries and the balances they add up to. */
export const entryChecks: readonly Check[] = [
  {
    invariant: 'entries-sum-to-zero',
    says: 'the entries of each transfer sum to 0',
    find: (db) => db.sql`
      select transfer_id as "transferId", sum(amount) as sum from entry
      group by transfer_id having sum(amount) <> 0 order by transfer_id limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'transfers-are-whole',
    says: 'each transfer has entries, on accounts that its kind moves, that amount to its points',
    find: (db) => db.sql`
      with moved as (
        select transfer_id, array_agg(distinct account) as accounts, sum(greatest(amount, 0)) as amount,
          -sum(amount) filter (where account in ('issued', 'adjusted')) as issued,
          sum(amount) filter (where account = 'redeemed') as redeemed,
          coalesce(-sum(amount) filter (where account = 'owed'), 0) as owed
        from entry group by transfer_id
      )
      select transfer.id as "transferId", transfer.kind, transfer.points, moved.accounts, moved.amount
      from transfer left join moved on moved.transfer_id = transfer.id
      where moved.amount is null
        or not case kind
          when 'earn' then issued = points and accounts <@ '{issued,owed,pending,available}'
          when 'release' then amount = points and accounts = '{available,pending}'
          when 'burn' then redeemed = points and accounts = '{available,redeemed}'
          when 'expire' then amount = points and accounts = '{available,expired}'
          when 'adjust' then issued = points and accounts <@ '{adjusted,owed,available}'
          when 'hold' then amount = points and accounts = '{available,held}'
          when 'post' then redeemed = points and accounts = '{held,redeemed}'
          when 'void' then amount = points and accounts <@ '{held,expired,owed,available}'
          else (issued = -points and owed = shortfall and accounts <@ '{issued,expired,owed,pending,available}')
            or (redeemed = -points and shortfall = 0 and accounts <@ '{redeemed,owed,available}')
            or (issued = -points and shortfall = 0 and accounts = '{adjusted,available}')
        end
      order by transfer.id limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'balances-are-their-entries',
    says: 'each balance is the sum of its entries',
    find: (db) => db.sql`
      with summed as (
        select member_id, coalesce(sum(amount) filter (where account = 'available'), 0) as available,
          coalesce(sum(amount) filter (where account = 'pending'), 0) as pending,
          coalesce(sum(amount) filter (where account = 'held'), 0) as held,
          coalesce(-sum(amount) filter (where account = 'owed'), 0) as owed
        from entry group by member_id
      )
      select coalesce(stored.member_id, summed.member_id) as "memberId",
        json_build_array(stored.available, stored.pending, stored.held, stored.owed) as stored,
        json_build_array(summed.available, summed.pending, summed.held, summed.owed) as summed
      from member_account stored full join summed on summed.member_id = stored.member_id
      where stored.member_id is null
        or (stored.available, stored.pending, stored.held, stored.owed) is distinct from
           (coalesce(summed.available, 0), coalesce(summed.pending, 0), coalesce(summed.held, 0), coalesce(summed.owed, 0))
      order by 1 limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'balances-never-negative',
    says: 'no balance was below 0 after any transfer, and nobody owed points while having some',
    find: (db) => db.sql`
      with moved as (
        select member_id, transfer_id, max(seq) as seq, coalesce(sum(amount) filter (where account = 'available'), 0) as available,
          coalesce(sum(amount) filter (where account = 'pending'), 0) as pending,
          coalesce(sum(amount) filter (where account = 'held'), 0) as held,
          coalesce(-sum(amount) filter (where account = 'owed'), 0) as owed
        from entry group by member_id, transfer_id
      ), running as (
        select member_id, transfer_id, sum(available) over so_far as available, sum(pending) over so_far as pending,
          sum(held) over so_far as held, sum(owed) over so_far as owed
        from moved window so_far as (partition by member_id order by seq)
      )
      select member_id as "memberId", transfer_id as "transferId", available, pending, held, owed from running
      where least(available, pending, held, owed) < 0 or (owed > 0 and available + pending > 0)
      order by transfer_id limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'keys-are-unique',
    says: 'each key (source, external id) was recorded once',
    find: (db) => db.sql`
      select source, external_id as "externalId", count(*) as count, array_agg(id order by id) as "transferIds" from transfer
      group by source, external_id having count(*) > 1 order by 1, 2 limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'reversals-within-original',
    says: 'all reversals of a transfer together do not exceed it, and are of the same member',
    find: (db) => db.sql`
      select reversal.reverses_transfer_id as "transferId", original.kind, original.points, sum(reversal.points) as reversed
      from transfer reversal left join transfer original on original.id = reversal.reverses_transfer_id
      where reversal.reverses_transfer_id is not null
      group by reversal.reverses_transfer_id, original.id
      having original.id is null or sum(reversal.points) > original.points or original.kind not in ('earn', 'burn', 'post', 'adjust')
        or bool_or(reversal.member_id <> original.member_id) or bool_or(reversal.kind <> 'reverse') or bool_or(reversal.id <= original.id)
      order by 1 limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'chain-unbroken',
    says: "each entry carries the hash of the one before it in its member's chain, and the account that of the last",
    find: (db) => db.sql`
      with digest as materialized (select id, member_id, ledger_digest(transfer) as hash from transfer),
      linked as (
        select entry.*, lag(seq, 1, 0::bigint) over chain as before_seq, lag(hash, 1, ledger_genesis(member_id)) over chain as before_hash,
          lead(seq) over chain is null as is_last
        from entry window chain as (partition by member_id order by seq)
      ), judged as materialized (
        select linked.member_id, linked.seq, transfer_id, linked.seq <> before_seq + 1 as is_after_gap,
          prev_hash <> before_hash as is_astray, digest.id is null as is_orphan,
          linked.hash <> ledger_link(prev_hash, digest.hash, linked.seq, account, amount) as is_changed,
          is_last and (stored.entry_seq, stored.head_hash) is distinct from (linked.seq, linked.hash) as is_not_the_end
        from linked
        left join digest on digest.id = linked.transfer_id and digest.member_id = linked.member_id
        left join member_account stored on stored.member_id = linked.member_id
      )
      select member_id as "memberId", seq, transfer_id as "transferId",
        concat_ws(', ', case when is_after_gap then 'entries are missing before it' end,
          case when is_astray then 'does not follow the one before it' end, case when is_orphan then 'has no transfer' end,
          case when is_changed then 'was changed' end, case when is_not_the_end then 'is not where the account ends' end) as fault
      from judged where is_after_gap or is_astray or is_orphan or is_changed or is_not_the_end
      union all
      select member_id, entry_seq, null, 'the account counts entries that are not there' from member_account
      where (entry_seq > 0 or head_hash <> ledger_genesis(member_id))
        and not exists (select from entry where entry.member_id = member_account.member_id)
      limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'replay-gives-same-state',
    says: 'replaying all entries gives the state hash of the stored accounts',
    find: (db) => db.sql`
      with stored as (
        select encode(sha256(convert_to(coalesce(string_agg(
          row(member_id, available, pending, held, owed, entry_seq, encode(head_hash, 'hex'))::text, E'\n' order by member_id collate "C"), ''), 'UTF8')), 'hex') as hash
        from member_account where entry_seq > 0
      ), replayed as (
        select encode(sha256(convert_to(coalesce(string_agg(
          row(member_id, available, pending, held, owed, seq, encode(head, 'hex'))::text, E'\n' order by member_id collate "C"), ''), 'UTF8')), 'hex') as hash
        from (
          select member_id, coalesce(sum(amount) filter (where account = 'available'), 0) as available,
            coalesce(sum(amount) filter (where account = 'pending'), 0) as pending,
            coalesce(sum(amount) filter (where account = 'held'), 0) as held,
            coalesce(-sum(amount) filter (where account = 'owed'), 0) as owed,
            max(seq) as seq, (array_agg(hash order by seq desc))[1] as head
          from entry group by member_id
        ) state
      )
      select stored.hash as "storedHash", replayed.hash as "replayedHash" from stored, replayed where stored.hash <> replayed.hash`,
  },
]
