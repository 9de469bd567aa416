import { type BgNbd, expectedPurchases } from './bgnbd'
import { type ChurnHistories, valuesOf } from './churn-features'
import type { ChurnModel } from './churn-model'
import { endBeforeCut } from './event-lists'
import { expectedAmount, fitGammaGamma, type GammaGamma } from './gamma-gamma'
import type { Table } from './table'

const YEAR_WEEKS = 365 / 7
/** So many customers tell three parameters as well as a million do. */
const FIT_CUSTOMERS_MAX = 50_000

/**
 * Gamma-gamma over what customers' orders were worth, net of what they sent back. Undefined where it can't be fitted.
 */
export function fitOrderValue(histories: ChurnHistories): GammaGamma | undefined {
  const { customers, start, day, amount } = histories
  const counts: number[] = []
  const means: number[] = []
  for (let c = 0; c < customers; c++) {
    const end = endBeforeCut({ start, day, value: amount }, c, 0)
    const orders = end - start[c]!
    let net = 0
    for (let i = start[c]!; i < end; i++) net += amount[i]!
    for (let i = histories.refunds.start[c]!; i < endBeforeCut(histories.refunds, c, 0); i++) {
      net -= histories.refunds.value[i]!
    }
    if (orders === 0 || !(net > 0)) continue
    counts.push(orders)
    means.push(net / orders)
  }
  const step = Math.max(1, Math.ceil(counts.length / FIT_CUSTOMERS_MAX))
  const everyNth = (values: number[]) => values.filter((_, i) => i % step === 0)
  const fitted = fitGammaGamma(everyNth(counts), everyNth(means))
  // Below q = 1 the mean over customers does not exist, and a forecast from it would be made up.
  return fitted.ok && fitted.q > 1 ? fitted : undefined
}

/** What to expect of each customer in the 12 months after the books date; NaN where it is not known. */
export interface ChurnStakes {
  readonly orders: Float64Array
  /** Minor units, net of what this customer uses to send back. */
  readonly valueMinor: Float64Array
}

/**
 * Expected orders (BG/NBD) and what they are worth (times gamma-gamma's value of an order): what would be lost with the
 * customer. `table` holds the churn features at the books date.
 */
export function stakesOf({ bgnbd, gammaGamma }: Pick<ChurnModel, 'bgnbd' | 'gammaGamma'>, table: Table): ChurnStakes {
  const orders = new Float64Array(table.rows).fill(Number.NaN)
  const valueMinor = new Float64Array(table.rows).fill(Number.NaN)
  if (!bgnbd) return { orders, valueMinor }
  const count = valuesOf(table, 'orders')
  const age = valuesOf(table, 'daysSinceFirst')
  const silence = valuesOf(table, 'daysSinceLast')
  const mean = valuesOf(table, 'meanAmount')
  const sentBack = valuesOf(table, 'refundShare')
  for (let row = 0; row < table.rows; row++) {
    if (!(count[row]! > 0)) continue
    orders[row] = ordersAhead(bgnbd, { orders: count[row]!, ageDays: age[row]!, silenceDays: silence[row]! })
    if (!gammaGamma) continue
    const net = Math.max(0, mean[row]! * (1 - sentBack[row]!))
    valueMinor[row] = orders[row]! * expectedAmount(gammaGamma, count[row]!, net)
  }
  return { orders, valueMinor }
}

function ordersAhead(
  model: BgNbd,
  { orders, ageDays, silenceDays }: { orders: number; ageDays: number; silenceDays: number },
): number {
  return expectedPurchases(model, orders - 1, (ageDays - silenceDays) / 7, ageDays / 7, YEAR_WEEKS)
}
