import type { ChurnHistories } from '../../src/ml/churn-features'
import { EventCollector, type EventLists } from '../../src/ml/event-lists'
import { beta, createRandom, exponential, gamma, type Random } from '../../src/ml/random'

/** One customer by hand: days before the end, counted down (−1 is the last), with what happened on them. */
export interface HandMade {
  readonly orders?: readonly (readonly [day: number, amount: number])[]
  readonly refunds?: readonly (readonly [day: number, amount: number])[]
  readonly complaints?: readonly number[]
  /** The category of each order, in their order. */
  readonly shelves?: readonly number[]
}

/** Histories of customers made by hand. */
export function histories(customers: readonly HandMade[]): ChurnHistories {
  const lists = (of: (customer: HandMade) => readonly (readonly [number, number])[], mergeDays = false): EventLists => {
    const collector = new EventCollector()
    customers.forEach((customer, c) => {
      for (const [day, value] of of(customer)) collector.add(c, day, value)
    })
    return collector.finish(customers.length, { mergeDays })
  }
  const orders = lists(({ orders: own = [] }) => own, true)
  const complaints = lists(({ complaints: own = [] }) => own.map((day) => [day, 1] as const))
  const none = lists(() => [])
  const shelved = ({ orders: own = [], shelves = [] }: HandMade) =>
    shelves.map((category, i) => [own[i]![0], category] as const)
  return {
    ...{ customers: customers.length, start: orders.start, day: orders.day, amount: orders.value },
    ...{
      refunds: lists(({ refunds = [] }) => refunds),
      complaints,
      consultations: complaints,
      clicks: lists(() => []),
      reviews: lists(() => []),
    },
    ...{ pointsEarned: none, pointsBurnt: none, coupons: none, lines: none },
    ...{ shelves: lists(shelved), categories: 3 },
  }
}

/** Customers who buy and leave as BG/NBD says, over `days` days. */
export function drawnHistories(count: number, { days, seed }: { days: number; seed: number }): ChurnHistories {
  const random = createRandom(seed)
  return histories(Array.from({ length: count }, () => drawCustomer(random.fork(random.next()), days)))
}

function drawCustomer(random: Random, days: number): HandMade {
  const rate = gamma(random, 1.5, 40)
  const leaves = beta(random, 1, 8)
  const orders: [number, number][] = []
  let day = -1 - Math.floor(random.next() * days)
  while (day < 0) {
    orders.push([day, 500 + Math.round(2000 * random.next())])
    if (random.next() < leaves) break
    day += Math.max(1, Math.round(exponential(random, rate)))
  }
  return { orders }
}
