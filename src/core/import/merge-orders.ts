import type { CopyTx } from '../../db/copy'
import { FIRST_TIER } from '../tiers/ladder'
import type { OrdersRead } from './read-orders'
import { LINES_SHOWN_MAX, type OrderRefusal, type RefusalTally } from './refusals'

export interface MergeOptions {
  source: string
  /** Where local times of the file are. */
  timeZone: string
  at: Date
}

/** What the file's orders turned out to be. */
export interface MergedOrders {
  added: number
  alreadyThere: number
  members: number
  guestOrders: number
  refused: number
  /** Refunds of members that are new, and their lines. */
  refunds: number
  refundLines: number
}

/**
 * Makes order_draft of incoming_order: one row an order, the refused and the already known sorted out. Afterwards it
 * holds what is new and sound, and the lines of what is not are gone from order_line.
 */
export async function draftOrders(
  tx: CopyTx,
  { source, timeZone }: MergeOptions,
  { tally, mayBeScattered }: Pick<OrdersRead, 'tally' | 'mayBeScattered'>,
): Promise<MergedOrders> {
  await tx.sql`
    create temporary table order_draft (
      order_id bigint not null, external_id text not null, member_id text, kind text not null,
      placed_at timestamptz(3) not null, total_minor bigint not null, line_count int not null, first_line bigint not null,
      is_known boolean not null, refusal text, refunds_external_id text, email text, member_name text
    ) on commit drop`
  if (mayBeScattered) await joinScattered(tx)
  await tx.sql`
    insert into order_draft
    select order_id, external_id, member_id, kind,
      case when placed_at like '%Z' then placed_at::timestamptz else placed_at::timestamp at time zone ${timeZone} end,
      total_minor, line_count, first_line, is_known, refusal, refunds_external_id, email, member_name
    from incoming_order`
  await tx.sql`analyze order_draft`
  await takeErasedForGuests(tx)
  await refuseChanged(tx)
  await tx.sql`
    update order_draft set refusal = 'member-of-another-source'
    from member where member.id = order_draft.member_id and member.source <> ${source} and refusal is null`
  await countRefused(tx, tally)
  const [merged] = await tx.sql<MergedOrders>`
    select count(*) filter (where not is_known and refusal is null) as added,
      count(*) filter (where is_known and refusal is null) as "alreadyThere",
      count(distinct member_id) filter (where refusal is null) as members,
      count(*) filter (where refusal is not null) as refused,
      count(*) filter (where kind = 'refund' and member_id is not null and refusal is null and not is_known) as refunds,
      coalesce(sum(line_count) filter (
        where kind = 'refund' and member_id is not null and refusal is null and not is_known), 0)::int as "refundLines",
      count(*) filter (where member_id is null and refusal is null) as "guestOrders"
    from order_draft`
  if (!merged) throw new Error('an aggregate returned no row')
  await tx.sql`delete from order_draft where refusal is not null or is_known`
  return merged
}

/**
 * The merchant's systems may go on naming a member who was erased: their new orders are a guest's, and stay one's when they come
 * again. Those of before keep the number.
 */
async function takeErasedForGuests(tx: CopyTx): Promise<void> {
  await tx.sql`
    update order_draft draft set member_id = null, email = null, member_name = null
    from member where member.id = draft.member_id and member.erased_at is not null
      and (not is_known or (select member_id from shop_order where id = draft.order_id) is null)`
}

/** An order that came back after it was closed was given a second id: its lines move to the first, behind those there. */
async function joinScattered(tx: CopyTx): Promise<void> {
  await tx.sql`
    update order_line set order_id = part.kept_id, line_no = order_line.line_no + part.lines_before
    from (
      select order_id, min(order_id) over fragments as kept_id, (sum(line_count) over fragments - line_count)::int as lines_before
      from incoming_order where not is_known
      window fragments as (partition by external_id order by order_id)
    ) part
    where order_line.order_id = part.order_id and part.kept_id <> part.order_id`
  await tx.sql`
    create temporary table joined_order on commit drop as
    select min(order_id) as order_id, external_id, min(member_id) as member_id, min(kind) as kind, min(placed_at) as placed_at,
      sum(total_minor)::bigint as total_minor, sum(line_count)::int as line_count, min(first_line) as first_line,
      bool_or(is_known) as is_known,
      case when min(refusal) is not null then min(refusal)
        when min(kind) <> max(kind) then 'order-of-several-kinds'
        when min(member_id) <> max(member_id) or count(member_id) not in (0, count(*)) then 'order-of-several-members'
      end as refusal,
      min(refunds_external_id) as refunds_external_id, max(email) as email, max(member_name) as member_name
    from incoming_order group by external_id`
  await tx.sql`truncate incoming_order`
  await tx.sql`insert into incoming_order select * from joined_order`
}

