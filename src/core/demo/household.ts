import { beta, gamma, integer, normal, type Random, weightedIndex, zipfWeights } from '../../ml/random'
import type { DemoProduct } from './catalogue/shelf'

/*
 * Who buys what, how often: each member is a household with habits of its own, drawn from the distributions that
 * "Counting your customers the easy way" (Fader, Hardie and Lee 2005, BG/NBD) assumes.
 */

/** Orders a day while active: gamma with mean 0.041, one order in some 24 days. */
export const ORDER_RATE = { shape: 1.5, rate: 36 }
/** The chance to be gone for good after an order: beta with mean 0.07. */
export const DROPOUT = { a: 1.1, b: 14.5 }

/** What a household buys again and again. */
export interface Staple {
  readonly product: DemoProduct
  readonly everyDays: number
}

export interface Household {
  readonly ordersPerDay: number
  readonly dropout: number
  readonly staples: readonly Staple[]
  /** New things put into a basket, on average. */
  readonly curiosity: number
  /** How many of a thing are bought at once, over and above what chance adds: a café buys for many. */
  readonly portions: number
}

/**
 * A draw of products by popularity: a few are in many baskets, most in few (Zipf). Which ones is chance, but what a home
 * uses up fast is likelier to be among the few.
 */
export function popularityDraw(random: Random, products: readonly DemoProduct[]): (random: Random) => DemoProduct {
  const keyed = products
    .map((product) => ({ product, key: random.next() * product.everyDays ** 2 }))
    .sort((a, b) => a.key - b.key)
  const draw = weightedIndex(zipfWeights(products.length, { exponent: 1, shift: 10 }))
  return (from) => {
    const drawn = keyed[draw(from)]
    if (!drawn) throw new Error('the catalogue is empty')
    return drawn.product
  }
}

/** Draws a household: its rate, its loyalty, and 5 to 25 staples with their own rhythms. */
export function householdOf(random: Random, drawProduct: (random: Random) => DemoProduct): Household {
  const ordersPerDay = gamma(random, ORDER_RATE.shape, ORDER_RATE.rate)
  const dropout = beta(random, DROPOUT.a, DROPOUT.b)
  const staples = new Map<string, Staple>()
  const count = integer(random, 5, 25)
  // A popular product may be drawn again; a household has it once.
  for (let tries = 0; staples.size < count && tries < 4 * count; tries++) {
    const staple = stapleOf(random, drawProduct(random))
    staples.set(staple.product.sku, staple)
  }
  return {
    ordersPerDay,
    dropout,
    staples: [...staples.values()],
    curiosity: gamma(random, 2, 3),
    portions: portionsOf(random.next()),
  }
}

function portionsOf(draw: number): number {
  if (draw < 0.88) return 1
  return draw < 0.97 ? 2 : 5
}

/** A product becomes a habit at a pace of the household's own, around what is usual for its kind. */
export function stapleOf(random: Random, product: DemoProduct): Staple {
  return { product, everyDays: product.everyDays * Math.exp(normal(random, 0, 0.35)) }
}
