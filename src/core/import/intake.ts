import { type CopyTx, copyText } from '../../db/copy'
import { AMOUNT_MAX_MINOR } from '../orders/place'
import type { CatalogueTally, ProductTally } from './catalogue-tally'
import { detached } from './fields'
import type { OrderLine } from './format'
import type { LineMemory, RememberedOrder } from './line-memory'
import type { OrderRefusal } from './refusals'

/** How much goes to the server together. While it stores that, the next is read. */
const BATCH_BYTES = 1 << 20
const TAB = 9
const NEWLINE = 10
const MINUS = 45
const DIGIT_0 = 48
const INT32_MAX = 2 ** 31 - 1
/** A row of order_line is shorter: an SKU of at most 200 characters, escaped, and numbers. */
const ROW_BYTES_MAX = 1_000
/** Orders kept open for more lines. One that comes back later than that is put together in the database. */
const OPEN_ORDERS_MAX = 100_000
/** Ids of orders at hand, and how many of them one more piece of the file (256 kB, lines of at least 20 bytes) may need. */
const RESERVED_IDS = 32_768
const IDS_PER_PIECE_MAX = 16_384

/** An order as far as it was read. */
interface OpenOrder extends RememberedOrder {
  placedAt: string
  lineCount: number
  firstLine: number
  refusal: OrderRefusal | null
  email: string | null
  memberName: string | null
  /** The id of the same order in the database, found when its first lines are sent. */
  knownId: number | null
}

