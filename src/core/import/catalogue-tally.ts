import { copyText } from '../../db/copy'
import { detached } from './fields'
import type { OrderLine } from './format'

/** A name or price that differs on nearly every line is no name or price; counting stops here. */
const VARIANTS_MAX = 100

/** What was seen of one article. */
export interface ProductTally {
  readonly sku: string
  /** From 0, in the order in which they were seen. */
  readonly ordinal: number
  /** The SKU as COPY takes it. */
  readonly copySku: Buffer
  readonly names: Map<string, number>
  /** The name and the price on its last line, and how often in a row: counted in the maps when they change. */
  lastName: string
  lastNameTimes: number
  readonly prices: Map<number, number>
  lastPriceMinor: number
  lastPriceTimes: number
  /** Names on lines that sold nothing ("damaged", "?"): used only where there is no other. */
  remark: string
  category: string | null
  lastSoldAt: string
}

/**
 * Counts names and prices by article, since files write one article in several ways: the most frequent wins. Grows with
 * the catalogue, not with the rows.
 */
export class CatalogueTally {
  readonly products = new Map<string, ProductTally>()

  note(line: OrderLine): ProductTally {
    const product = this.products.get(line.sku) ?? this.start(line.sku)
    if (line.category !== null && product.category === null) product.category = detached(line.category)
    if (line.quantity > 0 && line.unitPriceMinor > 0) {
      if (line.productName === product.lastName) product.lastNameTimes += 1
      else if (line.productName !== '') {
        settle(product)
        product.lastName = detached(line.productName)
        product.lastNameTimes = 1
      }
      if (line.unitPriceMinor === product.lastPriceMinor) product.lastPriceTimes += 1
      else {
        settle(product)
        product.lastPriceMinor = line.unitPriceMinor
        product.lastPriceTimes = 1
      }
      if (line.placedAt > product.lastSoldAt) product.lastSoldAt = line.placedAt
    } else if (product.remark === '' && line.productName !== '') {
      product.remark = detached(line.productName)
    }
    return product
  }

  private start(sku: string): ProductTally {
    const own = detached(sku)
    const product: ProductTally = {
      sku: own,
      ordinal: this.products.size,
      copySku: Buffer.from(copyText(own)),
      names: new Map(),
      lastName: '',
      lastNameTimes: 0,
      prices: new Map(),
      lastPriceMinor: 0,
      lastPriceTimes: 0,
      remark: '',
      category: null,
      lastSoldAt: '',
    }
    this.products.set(own, product)
    return product
  }
}

/** The name an article goes by: the most frequent; the first of equals; its SKU where it has none. */
export function nameOf(product: ProductTally): string {
  settle(product)
  return mostFrequent(product.names) ?? (product.remark || product.sku)
}

/** The price it is most often sold at, in minor units; 0 when it was never sold. */
export function priceOf(product: ProductTally): number {
  settle(product)
  return mostFrequent(product.prices) ?? 0
}

function settle(product: ProductTally): void {
  if (product.lastNameTimes > 0) count(product.names, product.lastName, product.lastNameTimes)
  if (product.lastPriceTimes > 0) count(product.prices, product.lastPriceMinor, product.lastPriceTimes)
  product.lastNameTimes = 0
  product.lastPriceTimes = 0
}

function count<Key>(counts: Map<Key, number>, key: Key, times: number): void {
  const before = counts.get(key)
  if (before !== undefined || counts.size < VARIANTS_MAX) counts.set(key, (before ?? 0) + times)
}

function mostFrequent<Key>(counts: ReadonlyMap<Key, number>): Key | undefined {
  let best: Key | undefined
  let most = 0
  for (const [key, times] of counts) {
    if (times <= most) continue
    best = key
    most = times
  }
  return best
}
