import { type CopyTx, copyText } from '../../db/copy'
import type { ProductTally } from './catalogue-tally'
import { detached } from './fields'
import type { OrderLine } from './format'
import type { OrderRefusal } from './refusals'

/** Lines that go to the server together. While it stores them the next are read. */
const BATCH_LINES = 16_384
/** Orders kept open for more lines. One that comes back later than that is put together in the database. */
const OPEN_ORDERS_MAX = 100_000

/** An order as far as it was read. */
interface OpenOrder {
  externalId: string
  memberId: string | null
  kind: 'sale' | 'refund'
  placedAt: string
  totalMinor: number
  lineCount: number
  firstLine: number
  refusal: OrderRefusal | null
  refundsExternalId: string | null
  email: string | null
  memberName: string | null
  /** Of shop_order; 0 until its first lines are sent. */
  orderId: number
  /** It was in the database before this import. */
  isKnown: boolean
}

interface Batch {
  /** The order and the rest of the row of each line. */
  orders: OpenOrder[]
  lineNos: number[]
  rows: string[]
  /** Orders first seen in this batch, and those that are complete. */
  fresh: OpenOrder[]
  closed: OpenOrder[]
}

/** Makes the temporary tables that the intake writes and the merge reads. */
export async function createIntakeTables(tx: CopyTx): Promise<void> {
  await tx.sql`
    create temporary table incoming_order (
      order_id bigint not null, external_id text not null, member_id text, kind text not null,
      placed_at text not null, total_minor bigint not null, line_count int not null, first_line bigint not null,
      is_known boolean not null, refusal text, refunds_external_id text, email text, member_name text
    ) on commit drop`
  await tx.sql`
    create temporary table known_line (
      order_id bigint not null, sku text not null, quantity int not null, unit_price_minor int not null, amount_minor bigint not null
    ) on commit drop`
}

/**
 * Takes lines as they are read and sends them by COPY: those of new orders straight into order_line, under ids taken
 * from the sequence (nobody sees them before their order is there), those of orders already known into known_line to be
 * compared. Memory does not grow with the file.
 */
export class OrderIntake {
  private open = new Map<string, OpenOrder>()
  private aging = new Map<string, OpenOrder>()
  private batch = emptyBatch()
  private sending: Promise<void> = Promise.resolve()
  private last: OpenOrder | undefined

  constructor(
    private readonly tx: CopyTx,
    private readonly options: { source: string; openOrdersMax?: number },
  ) {}

  add(line: OrderLine, product: ProductTally, lineNumber: number): void {
    const order = this.last?.externalId === line.externalId ? this.last : this.orderOf(line, lineNumber)
    this.last = order
    order.lineCount += 1
    order.totalMinor += line.amountMinor
    if (line.memberId !== order.memberId) order.refusal = 'order-of-several-members'
    if (line.kind !== order.kind) order.refusal = 'order-of-several-kinds'
    if (!Number.isSafeInteger(order.totalMinor)) order.refusal = 'absurd-total'
    if (line.placedAt < order.placedAt) order.placedAt = line.placedAt
    this.batch.orders.push(order)
    this.batch.lineNos.push(order.lineCount)
    this.batch.rows.push(`\t${product.copySku}\t${line.quantity}\t${line.unitPriceMinor}\t${line.amountMinor}\n`)
  }

  /** Call between pieces of the file: sends what has come together, after what is still on its way. */
  async sendWhenFull(): Promise<void> {
    if (this.batch.rows.length >= BATCH_LINES) await this.send()
  }

  /** Sends the rest; afterwards every order of the file stands in incoming_order. */
  async finish(): Promise<void> {
    this.batch.closed.push(...this.aging.values(), ...this.open.values())
    await this.send()
    await this.sending
  }

  /** Resolves when nothing is on its way any more, whether it arrived or failed. */
  async settled(): Promise<void> {
    await this.sending.catch(() => undefined)
  }

