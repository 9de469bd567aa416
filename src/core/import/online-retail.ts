import {
  amountMinor,
  type DateRefusal,
  type FileInstant,
  type NumberRefusal,
  type Price,
  parsePrice,
  parseQuantity,
  parseSpreadsheetInstant,
  remembering,
  rememberingLast,
} from './fields'
import { type Format, isTooLong, type OrderLine } from './format'
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
    const read: Readers = {
      invoice: rememberingLast((text) => text.trim()),
      // The same article is written 85123A on one line and 85123a on another.
      sku: remembering((text) => text.trim().toUpperCase()),
      description: remembering((text) => text.trim()),
      price: remembering((text) => parsePrice(text, terms.minorDigits)),
      date: rememberingLast((text) => parseSpreadsheetInstant(text, terms.latest)),
      customer: rememberingLast(customerId),
    }
    return (fields, line) => readLine(fields, { line, index, read, minorDigits: terms.minorDigits })
  },
}

interface Readers {
  invoice: (text: string) => string
  sku: (text: string) => string
  description: (text: string) => string
  price: (text: string) => Price | NumberRefusal
  date: (text: string) => FileInstant | DateRefusal
  customer: (text: string) => string | null
}

interface Reading {
  line: OrderLine
  index: Readonly<Record<'invoice' | 'sku' | 'description' | 'quantity' | 'date' | 'price' | 'customer', number>>
  read: Readers
  minorDigits: number
}

function readLine(fields: readonly string[], { line, index, read, minorDigits }: Reading): LineRefusal | undefined {
  const memberId = read.customer(fields[index.customer] ?? '')
  line.memberId = memberId
  const invoice = read.invoice(fields[index.invoice] ?? '')
  const sku = read.sku(fields[index.sku] ?? '')
  if (invoice === '') return 'missing-order-id'
  if (sku === '') return 'missing-sku'
  if (isTooLong(invoice) || isTooLong(sku) || (memberId !== null && isTooLong(memberId))) return 'id-too-long'
  const quantity = parseQuantity(fields[index.quantity] ?? '')
  if (typeof quantity === 'string') return quantity
  const price = read.price(fields[index.price] ?? '')
  if (typeof price === 'string') return price
  const placedAt = read.date(fields[index.date] ?? '')
  if (placedAt === 'bad-date' || placedAt === 'absurd-date') return placedAt
  const isRefund = isCancellation(invoice)
  if (isRefund && quantity > 0) return 'sign-against-kind'
  line.externalId = invoice
  line.kind = isRefund ? 'refund' : 'sale'
  line.placedAt = placedAt
  line.sku = sku
  line.productName = read.description(fields[index.description] ?? '')
  line.quantity = quantity
  line.unitPriceMinor = price.unitMinor
  line.amountMinor = amountMinor(quantity, price, minorDigits)
  return undefined
}

/** C536379 cancels something; other letters mark other bookings. */
function isCancellation(invoice: string): boolean {
  const first = invoice.charCodeAt(0)
  return (first === 67 || first === 99) && /^.\d/.test(invoice)
}

/** Ids went through a column of floating-point numbers on their way: 17850 is written "17850.0". */
function customerId(text: string): string | null {
  const id = text.trim().replace(/\.0+$/, '')
  return id === '' ? null : id
}
