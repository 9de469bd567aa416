import { InvalidArgumentError } from 'commander'
import type { OrderHistories } from '../src/ml/order-features'
import type { MemberTrade } from '../src/ml/purchases'
import { csvRecords } from './csv-records'

const DAY_MS = 86_400_000

/** Which columns of the file mean what. `quantity`, where there is one, multiplies the amount. */
export interface TradeColumns {
  readonly customer: string
  readonly date: string
  readonly amount: string
  readonly quantity?: string
}

export interface TradeFile {
  readonly trade: MemberTrade
  /** The day after the last one in the file, since 1970. */
  readonly end: number
  readonly rowsWithoutCustomer: number
}

/**
 * Reads a log of sales (amount of 0 or more) and refunds (negative), plain or .gz, a row each. Rows of one customer and day are one
 * sale and one refund at the most. Throws InvalidArgumentError on a column or a row that cannot be read.
 */
export async function readTrade(file: string, columns: TradeColumns): Promise<TradeFile> {
  const customers = new Map<string, { sales: Map<number, number>; refunds: Map<number, number> }>()
  let [line, end, rowsWithoutCustomer] = [1, 0, 0]
  for await (const record of csvRecords<Record<string, string>>(file, { columns: true })) {
    line += 1
    const { customer, day, amount } = readRow(record, columns, `line ${line} of ${file}`)
    if (customer === '') {
      rowsWithoutCustomer += 1
      continue
    }
    end = Math.max(end, day + 1)
    const own = customers.get(customer) ?? { sales: new Map<number, number>(), refunds: new Map<number, number>() }
    customers.set(customer, own)
    const days = amount >= 0 ? own.sales : own.refunds
    days.set(day, (days.get(day) ?? 0) + Math.abs(amount))
  }
  const all = [...customers.values()]
  const trade = {
    sales: toHistories(all.map(({ sales }) => sales)),
    refunds: toHistories(all.map(({ refunds }) => refunds)),
  }
  return { trade, end, rowsWithoutCustomer }
}

function readRow(record: Record<string, string>, columns: TradeColumns, where: string) {
  const field = (name: string) => {
    const value = record[name]
    if (value !== undefined) return value
    throw new InvalidArgumentError(`there is no column "${name}"; the file has ${Object.keys(record).join(', ')}`)
  }
  const date = field(columns.date)
  // A time without a zone is read as UTC, so that the same file has the same days everywhere.
  const isZoned = /(Z|[+-]\d\d:?\d\d)$/.test(date)
  const day = Math.floor(Date.parse(date.includes(':') && !isZoned ? `${date.replace(' ', 'T')}Z` : date) / DAY_MS)
  const quantity = columns.quantity === undefined ? 1 : Number(field(columns.quantity))
  const amountText = field(columns.amount)
  const amount = Number(amountText) * quantity
  if (Number.isNaN(day) || amountText === '' || !Number.isFinite(amount)) {
    throw new InvalidArgumentError(`${where} has no date or no amount: ${JSON.stringify(record)}`)
  }
  return { customer: field(columns.customer), day, amount }
}

function toHistories(customers: readonly Map<number, number>[]): OrderHistories {
  const start = new Uint32Array(customers.length + 1)
  const entries = customers.map((days) => [...days].sort(([a], [b]) => a - b))
  entries.forEach((days, c) => {
    start[c + 1] = start[c]! + days.length
  })
  const all = entries.flat()
  return {
    customers: customers.length,
    start,
    day: Float64Array.from(all, ([day]) => day),
    amount: Float64Array.from(all, ([, amount]) => amount),
  }
}