  private orderOf(line: OrderLine, lineNumber: number): OpenOrder {
    const open = this.open.get(line.externalId)
    if (open) return open
    const aging = this.aging.get(line.externalId)
    if (aging) this.aging.delete(line.externalId)
    const order = aging ?? startOrder(line, lineNumber)
    if (!aging) this.batch.fresh.push(order)
    this.open.set(order.externalId, order)
    if (this.open.size > (this.options.openOrdersMax ?? OPEN_ORDERS_MAX)) {
      this.batch.closed.push(...this.aging.values())
      this.aging = this.open
      this.open = new Map()
    }
    return order
  }

  private async send(): Promise<void> {
    await this.sending
    const batch = this.batch
    this.batch = emptyBatch()
    this.sending = this.sendBatch(batch)
    // Awaited by the next send; a failure until then must not count as unhandled.
    this.sending.catch(() => undefined)
  }

  private async sendBatch(batch: Batch): Promise<void> {
    await this.identify(batch.fresh)
    const fresh: string[] = []
    const known: string[] = []
    batch.orders.forEach((order, index) => {
      const row = batch.rows[index] ?? ''
      if (order.isKnown) known.push(order.orderId + row)
      else fresh.push(`${order.orderId}\t${batch.lineNos[index]}${row}`)
    })
    if (fresh.length > 0) await this.tx.copyIn(COPY_LINES, fresh.join(''))
    if (known.length > 0) await this.tx.copyIn(COPY_KNOWN_LINES, known.join(''))
    if (batch.closed.length > 0) await this.tx.copyIn(COPY_ORDERS, batch.closed.map(orderRow).join(''))
  }

  /** Gives each order its id: the one it has, or a new one. */
  private async identify(fresh: readonly OpenOrder[]): Promise<void> {
    if (fresh.length === 0) return
    const rows = await this.tx.sql<{ id: number; isKnown: boolean }>`
      select coalesce(known_id, nextval('shop_order_id_seq')) as id, known_id is not null as "isKnown"
      from (
        select known.id as known_id
        from unnest(${fresh.map((order) => order.externalId)}::text[]) with ordinality asked (external_id, place)
          left join shop_order known on known.source = ${this.options.source} and known.external_id = asked.external_id
        order by asked.place
      ) in_the_order_of_the_file`
    fresh.forEach((order, index) => {
      const row = rows[index]
      if (!row) throw new Error(`asked for the ids of ${fresh.length} orders, got ${rows.length}`)
      order.orderId = row.id
      order.isKnown = row.isKnown
    })
  }
}

const COPY_LINES = 'copy order_line (order_id, line_no, sku, quantity, unit_price_minor, amount_minor) from stdin'
const COPY_KNOWN_LINES = 'copy known_line (order_id, sku, quantity, unit_price_minor, amount_minor) from stdin'
const COPY_ORDERS = `copy incoming_order (order_id, external_id, member_id, kind, placed_at, total_minor, line_count,
  first_line, is_known, refusal, refunds_external_id, email, member_name) from stdin`

function orderRow(order: OpenOrder): string {
  const fields = [
    order.orderId,
    copyText(order.externalId),
    copyText(order.memberId),
    order.kind,
    order.placedAt,
    // An order refused for its total has none that is exact.
    order.refusal === 'absurd-total' ? 0 : order.totalMinor,
    order.lineCount,
    order.firstLine,
    order.isKnown,
    copyText(order.refusal),
    copyText(order.refundsExternalId),
    copyText(order.email),
    copyText(order.memberName),
  ]
  return `${fields.join('\t')}\n`
}

function startOrder(line: OrderLine, lineNumber: number): OpenOrder {
  return {
    externalId: detached(line.externalId),
    memberId: line.memberId === null ? null : detached(line.memberId),
    kind: line.kind,
    placedAt: line.placedAt,
    totalMinor: 0,
    lineCount: 0,
    firstLine: lineNumber,
    refusal: null,
    refundsExternalId: line.refundsExternalId === null ? null : detached(line.refundsExternalId),
    email: line.email === null ? null : detached(line.email),
    memberName: line.memberName === null ? null : detached(line.memberName),
    orderId: 0,
    isKnown: false,
  }
}

function emptyBatch(): Batch {
  return { orders: [], lineNos: [], rows: [], fresh: [], closed: [] }
}
