/** A line of a sale to one member of one article. */
export interface SoldLine {
  orderId: number
  lineNo: number
  placedAtMs: number
  /** What was sold and not given back yet. */
  quantityLeft: number
  unitPriceMinor: number
}

/** A line of a refund to the same member of the same article. */
export interface ReturnedLine {
  orderId: number
  lineNo: number
  placedAtMs: number
  /** Positive. */
  quantity: number
  unitPriceMinor: number
  /** The only sale it may come from, where the refund names one. */
  saleOrderId: number | null
}

/** Part of a refund's line and the sale's line it gives back. */
export interface LineMatch {
  refundOrderId: number
  refundLineNo: number
  saleOrderId: number
  saleLineNo: number
  quantity: number
  /** The lower of both prices times the quantity: what the sale's points are reduced by. */
  amountMinor: number
}

/**
 * As matchRefunds, of all that one member bought and gave back of one article.
 * @returns also how many of the returned lines give back nothing, or only in part something, that was sold before
 */
export function matchArticle(
  sold: readonly SoldLine[],
  returned: readonly ReturnedLine[],
): { matches: LineMatch[]; unmatched: number } {
  const matches = matchRefunds(sold, returned)
  let unmatched = 0
  for (const line of returned) {
    const own = matches.filter(
      ({ refundOrderId, refundLineNo }) => refundOrderId === line.orderId && refundLineNo === line.lineNo,
    )
    if (own.reduce((sum, { quantity }) => sum + quantity, 0) < line.quantity) unmatched += 1
  }
  return { matches, unmatched }
}

/**
 * Finds what each refund gives back, the earliest refund first: of the sales not later than it, one that alone has
 * enough left at the same price, else one that has enough at all, else whatever is left; always the latest sale first.
 * What no sale has left stays unmatched. Changes `quantityLeft` of the sales.
 */
export function matchRefunds(sold: readonly SoldLine[], returned: readonly ReturnedLine[]): LineMatch[] {
  const latestFirst = [...sold].sort(
    (a, b) => b.placedAtMs - a.placedAtMs || b.orderId - a.orderId || b.lineNo - a.lineNo,
  )
  const inTime = [...returned].sort(
    (a, b) => a.placedAtMs - b.placedAtMs || a.orderId - b.orderId || a.lineNo - b.lineNo,
  )
  return inTime.flatMap((refund) => matchOne(latestFirst, refund))
}

function matchOne(latestFirst: readonly SoldLine[], refund: ReturnedLine): LineMatch[] {
  const candidates = latestFirst.filter(
    (sale) =>
      sale.quantityLeft > 0 &&
      sale.placedAtMs <= refund.placedAtMs &&
      (refund.saleOrderId === null || sale.orderId === refund.saleOrderId),
  )
  const isSamePrice = (sale: SoldLine) => sale.unitPriceMinor === refund.unitPriceMinor
  const isEnough = (sale: SoldLine) => sale.quantityLeft >= refund.quantity
  const whole = candidates.find((sale) => isEnough(sale) && isSamePrice(sale)) ?? candidates.find(isEnough)
  const inOrder = whole
    ? [whole]
    : [...candidates.filter(isSamePrice), ...candidates.filter((sale) => !isSamePrice(sale))]
  const matches: LineMatch[] = []
  let quantityLeft = refund.quantity
  for (const sale of inOrder) {
    if (quantityLeft === 0) break
    const quantity = Math.min(quantityLeft, sale.quantityLeft)
    quantityLeft -= quantity
    sale.quantityLeft -= quantity
    matches.push({
      refundOrderId: refund.orderId,
      refundLineNo: refund.lineNo,
      saleOrderId: sale.orderId,
      saleLineNo: sale.lineNo,
      quantity,
      amountMinor: quantity * Math.min(sale.unitPriceMinor, refund.unitPriceMinor),
    })
  }
  return matches
}
