import { createRandom, shuffle } from '../../../ml/random'
import type { Localised } from '../../locale'

/** `[English, Chinese, price in pence]`. */
export type Item = readonly [en: string, zh: string, priceMinor: number]

/** `[English, Chinese, factor on the item's price]`. */
export type Form = readonly [en: string, zh: string, factor: number]

/** One category: its name, how often a household usually buys one of its items again, and what stands on it. */
export interface Shelf {
  readonly code: string
  readonly prefix: string
  readonly name: Localised
  readonly everyDays: number
  /** Every item in every form. Without forms an item is a product as it stands. */
  readonly ranges: readonly { readonly items: readonly Item[]; readonly forms?: readonly Form[] }[]
}

export interface DemoProduct {
  readonly sku: string
  readonly nameEn: string
  readonly nameZh: string
  readonly categoryCode: string
  readonly priceMinor: number
  readonly inStock: boolean
  readonly everyDays: number
}

const OUT_OF_STOCK_SHARE = 0.03

/** The products of the shelves, in their order. About one in thirty is out of stock. */
export function productsOf(shelves: readonly Shelf[]): DemoProduct[] {
  const products = shelves.flatMap(productsOnShelf)
  const missing = Math.round(products.length * OUT_OF_STOCK_SHARE)
  const outOfStock = new Set(shuffle(createRandom('out of stock'), products).slice(0, missing))
  return products.map((product) => ({ ...product, inStock: !outOfStock.has(product) }))
}

function productsOnShelf({ code, prefix, everyDays, ranges }: Shelf): DemoProduct[] {
  const named = ranges.flatMap(({ items, forms }) =>
    items.flatMap(([en, zh, priceMinor]) => {
      if (!forms) return [{ nameEn: en, nameZh: zh, priceMinor }]
      return forms.map(([formEn, formZh, factor]) => {
        return { nameEn: `${en}, ${formEn}`, nameZh: `${zh} ${formZh}`, priceMinor: toShelfPrice(priceMinor * factor) }
      })
    }),
  )
  return named.map((product, index) => {
    const sku = `${prefix}-${String(index + 1).padStart(3, '0')}`
    return { sku, categoryCode: code, inStock: true, everyDays, ...product }
  })
}

/** Prices end in 5 or 0. */
function toShelfPrice(minor: number): number {
  return Math.max(5, Math.round(minor / 5) * 5)
}
