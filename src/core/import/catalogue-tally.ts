import { copyText } from '../../db/copy'
import { detached } from './fields'
import type { OrderLine } from './format'

/** A name or price that differs on nearly every line is no name or price; counting stops here. */
const VARIANTS_MAX = 100

/** How often each of some values was seen. Most often it is the same as last time. */
class Frequencies<Value> {
  private readonly values: Value[] = []
  private readonly times: number[] = []
  private last = -1

  add(value: Value, kept: (value: Value) => Value): void {
    if (this.last < 0 || this.values[this.last] !== value) {
      let index = this.values.indexOf(value)
      if (index < 0) {
        if (this.values.length === VARIANTS_MAX) return
        index = this.values.push(kept(value)) - 1
        this.times.push(0)
      }
      this.last = index
    }
    this.times[this.last] = (this.times[this.last] ?? 0) + 1
  }

  /** The first of equals; undefined where there is none. */
  mostFrequent(): Value | undefined {
    return this.values[this.times.indexOf(this.times.reduce((most, times) => Math.max(most, times), 0))]
  }
}

/** What was seen of one article. */
export interface ProductTally {
  readonly sku: string
  /** From 0, in the order in which they were seen. */
  readonly ordinal: number
  /** The SKU as COPY takes it. */
  readonly copySku: Buffer
  readonly names: Frequencies<string>
  readonly prices: Frequencies<number>
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
  /** By the number of the SKU. */
  private readonly numbered: (ProductTally | undefined)[] = []
  /** The latest instant of any line: mostly that of this line, and then no texts need to be compared. */
  private latest = ''

  note(line: OrderLine): ProductTally {
    const product = this.productOf(line)
    if (line.category !== null && product.category === null) product.category = detached(line.category)
    if (line.placedAt !== this.latest && line.placedAt > this.latest) this.latest = line.placedAt
    if (line.quantity > 0 && line.unitPriceMinor > 0) {
      if (line.productName !== '') product.names.add(line.productName, detached)
      product.prices.add(line.unitPriceMinor, same)
      const isLatest = line.placedAt === this.latest
      if (isLatest || line.placedAt > product.lastSoldAt) product.lastSoldAt = line.placedAt
    } else if (product.remark === '' && line.productName !== '') {
      product.remark = detached(line.productName)
    }
    return product
  }

  private productOf({ sku, skuNumber }: OrderLine): ProductTally {
    const known = skuNumber < 0 ? undefined : this.numbered[skuNumber]
    if (known) return known
    const product = this.products.get(sku) ?? this.start(sku)
    if (skuNumber >= 0) this.numbered[skuNumber] = product
    return product
  }

  private start(sku: string): ProductTally {
    const own = detached(sku)
    const product: ProductTally = {
      sku: own,
      ordinal: this.products.size,
      copySku: Buffer.from(copyText(own)),
      names: new Frequencies(),
      prices: new Frequencies(),
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
  return product.names.mostFrequent() ?? (product.remark || product.sku)
}

/** The price it is most often sold at, in minor units; 0 when it was never sold. */
export function priceOf(product: ProductTally): number {
  return product.prices.mostFrequent() ?? 0
}

function same(value: number): number {
  return value
}
