import {
  amountMinor,
  type DateRefusal,
  type FileInstant,
  type NumberRefusal,
  type Price,
  parseIsoInstant,
  parsePrice,
  parseQuantity,
  readerOf,
} from './fields'
import { type Fields, type Format, isTooLong, type OrderLine, type ParseTerms } from './format'
import type { LineRefusal } from './refusals'

/** Our own layout, for any shop: see docs/recipes/import-orders.md. */
export const ordersCsv: Format = {
  name: 'orders',
  source: 'orders',
  columns: [
    { name: 'orderId', required: true },
    { name: 'memberId', required: true },
    { name: 'placedAt', required: true },
    { name: 'sku', required: true },
    { name: 'quantity', required: true },
    { name: 'unitPrice', required: true },
    { name: 'productName', required: false },
    { name: 'category', required: false },
    { name: 'currency', required: false },
    { name: 'kind', required: false },
    { name: 'refundsOrderId', required: false },
    { name: 'email', required: false },
    { name: 'memberName', required: false },
  ],
  bind(at, terms) {
    const { sku: skuColumn = -1, productName: nameColumn = -1 } = at
    const text = (name: string) => readerOf(at[name], (field) => field.trim())
    const optional = (name: string) => readerOf(at[name], (field) => field.trim() || null)
    const read = {
      orderId: text('orderId'),
      memberId: optional('memberId'),
      placedAt: readerOf(at.placedAt, (field) => parseIsoInstant(field, terms.latest)),
      sku: text('sku'),
      quantity: readerOf(at.quantity, (field) => parseQuantity(field.trim())),
      price: readerOf(at.unitPrice, (field) => parsePrice(field, terms.minorDigits)),
      productName: text('productName'),
      category: optional('category'),
      currency: readerOf(at.currency, (field) => field.trim().toUpperCase()),
      kind: readerOf(at.kind, (field) => field.trim().toLowerCase()),
      refundsOrderId: optional('refundsOrderId'),
      email: optional('email'),
      memberName: optional('memberName'),
    }
    return (fields, line) => readLine(fields, { line, terms, read, skuColumn, nameColumn })
  },
}

interface Readers {
  orderId: Read<string>
  memberId: Read<string | null>
  placedAt: Read<FileInstant | DateRefusal>
  sku: Read<string>
  quantity: Read<number | NumberRefusal>
  price: Read<Price | NumberRefusal>
  productName: Read<string>
  category: Read<string | null>
  /** As written, in capitals. */
  currency: Read<string>
  kind: Read<string>
  refundsOrderId: Read<string | null>
  email: Read<string | null>
  memberName: Read<string | null>
}

type Read<Value> = (fields: Fields) => Value

interface Reading {
  line: OrderLine
  terms: ParseTerms
  read: Readers
  skuColumn: number
  nameColumn: number
}

function readLine(fields: Fields, { line, terms, read, skuColumn, nameColumn }: Reading): LineRefusal | undefined {
  const memberId = read.memberId(fields)
  line.memberId = memberId
  const externalId = read.orderId(fields)
  const sku = read.sku(fields)
  const refundsExternalId = read.refundsOrderId(fields)
  if (externalId === '') return 'missing-order-id'
  if (sku === '') return 'missing-sku'
  if ([externalId, memberId ?? '', sku, refundsExternalId ?? ''].some(isTooLong)) return 'id-too-long'
  const currency = read.currency(fields)
  if (currency !== '' && currency !== terms.currency)
    return /^[A-Z]{3}$/.test(currency) ? 'other-currency' : 'bad-currency'
  const quantity = read.quantity(fields)
  if (typeof quantity === 'string') return quantity
  const price = read.price(fields)
  if (typeof price === 'string') return price
  const placedAt = read.placedAt(fields)
  if (placedAt === 'bad-date' || placedAt === 'absurd-date') return placedAt
  const kind = read.kind(fields) || (refundsExternalId === null ? 'sale' : 'refund')
  if (kind !== 'sale' && kind !== 'refund') return 'bad-kind'
  // A sale that names another order is neither.
  if (kind === 'sale' && refundsExternalId !== null) return 'bad-kind'
  // What is given back may be written as 2 or as -2; it is stored as -2.
  const signed = kind === 'refund' ? -Math.abs(quantity) : quantity
  line.externalId = externalId
  line.kind = kind
  line.placedAt = placedAt
  line.sku = sku
  line.skuNumber = fields.id(skuColumn)
  line.productName = read.productName(fields)
  line.nameNumber = fields.id(nameColumn)
  line.category = read.category(fields)
  line.quantity = signed
  line.unitPriceMinor = price.unitMinor
  line.amountMinor = amountMinor(signed, price, terms.minorDigits)
  line.refundsExternalId = refundsExternalId
  line.email = read.email(fields)
  line.memberName = read.memberName(fields)
  return undefined
}
