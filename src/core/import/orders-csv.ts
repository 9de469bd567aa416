import {
  amountMinor,
  type DateRefusal,
  type FileInstant,
  type NumberRefusal,
  type Price,
  parseIsoInstant,
  parsePrice,
  parseQuantity,
  remembering,
  rememberingLast,
} from './fields'
import { type Format, isTooLong, type OrderLine, type ParseTerms } from './format'
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
    const field = (fields: readonly string[], name: string) => {
      const index = at[name]
      return index === undefined ? '' : (fields[index] ?? '').trim()
    }
    const read: Readers = {
      price: remembering((text) => parsePrice(text, terms.minorDigits)),
      placedAt: rememberingLast((text) => parseIsoInstant(text, terms.latest)),
    }
    return (fields, line) => readLine((name) => field(fields, name), { line, terms, read })
  },
}

interface Readers {
  price: (text: string) => Price | NumberRefusal
  placedAt: (text: string) => FileInstant | DateRefusal
}

function readLine(
  field: (name: string) => string,
  { line, terms, read }: { line: OrderLine; terms: ParseTerms; read: Readers },
): LineRefusal | undefined {
  const memberId = field('memberId')
  line.memberId = memberId === '' ? null : memberId
  const externalId = field('orderId')
  const sku = field('sku')
  const refundsExternalId = field('refundsOrderId')
  if (externalId === '') return 'missing-order-id'
  if (sku === '') return 'missing-sku'
  if ([externalId, memberId, sku, refundsExternalId].some(isTooLong)) return 'id-too-long'
  const currency = field('currency').toUpperCase()
  if (currency !== '' && currency !== terms.currency)
    return /^[A-Z]{3}$/.test(currency) ? 'other-currency' : 'bad-currency'
  const quantity = parseQuantity(field('quantity'))
  if (typeof quantity === 'string') return quantity
  const price = read.price(field('unitPrice'))
  if (typeof price === 'string') return price
  const placedAt = read.placedAt(field('placedAt'))
  if (placedAt === 'bad-date' || placedAt === 'absurd-date') return placedAt
  const kind = field('kind').toLowerCase() || (refundsExternalId === '' ? 'sale' : 'refund')
  if (kind !== 'sale' && kind !== 'refund') return 'bad-kind'
  // A sale that names another order is neither.
  if (kind === 'sale' && refundsExternalId !== '') return 'bad-kind'
  // What is given back may be written as 2 or as -2; it is stored as -2.
  const signed = kind === 'refund' ? -Math.abs(quantity) : quantity
  line.externalId = externalId
  line.kind = kind
  line.placedAt = placedAt
  line.sku = sku
  line.productName = field('productName')
  line.category = field('category') || null
  line.quantity = signed
  line.unitPriceMinor = price.unitMinor
  line.amountMinor = amountMinor(signed, price, terms.minorDigits)
  line.refundsExternalId = refundsExternalId || null
  line.email = field('email') || null
  line.memberName = field('memberName') || null
  return undefined
}
