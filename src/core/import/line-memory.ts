import type { OrderLine } from './format'

/** Files of more lines are read back from the database instead. Twenty bytes each. */
const LINES_MAX = 4_000_000
const NUMBERS_PER_LINE = 5
const FIRST_LINES = 1 << 16

/** What is kept of an order. It grows while its lines are read. */
export interface RememberedOrder {
  externalId: string
  memberId: string | null
  kind: 'sale' | 'refund'
  totalMinor: number
  lineCount: number
  /** The sale that a refund names itself. */
  refundsExternalId: string | null
  /** Of shop_order, taken from its sequence. */
  orderId: number
}

/** A line of a member's order. */
export interface RememberedLine {
  order: RememberedOrder
  lineNo: number
  /** The article's ordinal in the catalogue. */
  product: number
  quantity: number
  unitPriceMinor: number
}

/**
 * What members bought and gave back, as a first import reads it: nothing else is there that it could belong to, so nothing
 * has to be asked for again. As plain numbers, and of files of usual size only.
 */
export class LineMemory {
  /** False once the file turned out too long; then nothing of it is held. */
  isComplete = true
  private orders: RememberedOrder[] = []
  private numbers = new Int32Array(FIRST_LINES * NUMBERS_PER_LINE)
  private used = 0

  /** Takes the last line that was counted in `order`. */
  note(order: RememberedOrder, product: number, line: Pick<OrderLine, 'quantity' | 'unitPriceMinor'>): void {
    if (order.memberId === null || !this.isComplete) return
    if (this.used === LINES_MAX * NUMBERS_PER_LINE) {
      this.isComplete = false
      this.orders = []
      this.numbers = new Int32Array(0)
      return
    }
    if (this.orders.at(-1) !== order) this.orders.push(order)
    if (this.used === this.numbers.length) {
      const grown = new Int32Array(2 * this.numbers.length)
      grown.set(this.numbers)
      this.numbers = grown
    }
    const { numbers, used } = this
    numbers[used] = this.orders.length - 1
    numbers[used + 1] = order.lineCount
    numbers[used + 2] = product
    numbers[used + 3] = line.quantity
    numbers[used + 4] = line.unitPriceMinor
    this.used = used + NUMBERS_PER_LINE
  }

  /** The orders of members, each once. */
  distinctOrders(): Set<RememberedOrder> {
    return new Set(this.orders)
  }

  /** All lines, in the order of the file; the same object each time, which the next line overwrites. */
  *lines(): Generator<RememberedLine> {
    const { numbers, orders } = this
    const at = (index: number) => numbers[index] as number
    const [first] = orders
    if (!first) return
    const line: RememberedLine = { order: first, lineNo: 0, product: 0, quantity: 0, unitPriceMinor: 0 }
    for (let from = 0; from < this.used; from += NUMBERS_PER_LINE) {
      line.order = orders[at(from)] ?? first
      line.lineNo = at(from + 1)
      line.product = at(from + 2)
      line.quantity = at(from + 3)
      line.unitPriceMinor = at(from + 4)
      yield line
    }
  }
}
