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

  /** The orders of members; one that came back after another is named again. */
  allOrders(): readonly RememberedOrder[] {
    return this.orders
  }

  /**
   * Goes through all lines, in the order of the file. `begin` hears of their order, once for lines that follow each other, and
   * returns what `take` needs for each of them, or undefined where they are of no interest. The line is the same object each time.
   */
  eachLine<Of>(begin: (order: RememberedOrder) => Of | undefined, take: (of: Of, line: RememberedLine) => void): void {
    const { numbers, orders, used } = this
    const line: RememberedLine = { lineNo: 0, product: 0, quantity: 0, unitPriceMinor: 0 }
    let lastIndex = -1
    let of: Of | undefined
    for (let from = 0; from < used; from += NUMBERS_PER_LINE) {
      const index = numbers[from] as number
      if (index !== lastIndex) {
        lastIndex = index
        of = begin(orders[index] as RememberedOrder)
      }
      if (of === undefined) continue
      line.lineNo = numbers[from + 1] as number
      line.product = numbers[from + 2] as number
      line.quantity = numbers[from + 3] as number
      line.unitPriceMinor = numbers[from + 4] as number
      take(of, line)
    }
  }
}