/** An order that is there already is the same order or it is refused: history is not rewritten by a second file. */
async function refuseChanged(tx: CopyTx): Promise<void> {
  await tx.sql`
    with known as (
      select order_id from order_draft where is_known
    ), read as (
      select order_id, count(*) as lines, sum(hashtextextended(sku || ' ' || quantity || ' ' || unit_price_minor, 0)) as content
      from known_line group by order_id
    ), stored as (
      select line.order_id, count(*) as lines,
        sum(hashtextextended(line.sku || ' ' || line.quantity || ' ' || line.unit_price_minor, 0)) as content
      from known join order_line line on line.order_id = known.order_id group by line.order_id
    )
    update order_draft draft set refusal = 'order-changed'
    from shop_order known
      left join stored on stored.order_id = known.id
      left join read on read.order_id = known.id
    where draft.is_known and draft.refusal is null and known.id = draft.order_id
      and ((draft.member_id, draft.kind, draft.placed_at, draft.total_minor)
          is distinct from (known.member_id, known.kind, known.placed_at, known.total_minor)
        or (stored.lines, stored.content) is distinct from (read.lines, read.content))`
}

async function countRefused(tx: CopyTx, tally: RefusalTally): Promise<void> {
  const refused = await tx.sql<{ refusal: OrderRefusal; rows: number; lines: string[] }>`
    select refusal, sum(line_count)::int as rows, (array_agg(first_line order by first_line))[1:${LINES_SHOWN_MAX}::int] as lines
    from order_draft where refusal is not null group by refusal order by refusal`
  if (refused.length === 0) return
  for (const { refusal, rows, lines } of refused) tally.addAll(refusal, { rows, lines: lines.map(Number) })
  await tx.sql`
    delete from order_line using order_draft draft
    where order_line.order_id = draft.order_id and draft.refusal is not null and not draft.is_known`
}

/** Writes the members of the new orders. One who is there already keeps name and address, and may have joined earlier. */
export async function mergeMembers(tx: CopyTx, { source, at }: MergeOptions): Promise<{ added: number }> {
  const [row] = await tx.sql<{ added: number }>`
    with merged as (
      insert into member (id, source, display_name, email, joined_at, tier_code, tier_reviewed_at)
      select member_id, ${source}, max(member_name), max(email), min(placed_at), ${FIRST_TIER}, min(placed_at)
      from order_draft where member_id is not null group by member_id
      on conflict (id) do update set joined_at = least(member.joined_at, excluded.joined_at),
        display_name = coalesce(member.display_name, excluded.display_name),
        email = coalesce(member.email, excluded.email)
      where member.erased_at is null and (excluded.joined_at < member.joined_at
        or (member.display_name is null and excluded.display_name is not null)
        or (member.email is null and excluded.email is not null))
      returning (xmax = 0) as is_new
    )
    select count(*) filter (where is_new) as added from merged`
  await tx.sql`
    insert into source (name, horizon_at, imported_at)
    select ${source}, max(placed_at), ${at} from order_draft
    on conflict (name) do update set imported_at = excluded.imported_at,
      horizon_at = greatest(source.horizon_at, excluded.horizon_at)`
  return { added: row?.added ?? 0 }
}

/** Writes the new orders, with what order_outcome says of them. Their lines are there already. */
export async function insertOrders(
  tx: CopyTx,
  { source, currency }: { source: string; currency: string },
): Promise<void> {
  await tx.sql`
    insert into shop_order (id, source, external_id, member_id, kind, status, placed_at, total_minor, currency, refunds_order_id)
    select order_id, ${source}, external_id, member_id, kind,
      case when kind = 'sale' and is_spent is not true then 'delivered' else 'refunded' end, placed_at, total_minor, ${currency},
      refunds_order_id
    from order_draft left join order_outcome using (order_id) order by order_id`
}
