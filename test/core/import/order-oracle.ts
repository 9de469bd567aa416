import type { DrawnOrder } from './drawn-shop'

interface LeftLine {
  sale: DrawnOrder
  lineNo: number
  sku: string
  priceMinor: number
  left: number
}

export interface Expected {
  /** By member: what was earned less what was taken back. */
  points: Map<string, number>
  /** By refund, line, sale and line: how many were given back. */
  matches: Map<string, number>
  linesWithoutSale: number
  earned: number
  takenBack: number
  /** Sales of which nothing is left. */
  spent: Set<string>
}

/**
 * What imports should come to, said as plainly as can be: each order of a member in turn, and for each returned line a look at all
 * that its member ever bought. A point for each whole pound.
 */
export class OrderOracle {
  private readonly lines: LeftLine[] = []
  private readonly refundedMinor = new Map<string, number>()
  readonly expected: Expected = {
    points: new Map(),
    matches: new Map(),
    linesWithoutSale: 0,
    earned: 0,
    takenBack: 0,
    spent: new Set(),
  }

  /** Takes an order; call it in the order of their instants. */
  take(order: DrawnOrder): void {
    if (order.memberId === null) return
    if (order.kind === 'refund') this.takeRefund(order, order.memberId)
    else this.takeSale(order, order.memberId)
  }

  private takeSale(sale: DrawnOrder, memberId: string): void {
    sale.lines.forEach(({ sku, quantity, unitPriceMinor }, index) => {
      this.lines.push({ sale, lineNo: index + 1, sku, priceMinor: unitPriceMinor, left: quantity })
    })
    const points = pointsOf(totalOf(sale))
    this.expected.earned += points
    this.addPoints(memberId, points)
  }

  private takeRefund(refund: DrawnOrder, memberId: string): void {
    const amounts = new Map<DrawnOrder, number>()
    refund.lines.forEach(({ sku, quantity, unitPriceMinor }, index) => {
      let wanted = quantity
      for (const line of this.givenBackOf(refund, { memberId, sku, quantity, unitPriceMinor })) {
        const taken = Math.min(wanted, line.left)
        if (taken === 0) break
        wanted -= taken
        line.left -= taken
        this.expected.matches.set(`${refund.id}/${index + 1} ${line.sale.id}/${line.lineNo}`, taken)
        amounts.set(line.sale, (amounts.get(line.sale) ?? 0) + taken * Math.min(line.priceMinor, unitPriceMinor))
      }
      if (wanted > 0) this.expected.linesWithoutSale += 1
    })
    for (const [sale, amount] of amounts) this.takeBack(sale, { memberId, amount })
  }

  /** The lines that a returned line comes from, in their order. */
  private givenBackOf(
    refund: DrawnOrder,
    returned: { memberId: string; sku: string; quantity: number; unitPriceMinor: number },
  ): LeftLine[] {
    const own = this.lines
      .filter(({ sale, sku, left }) => sale.memberId === returned.memberId && sku === returned.sku && left > 0)
      .filter(({ sale }) => !refund.names || (sale.id === refund.names && sale.source === refund.source))
      .reverse()
    const same = own.filter(({ priceMinor }) => priceMinor === returned.unitPriceMinor)
    const other = own.filter(({ priceMinor }) => priceMinor !== returned.unitPriceMinor)
    const alone = [...same, ...own].find(({ left }) => left >= returned.quantity)
    return alone ? [alone] : [...same, ...other]
  }

  private takeBack(sale: DrawnOrder, { memberId, amount }: { memberId: string; amount: number }): void {
    const before = this.refundedMinor.get(sale.id) ?? 0
    this.refundedMinor.set(sale.id, before + amount)
    const points = pointsOf(totalOf(sale) - before) - pointsOf(totalOf(sale) - before - amount)
    this.expected.takenBack += points
    this.addPoints(memberId, -points)
    if (this.lines.every((line) => line.sale !== sale || line.left === 0)) this.expected.spent.add(sale.id)
  }

  private addPoints(memberId: string, points: number): void {
    this.expected.points.set(memberId, (this.expected.points.get(memberId) ?? 0) + points)
  }
}

/** In minor units, positive. */
export function totalOf({ lines }: DrawnOrder): number {
  return lines.reduce((sum, { quantity, unitPriceMinor }) => sum + quantity * unitPriceMinor, 0)
}

function pointsOf(minor: number): number {
  return Math.max(0, Math.floor(minor / 100))
}
