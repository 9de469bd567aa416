import { chance, createRandom, integer, type Random } from '../../ml/random'
import { demoProducts } from './catalogue/products'
import type { DemoProduct } from './catalogue/shelf'
import { type DemoCalendar, demoCalendar } from './demo-calendar'
import { type Design, designs, personOfDesign } from './demo-members'
import { type DemoOrder, type DemoRefund, ordersOf, type Purchase } from './demo-orders'
import { type Basket, historyOf } from './history'
import { householdOf, popularityDraw, type Staple, stapleOf } from './household'
import { personOf } from './people'

/** The same shop on the same day, always. Another shape of the data asks for another name here. */
const SEED = 'regulars demo shop 1'
const MEMBERS = 2_000
/** Of the members, who was there when the history begins; the others joined evenly since. */
const FOUNDING_SHARE = 0.45
/** Signed up and never bought. */
const NEVER_BOUGHT_SHARE = 0.02

export interface DemoMemberRow {
  readonly id: string
  readonly displayName: string
  readonly email: string
  readonly locale: string
  readonly timeZone: string
  readonly joinedAt: Date
}

export interface DemoShop {
  readonly calendar: DemoCalendar
  readonly products: readonly DemoProduct[]
  readonly members: readonly DemoMemberRow[]
  readonly orders: readonly DemoOrder[]
  readonly refunds: readonly DemoRefund[]
}

type Draw = (random: Random) => DemoProduct

/** Draws the whole shop as it stands on the morning of the day of `at`. Pure: it depends on that day alone. */
export function generateDemoShop({ at, timeZone }: { at: Date; timeZone: string }): DemoShop {
  const random = createRandom(SEED)
  const calendar = demoCalendar({ at, timeZone })
  const drawProduct = popularityDraw(random.fork('popularity'), demoProducts)
  const members: DemoMemberRow[] = []
  const purchases: Purchase[] = []
  for (let number = 1; number <= MEMBERS; number++) {
    const draws = random.fork(`member ${number}`)
    const design = designs[number - 1]
    const drawn = design
      ? designedMember(draws, { design, calendar, drawProduct })
      : drawnMember(draws, { number, calendar, drawProduct })
    members.push(drawn.member)
    purchases.push(...drawn.purchases)
  }
  return { calendar, products: demoProducts, members, ...ordersOf(random.fork('orders'), { purchases, calendar }) }
}

interface Drawn {
  member: DemoMemberRow
  purchases: Purchase[]
}

interface DrawContext {
  readonly calendar: DemoCalendar
  readonly drawProduct: Draw
}

function drawnMember(random: Random, { number, calendar, drawProduct }: DrawContext & { number: number }): Drawn {
  const id = `M${String(number).padStart(4, '0')}`
  const person = personOf(random.fork('person'), number)
  const household = householdOf(random.fork('household'), drawProduct)
  const isFounder = chance(random, FOUNDING_SHARE)
  // Founders bought before the history begins; their first order within it comes when their rhythm says.
  const firstDay = isFounder
    ? integer(random, 0, Math.min(40, Math.ceil(1 / household.ordersPerDay)))
    : integer(random, 0, calendar.days - 1)
  const joinedDay = isFounder ? -integer(random, 1, 700) : firstDay
  const neverBought = chance(random, NEVER_BOUGHT_SHARE)
  const baskets = neverBought ? [] : historyOf(random.fork('history'), { household, calendar, firstDay, drawProduct })
  const { displayName, locale, timeZone, mailbox } = person
  const joinedAt = calendar.at(joinedDay, 7)
  const member = { id, displayName, locale, timeZone, email: `${mailbox}@example.com`, joinedAt }
  return { member, purchases: baskets.map((basket) => ({ memberId: id, basket })) }
}

function designedMember(random: Random, { design, calendar, drawProduct }: DrawContext & { design: Design }): Drawn {
  const { id, firstDaysAgo, noOrders, returned } = design
  const firstDay = firstDaysAgo === undefined ? 2 : calendar.days - firstDaysAgo
  const baskets = noOrders ? [] : designedBaskets(random, { design, calendar, drawProduct, firstDay })
  const { displayName, locale, timeZone, mailbox } = personOfDesign(design)
  const joinedAt = calendar.at(noOrders ? calendar.days - 1 : firstDay, 7)
  const member = { id, displayName, locale, timeZone, email: `${mailbox}@example.com`, joinedAt }
  const purchases = baskets.map((basket): Purchase => {
    const isReturned = returned !== undefined && basket.day === calendar.days - returned.orderedDaysAgo
    const purchase = { memberId: id, basket, undisturbed: true }
    return isReturned ? { ...purchase, returnOnDay: calendar.days - returned.returnedDaysAgo } : purchase
  })
  return { member, purchases }
}

/** The drawn history, cut where the design says, with its laid-down orders in place of what fell on their days. */
function designedBaskets(
  random: Random,
  { design, calendar, drawProduct, firstDay }: DrawContext & { design: Design; firstDay: number },
): Basket[] {
  const { stapleCount, lastDaysAgo = 1, alsoDaysAgo = [] } = design
  const drawn = householdOf(random.fork('household'), drawProduct)
  const staples =
    stapleCount === undefined ? drawn.staples : staplesOf(random.fork('staples'), stapleCount, drawProduct)
  const household = { ...drawn, ...design.household, staples }
  const history = historyOf(random.fork('history'), { household, calendar, firstDay, drawProduct })
  const alsoDays = alsoDaysAgo.map((daysAgo) => calendar.days - daysAgo)
  const kept = history.filter(({ day }) => day <= calendar.days - lastDaysAgo && !alsoDays.includes(day))
  const also = alsoDays.map((day): Basket => {
    const lines = staples.slice(0, 4).map(({ product }) => ({ product, quantity: household.portions }))
    return { day, hour: 19.25, lines }
  })
  return [...kept, ...also]
}

function staplesOf(random: Random, count: number, drawProduct: Draw): Staple[] {
  const staples = new Map<string, Staple>()
  while (staples.size < count) {
    const staple = stapleOf(random, drawProduct(random))
    staples.set(staple.product.sku, staple)
  }
  return [...staples.values()]
}
