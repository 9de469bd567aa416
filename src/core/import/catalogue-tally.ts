import { copyText } from '../../db/copy'
import { detached } from './fields'
import type { OrderLine } from './format'
import { VariantCounts } from './variant-counts'

/** What was seen of one article. */
export interface ProductTally {
  readonly sku: string
  /** From 0, in the order in which they were seen. */
  readonly ordinal: number
  /** Where the SKU begins and ends among `copySkus`. */
  readonly copyFrom: number
  readonly copyTo: number
  /** Names on lines that sold nothing ("damaged", "?"): used only where there is no other. */
  remark: string
  category: string | null
  lastSoldAt: string
}

/** An article as the catalogue will have it. */
export interface Article extends ProductTally {
  /** The most frequent name; the first of equals; its SKU where it has none. */
  name: string
  /** The price it is most often sold at, in minor units; 0 when it was never sold. */
  priceMinor: number
}

/**
 * Counts names and prices by article, since files write one article in several ways: the most frequent wins. Grows with
 * the catalogue, not with the rows.
 */
export class CatalogueTally {
  readonly products = new Map<string, ProductTally>()
  /** All SKUs as COPY takes them, in one piece, which stays in the processor's cache. */
  copySkus: Uint8Array = new Uint8Array(0)
  /** By the number of the SKU. */
  private readonly numbered: (ProductTally | undefined)[] = []
  private readonly names = new NameCounts()
  private readonly prices = new VariantCounts()
  /** The latest instant of any line: mostly that of this line, and then no texts need to be compared. */
  private latest = ''
  private copyUsed = 0

  note(line: OrderLine): ProductTally {
    const product = this.productOf(line)
    if (line.category !== null && product.category === null) product.category = detached(line.category)
    if (line.placedAt !== this.latest && line.placedAt > this.latest) this.latest = line.placedAt
    if (line.quantity > 0 && line.unitPriceMinor > 0) {
      this.names.add(product.ordinal, line)
      this.prices.add(product.ordinal, line.unitPriceMinor)
      const isLatest = line.placedAt === this.latest
      if (isLatest || line.placedAt > product.lastSoldAt) product.lastSoldAt = line.placedAt
    } else if (product.remark === '' && line.productName !== '') {
      product.remark = detached(line.productName)
    }
    return product
  }

  articles(): Article[] {
    const products = [...this.products.values()]
    const names = this.names.mostFrequent(products.length)
    const prices = this.prices.mostFrequent(products.length)
    return products.map((product) => ({
      ...product,
      name: names[product.ordinal] ?? (product.remark || product.sku),
      priceMinor: prices[product.ordinal] ?? 0,
    }))
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
    const copyFrom = this.copyUsed
    const product: ProductTally = {
      sku: own,
      ordinal: this.products.size,
      copyFrom,
      copyTo: this.addCopySku(Buffer.from(copyText(own))),
      remark: '',
      category: null,
      lastSoldAt: '',
    }
    this.products.set(own, product)
    return product
  }

  private addCopySku(bytes: Buffer): number {
    const from = this.copyUsed
    this.copyUsed += bytes.length
    if (this.copyUsed > this.copySkus.length) {
      const grown = new Uint8Array(2 * this.copyUsed)
      grown.set(this.copySkus)
      this.copySkus = grown
    }
    this.copySkus.set(bytes, from)
    return this.copyUsed
  }
}

/** How often each article has each name. Names are counted by numbers of their own. */
class NameCounts {
  private readonly counts = new VariantCounts()
  private readonly names: string[] = []
  private readonly ownNumbers = new Map<string, number>()
  /** By the number that the file's text has; several texts may be one name. */
  private readonly numbered: (number | undefined)[] = []

  add(article: number, { productName, nameNumber }: OrderLine): void {
    if (productName === '') return
    const number = this.numbered[nameNumber] ?? this.numberOf(article, productName)
    if (number === undefined) return
    if (nameNumber >= 0) this.numbered[nameNumber] = number
    this.counts.add(article, number)
  }

  mostFrequent(articles: number): (string | undefined)[] {
    return this.counts.mostFrequent(articles).map((number) => (number === undefined ? undefined : this.names[number]))
  }

  /** Undefined where nobody has the name yet and the article will have no other. */
  private numberOf(article: number, name: string): number | undefined {
    const known = this.ownNumbers.get(name)
    if (known !== undefined || this.counts.isFull(article)) return known
    const own = detached(name)
    this.ownNumbers.set(own, this.names.length)
    return this.names.push(own) - 1
  }
}
