import {
  amountMinor,
  type DateRefusal,
  type FileInstant,
  type NumberRefusal,
  type Price,
  parsePrice,
  parseQuantity,
  parseSpreadsheetInstant,
  readerOf,
} from './fields'
import { type Fields, type Format, isTooLong, type OrderLine } from './format'
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
    const { StockCode: skuColumn = -1, Description: nameColumn = -1 } = at
    const trimmed = (text: string) => text.trim()
    const read: Readers = {
      invoice: readerOf(at.InvoiceNo, trimmed),
      // The same article is written 85123A on one line and 85123a on another.
      sku: readerOf(at.StockCode, (text) => text.trim().toUpperCase()),
      description: readerOf(at.Description, trimmed),
      quantity: readerOf(at.Quantity, parseQuantity),
      price: readerOf(at.UnitPrice, (text) => parsePrice(text, terms.minorDigits)),
      date: readerOf(at.InvoiceDate, (text) => parseSpreadsheetInstant(text, terms.latest)),
      customer: readerOf(at.CustomerID, customerId),
    }
    return (fields, line) => readLine(fields, { line, read, skuColumn, nameColumn, minorDigits: terms.minorDigits })
  },
}

interface Readers {
  invoice: (fields: Fields) => string
  sku: (fields: Fields) => string
  description: (fields: Fields) => string
  quantity: (fields: Fields) => number | NumberRefusal
  price: (fields: Fields) => Price | NumberRefusal
  date: (fields: Fields) => FileInstant | DateRefusal
  customer: (fields: Fields) => string | null
}

interface Reading {
  line: OrderLine
  read: Readers
  skuColumn: number
  nameColumn: number
  minorDigits: number
}

function readLine(
  fields: Fields,
  { line, read, skuColumn, nameColumn, minorDigits }: Reading,
): LineRefusal | undefined {
  const memberId = read.customer(fields)
  line.memberId = memberId
  const invoice = read.invoice(fields)
  const sku = read.sku(fields)
  if (invoice === '') return 'missing-order-id'
  if (sku === '') return 'missing-sku'
  if (isTooLong(invoice) || isTooLong(sku) || (memberId !== null && isTooLong(memberId))) return 'id-too-long'
  const quantity = read.quantity(fields)
  if (typeof quantity === 'string') return quantity
  const price = read.price(fields)
  if (typeof price === 'string') return price
  const placedAt = read.date(fields)
  if (placedAt === 'bad-date' || placedAt === 'absurd-date') return placedAt
  const isRefund = isCancellation(invoice)
  if (isRefund && quantity > 0) return 'sign-against-kind'
  line.externalId = invoice
  line.kind = isRefund ? 'refund' : 'sale'
  line.placedAt = placedAt
  line.sku = sku
  line.skuNumber = fields.id(skuColumn)
  line.productName = read.description(fields)
  line.nameNumber = fields.id(nameColumn)
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
