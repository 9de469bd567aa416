import {
  amountMinor,
  type DateRefusal,
  type FileInstant,
  parsePrice,
  parseQuantity,
  parseSpreadsheetInstant,
} from './fields'
import { type Format, isTooLong, type OrderLine, type ParseTerms } from './format'
import type { LineRefusal } from './refusals'

/**
 * The layout of UCI's Online Retail and Online Retail II: one line an order line, an invoice number that starts with C
 * is a cancellation (its quantities are negative), a line without a customer is a guest's. Times are local, in London.
 */
export const onlineRetail: Format = {
  name: 'online-retail',
  source: 'online-retail',
  timeZone: 'Europe/London',
  currency: 'GBP',
  columns: [
    { name: 'InvoiceNo', aliases: ['Invoice'], required: true },
    { name: 'StockCode', required: true },
    { name: 'Description', required: true },
    { name: 'Quantity', required: true },
    { name: 'InvoiceDate', required: true },
    { name: 'UnitPrice', aliases: ['Price'], required: true },
    { name: 'CustomerID', required: true },
  ],
  bind(at, terms) {
    const index = {
      invoice: at.InvoiceNo ?? -1,
      sku: at.StockCode ?? -1,
      description: at.Description ?? -1,
      quantity: at.Quantity ?? -1,
      date: at.InvoiceDate ?? -1,
      price: at.UnitPrice ?? -1,
      customer: at.CustomerID ?? -1,
    }
    const readDate = remembering(terms)
    return (fields, line) => readLine(fields, { line, index, terms, readDate })
  },
}

interface Reading {
  line: OrderLine
  index: Readonly<Record<'invoice' | 'sku' | 'description' | 'quantity' | 'date' | 'price' | 'customer', number>>
  terms: ParseTerms
  readDate: (text: string) => FileInstant | DateRefusal
}

function readLine(fields: readonly string[], { line, index, terms, readDate }: Reading): LineRefusal | undefined {
  const memberId = customerId(fields[index.customer] ?? '')
  line.memberId = memberId
  const invoice = (fields[index.invoice] ?? '').trim()
  // The same article is written 85123A on one line and 85123a on another.
  const sku = (fields[index.sku] ?? '').trim().toUpperCase()
  if (invoice === '') return 'missing-order-id'
  if (sku === '') return 'missing-sku'
  if (isTooLong(invoice) || isTooLong(sku) || (memberId !== null && isTooLong(memberId))) return 'id-too-long'
  const quantity = parseQuantity(fields[index.quantity] ?? '')
  if (typeof quantity === 'string') return quantity
  const price = parsePrice(fields[index.price] ?? '', terms.minorDigits)
  if (typeof price === 'string') return price
  const placedAt = readDate(fields[index.date] ?? '')
  if (placedAt === 'bad-date' || placedAt === 'absurd-date') return placedAt
  const isRefund = /^C\d/i.test(invoice)
  if (isRefund && quantity > 0) return 'sign-against-kind'
  line.externalId = invoice
  line.kind = isRefund ? 'refund' : 'sale'
  line.placedAt = placedAt
  line.sku = sku
  line.productName = (fields[index.description] ?? '').trim()
  line.quantity = quantity
  line.unitPriceMinor = price.unitMinor
  line.amountMinor = amountMinor(quantity, price, terms.minorDigits)
  return undefined
}

/** Ids went through a column of floating-point numbers on their way: 17850 is written "17850.0". */
function customerId(text: string): string | null {
  const id = text.trim().replace(/\.0+$/, '')
  return id === '' ? null : id
}

/** Lines of one invoice stand together and share their time, so the last one is most often the next one. */
function remembering({ latest }: ParseTerms): (text: string) => FileInstant | DateRefusal {
  let lastText = ''
  let last: FileInstant | DateRefusal = 'bad-date'
  return (text) => {
    if (text !== lastText) {
      last = parseSpreadsheetInstant(text, latest)
      lastText = text
    }
    return last
  }
}
