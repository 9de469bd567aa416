import type { CopyTx } from '../../db/copy'
import type { LineMemory, RememberedOrder } from './line-memory'

/** An order of a member that a first import takes. */
export interface FirstOrder extends RememberedOrder {
  memberId: string
  placedAtMs: number
}

/** The orders of members that a first import takes, by id, and the lines that were read. */
export interface FirstOrders {
  byId: ReadonlyMap<number, FirstOrder>
  memory: LineMemory
}

/** What order_draft knows of the orders that a first import takes. */
export interface Placed {
  /** Of each order of a member its id and its instant in milliseconds, all as one text. */
  orders: string
  /** The instant of the last order, of guests too; null where there is none. */
  horizonAt: Date | null
}

/** Reads which orders order_draft holds, and when each was placed. */
export async function readPlaced(tx: CopyTx): Promise<Placed> {
  // As one text: a row for each order would be read several times slower.
  const [row] = await tx.sql<{ orders: string | null; horizonAt: Date | null }>`
    select string_agg(order_id || ' ' || (extract(epoch from placed_at) * 1000)::bigint, ' ' order by order_id)
        filter (where member_id is not null) as orders,
      max(placed_at) as "horizonAt"
    from order_draft`
  return { orders: row?.orders ?? '', horizonAt: row?.horizonAt ?? null }
}

/** Finds which of the remembered orders were placed. */
export function ordersPlaced(placed: string, memory: LineMemory): Map<number, FirstOrder> {
  const numbers = placed.split(' ').map(Number)
  const placedAt = new Map<number, number>()
  for (let i = 0; i + 1 < numbers.length; i += 2) placedAt.set(numbers[i] as number, numbers[i + 1] as number)
  const byId = new Map<number, FirstOrder>()
  for (const order of memory.allOrders()) {
    const { orderId, memberId } = order
    const placedAtMs = placedAt.get(orderId)
    if (placedAtMs === undefined || memberId === null || byId.has(orderId)) continue
    const { externalId, kind, totalMinor, lineCount, refundsExternalId } = order
    byId.set(orderId, { orderId, externalId, memberId, kind, totalMinor, lineCount, refundsExternalId, placedAtMs })
  }
  return byId
}
