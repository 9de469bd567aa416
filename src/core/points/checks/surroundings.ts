import { findTierFaults } from '../../tiers/faults'
import { type Check, FAULTS_SHOWN_MAX } from './check'

/** Triggers without which the ledger could be rewritten, by table. */
const GUARDS = [
  ['transfer', 'transfer_stays'],
  ['entry', 'entry_stays'],
  ['entry', 'entry_sums'],
  ['lot', 'lot_stays'],
  ['lot', 'lot_origin_stays'],
  ['lot', 'lot_expires_once'],
  ['lot_use', 'lot_use_stays'],
  ['hold', 'hold_stays'],
  ['hold', 'hold_ends_once'],
  ['member_account', 'member_account_stays'],
  ['coupon', 'coupon_stays'],
  ['coupon', 'coupon_stock_appears'],
  ['coupon', 'coupon_limit_holds'],
  ['issued_coupon', 'issued_coupon_stays'],
  ['issued_coupon', 'issued_coupon_origin_stays'],
  ['issued_coupon', 'issued_coupon_ends_once'],
] as const

/** Invariants of what stands around the ledger: its guards, tiers, and the messages that tell of it. */
export const surroundingChecks: readonly Check[] = [
  {
    invariant: 'guards-in-place',
    says: 'the triggers that keep what is written are there and enabled',
    find: (db) => db.sql`
      select guard.table_name as "table", guard.name as trigger from unnest(
        ${GUARDS.map(([table]) => table)}::text[], ${GUARDS.map(([, name]) => name)}::text[]) guard (table_name, name)
      left join pg_trigger on tgrelid = guard.table_name::regclass and tgname = guard.name
      where coalesce(tgenabled, 'D') not in ('O', 'A')`,
  },
  {
    invariant: 'tiers-follow-from-history',
    says: 'each tier is what the orders and the history of changes make it',
    find: async (db) => (await findTierFaults(db)).slice(0, FAULTS_SHOWN_MAX),
  },
  {
    invariant: 'orders-are-their-members',
    says: 'points that came or went with an order are of the member whose order it is',
    find: (db) => db.sql`
      select transfer.id as "transferId", transfer.member_id as "memberId", transfer.order_id as "orderId",
        shop_order.member_id as "orderMemberId"
      from transfer left join shop_order on shop_order.id = transfer.order_id
      where transfer.order_id is not null and shop_order.member_id is distinct from transfer.member_id
      order by transfer.id limit ${FAULTS_SHOWN_MAX}`,
  },
  {
    invariant: 'messages-are-kept',
    says: 'every reply of a web chat is in its log, and every reply that left says when',
    find: (db) => db.sql`
      with logged as (select conversation_id, count(*) as count, max(seq) as last from directline_activity group by conversation_id)
      select 'direct line log' as place, conversation.id, conversation.last_seq as expected, coalesce(logged.count, 0) as found
      from directline_conversation conversation left join logged on logged.conversation_id = conversation.id
      where conversation.last_seq <> coalesce(logged.count, 0) or conversation.last_seq <> coalesce(logged.last, 0)
      union all
      select 'outbox', id::text, null, null from outbox where (status = 'pending') <> (sent_at is null)
      limit ${FAULTS_SHOWN_MAX}`,
  },
]