interface Batch {
  /** Rows of order_line as COPY takes them: bytes, since half a million strings that live for a while keep the collector busy. */
  rows: Buffer
  bytes: number
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
    create temporary table order_outcome (order_id bigint not null, refunds_order_id bigint, is_spent boolean not null) on commit drop`
  await tx.sql`
    create temporary table known_line (
      order_id bigint not null, line_no int not null, sku text not null, quantity int not null,
      unit_price_minor int not null, amount_minor bigint not null
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
  private batch = emptyBatch(Buffer.allocUnsafe(2 * BATCH_BYTES))
  private free: Buffer = Buffer.allocUnsafe(2 * BATCH_BYTES)
  private sending: Promise<void> = Promise.resolve()
  private last: OpenOrder | undefined
  /** Whether an order may stand in incoming_order more than once, since it came back after it was closed. */
  mayBeScattered = false
  /** Free ids of shop_order, the lowest last. */
  private ids: number[] = []
  /** The ids in the database of known orders that are still open, by the id they were given here. */
  private readonly knownIds = new Map<number, number>()

  constructor(
    private readonly tx: CopyTx,
    private readonly options: {
      source: string
      catalogue: CatalogueTally
      openOrdersMax?: number
      memory?: LineMemory
    },
  ) {}

  /** Call once before the first line. */
  async begin(): Promise<void> {
    await this.reserveIds()
  }

  add(line: OrderLine, lineNumber: number): void {
    const product = this.options.catalogue.note(line)
    const order = this.last?.externalId === line.externalId ? this.last : this.orderOf(line, lineNumber)
    this.last = order
    order.lineCount += 1
    order.totalMinor += line.amountMinor
    if (line.memberId !== order.memberId) order.refusal = 'order-of-several-members'
    if (line.kind !== order.kind) order.refusal = 'order-of-several-kinds'
    if (Math.abs(order.totalMinor) > AMOUNT_MAX_MINOR) order.refusal = 'absurd-total'
    if (line.placedAt < order.placedAt) order.placedAt = line.placedAt
    this.write(order, product, line)
    this.options.memory?.note(order, product.ordinal, line)
  }

  /** Call between pieces of the file: sends what has come together, after what is still on its way. */
  async sendWhenFull(): Promise<void> {
    if (this.batch.bytes >= BATCH_BYTES || this.ids.length < IDS_PER_PIECE_MAX) await this.send()
  }

  /** Sends the rest; afterwards every order of the file stands in incoming_order. */
  async finish(): Promise<void> {
    this.close(this.aging)
    this.close(this.open)
    await this.send()
    await this.sending
  }

  /** Resolves when nothing is on its way any more, whether it arrived or failed. */
  async settled(): Promise<void> {
    await this.sending.catch(() => undefined)
  }

  private write({ orderId, lineCount }: OpenOrder, { copyFrom, copyTo }: ProductTally, line: OrderLine): void {
    const { batch } = this
    if (batch.bytes + ROW_BYTES_MAX > batch.rows.length) {
      batch.rows = Buffer.concat([batch.rows.subarray(0, batch.bytes)], 2 * batch.rows.length)
    }
    const { rows } = batch
    const { copySkus } = this.options.catalogue
    let at = writeWhole(rows, orderId, batch.bytes)
    at = writeWhole(rows, lineCount, at)
    for (let from = copyFrom; from < copyTo; from++) rows[at++] = copySkus[from] as number
    rows[at++] = TAB
    at = writeWhole(rows, line.quantity, at)
    at = writeWhole(rows, line.unitPriceMinor, at)
    at = writeWhole(rows, line.amountMinor, at)
    rows[at - 1] = NEWLINE
    batch.bytes = at
  }

  private orderOf(line: OrderLine, lineNumber: number): OpenOrder {
    const open = this.open.get(line.externalId)
    if (open) return open
    const aging = this.aging.get(line.externalId)
    if (aging) this.aging.delete(line.externalId)
    const order = aging ?? startOrder(line, { lineNumber, orderId: this.takeId() })
    if (!aging) this.batch.fresh.push(order)
    this.open.set(order.externalId, order)
    if (this.open.size > (this.options.openOrdersMax ?? OPEN_ORDERS_MAX)) {
      this.mayBeScattered ||= this.aging.size > 0
      this.close(this.aging)
      this.aging = this.open
      this.open = new Map()
    }
    return order
  }

  private close(orders: ReadonlyMap<string, OpenOrder>): void {
    for (const order of orders.values()) this.batch.closed.push(order)
  }

  private async send(): Promise<void> {
    await this.sending
    await this.reserveIds()
    const batch = this.batch
    // The batch before has arrived, so its memory is free.
    this.batch = emptyBatch(this.free)
    this.free = batch.rows
    this.sending = this.sendBatch(batch)
    // Awaited by the next send; a failure until then must not count as unhandled.
    this.sending.catch(() => undefined)
  }

  private async sendBatch(batch: Batch): Promise<void> {
    await this.findKnown(batch.fresh)
    const { fresh, known } = this.sortOut(batch.rows.subarray(0, batch.bytes))
    if (fresh.length > 0) await this.tx.copyIn(COPY_LINES, fresh)
    if (known.length > 0) await this.tx.copyIn(COPY_KNOWN_LINES, known)
    if (batch.closed.length > 0) await this.tx.copyIn(COPY_ORDERS, batch.closed.map(orderRow).join(''))
    for (const order of batch.closed) this.knownIds.delete(order.orderId)
  }

  /** Finds which of the orders are in the database already. */
  private async findKnown(fresh: readonly OpenOrder[]): Promise<void> {
    // A first import, which remembers its lines, meets no orders.
    if (fresh.length === 0 || this.options.memory) return
    const rows = await this.tx.sql<{ id: number; externalId: string }>`
      select id, external_id as "externalId" from shop_order
      where source = ${this.options.source} and external_id = any (${fresh.map((order) => order.externalId)}::text[])`
    const knownIds = new Map(rows.map(({ id, externalId }) => [externalId, id]))
    for (const order of fresh) {
      const knownId = knownIds.get(order.externalId)
      if (knownId === undefined) continue
      order.knownId = knownId
      this.knownIds.set(order.orderId, knownId)
    }
  }

  /** Tells rows of new orders from rows of known ones, which are read rarely: an import most often brings new ones. */
  private sortOut(rows: Buffer): { fresh: Buffer | string; known: string } {
    if (this.knownIds.size === 0) return { fresh: rows, known: '' }
    let fresh = ''
    let known = ''
    for (const row of rows.toString().split('\n')) {
      const knownId = this.knownIds.get(Number(row.slice(0, row.indexOf('\t'))))
      if (knownId !== undefined) known += `${knownId}${row.slice(row.indexOf('\t'))}\n`
      else if (row !== '') fresh += `${row}\n`
    }
    return { fresh, known }
  }

  private takeId(): number {
    const id = this.ids.pop()
    if (id === undefined) throw new Error(`one piece of the file began more than ${IDS_PER_PIECE_MAX} orders`)
    return id
  }

  /** Has an id at hand for whatever the next batch may begin. Ids that stay over are gaps in the sequence. */
  private async reserveIds(): Promise<void> {
    const missing = RESERVED_IDS - this.ids.length
    if (missing === 0) return
    // As one text: a row for each id would be read several times slower.
    const [row] = await this.tx.sql<{ ids: string }>`
      select string_agg(nextval('shop_order_id_seq')::text, ' ') as ids from generate_series(1, ${missing}::int)`
    // Taken from the end, so that ids rise with the file.
    this.ids = [...(row?.ids ?? '').split(' ').map(Number).reverse(), ...this.ids]
  }
}

/** Writes a whole number and a tab; @returns where the next field begins. Nothing is made, unlike by way of a text. */
function writeWhole(bytes: Buffer, value: number, offset: number): number {
  let at = offset
  let rest = value
  if (value < 0) {
    bytes[at++] = MINUS
    rest = -value
  }
  let digits = 1
  for (let limit = 10; rest >= limit; limit *= 10) digits += 1
  at += digits
  let place = at - 1
  for (; rest > INT32_MAX; place--) {
    const tenth = Math.floor(rest / 10)
    bytes[place] = DIGIT_0 + rest - 10 * tenth
    rest = tenth
  }
  // What fits into 32 bits, as nearly all numbers do, is divided several times faster.
  for (let small = rest | 0; place >= at - digits; place--) {
    const tenth = (small / 10) | 0
    bytes[place] = DIGIT_0 + small - 10 * tenth
    small = tenth
  }
  bytes[at] = TAB
  return at + 1
}

const COPY_LINES = 'copy order_line (order_id, line_no, sku, quantity, unit_price_minor, amount_minor) from stdin'
const COPY_KNOWN_LINES = 'copy known_line (order_id, line_no, sku, quantity, unit_price_minor, amount_minor) from stdin'
const COPY_ORDERS = `copy incoming_order (order_id, external_id, member_id, kind, placed_at, total_minor, line_count,
  first_line, is_known, refusal, refunds_external_id, email, member_name) from stdin`

function orderRow(order: OpenOrder): string {
  const fields = [
    order.knownId ?? order.orderId,
    copyText(order.externalId),
    copyText(order.memberId),
    order.kind,
    order.placedAt,
    // An order refused for its total has none that is exact.
    order.refusal === 'absurd-total' ? 0 : order.totalMinor,
    order.lineCount,
    order.firstLine,
    order.knownId !== null,
    copyText(order.refusal),
    copyText(order.refundsExternalId),
    copyText(order.email),
    copyText(order.memberName),
  ]
  return `${fields.join('\t')}\n`
}

function startOrder(line: OrderLine, { lineNumber, orderId }: { lineNumber: number; orderId: number }): OpenOrder {
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
    orderId,
    knownId: null,
  }
}

function emptyBatch(rows: Buffer): Batch {
  return { rows, bytes: 0, fresh: [], closed: [] }
}
