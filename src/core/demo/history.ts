import { chance, exponential, gamma, integer, poisson, type Random, uniform } from '../../ml/random'
import type { DemoProduct } from './catalogue/shelf'
import type { DemoCalendar } from './demo-calendar'
import { type Household, type Staple, stapleOf } from './household'

export interface DemoLine {
  readonly product: DemoProduct
  readonly quantity: number
}

/** A basket: the day of the calendar, the hour of the wall clock, what was in it. */
export interface Basket {
  readonly day: number
  readonly hour: number
  readonly lines: readonly DemoLine[]
}

export interface HistoryOptions {
  readonly household: Household
  readonly calendar: DemoCalendar
  /** The day of the first order. */
  readonly firstDay: number
  readonly drawProduct: (random: Random) => DemoProduct
}

/** How busy the months are, January first: quiet after the holidays and in summer, busy before Christmas. */
const SEASON = [0.92, 0.95, 1, 1, 1, 0.97, 0.93, 0.92, 1.02, 1.05, 1.12, 1.18]
/** How regular a rhythm is: the shape of a gamma, where 1 would be no rhythm at all. */
const REGULARITY = 7
/** Staples due within this share of the household's own pace come along: the next order may be late. */
const AHEAD = 0.5
/** A new thing in the basket that becomes a habit. */
const LIKED = 0.2

/**
 * The orders of one household: Poisson while it is active, gone for good after any order with its dropout chance; in
 * each what is due by its rhythm, and now and then something new. At most one order a day.
 */
export function historyOf(random: Random, { household, calendar, firstDay, drawProduct }: HistoryOptions): Basket[] {
  const { ordersPerDay, dropout, curiosity, portions } = household
  const baskets: Basket[] = []
  const shelf = new Shelf(random, household.staples, firstDay)
  let time = firstDay
  while (time < calendar.days) {
    const day = Math.floor(time)
    if (baskets.at(-1)?.day !== day) {
      const lines = shelf.takeDue(day + AHEAD / ordersPerDay, day)
      for (let i = poisson(random, curiosity); i > 0; i--) lines.push(...shelf.tryOut(drawProduct(random), day))
      if (lines.length === 0) lines.push(shelf.takeSoonest(day))
      baskets.push({ day, hour: shoppingHour(random), lines: withQuantities(random, lines, portions) })
    }
    if (chance(random, dropout)) break
    time += exponential(random, ordersPerDay) / (SEASON[calendar.monthOf(day) - 1] ?? 1)
  }
  return baskets
}

/** What a household has at home, as far as the next purchase of each staple goes. */
class Shelf {
  readonly #random: Random
  readonly #due = new Map<Staple, number>()

  constructor(random: Random, staples: readonly Staple[], firstDay: number) {
    this.#random = random
    for (const staple of staples) this.#due.set(staple, firstDay + staple.everyDays * uniform(random, -0.4, 0.9))
  }

  /** Buys every staple that is due until `untilDay`. */
  takeDue(untilDay: number, today: number): DemoProduct[] {
    const taken = [...this.#due].filter(([, due]) => due <= untilDay).map(([staple]) => staple)
    return taken.map((staple) => this.#take(staple, today))
  }

  /** Buys the staple that is due first: nobody orders an empty basket. */
  takeSoonest(today: number): DemoProduct {
    const [soonest] = [...this.#due].sort(([, a], [, b]) => a - b)
    if (!soonest) throw new Error('a household without staples')
    return this.#take(soonest[0], today)
  }

  /** Buys something new, which may become a staple; nothing when it is one already. */
  tryOut(product: DemoProduct, today: number): DemoProduct[] {
    if ([...this.#due.keys()].some((staple) => staple.product === product)) return []
    if (chance(this.#random, LIKED)) return [this.#take(stapleOf(this.#random, product), today)]
    return [product]
  }

  #take(staple: Staple, today: number): DemoProduct {
    this.#due.set(staple, today + gamma(this.#random, REGULARITY, REGULARITY / staple.everyDays))
    return staple.product
  }
}

function withQuantities(random: Random, products: readonly DemoProduct[], portions: number): DemoLine[] {
  return [...new Set(products)].map((product) => {
    return { product, quantity: portions * (chance(random, 0.75) ? 1 : integer(random, 2, 3)) }
  })
}

/** Between seven in the morning and eleven at night, mostly in the evening. */
function shoppingHour(random: Random): number {
  return 7 + 16 * Math.sqrt(random.next())
}
