import { type CopyTx, copyTransaction } from '../../db/copy'
import type { Database } from '../../db/open'
import type { Db } from '../../db/sql'
import type { SecretBytes } from '../clock'
import { hasMembers } from '../members/find'
import { openBulk } from '../points/bulk'
import { settleAll } from '../points/expire'
import { refreshPopularity } from '../recommendations/popularity'
import { reviewTiers } from '../tiers/review'
import { generateDemoShop } from './generate'
import { addDemoCanned } from './load-canned'
import { copyEvents } from './load-events'
import { copyOrders } from './load-orders'
import { recordPointsUntil } from './load-points'
import { copyQuestions } from './load-questions'
import { redeemSome } from './load-redemptions'
import { copyShop, DEMO_SOURCE, setUpDemo } from './load-shop'

/**
 * How many days before today the shop looked back: tiers were reviewed, and some members then spent points. Between the
 * looks the points of the orders are recorded, so that the ledger reads as if all had happened in its time.
 */
const LOOKS_DAYS_AGO = [240, 150, 60, 6, 0]

export interface DemoLoad {
  /** The demo shop was there before; nothing was changed. */
  readonly isAlreadyThere: boolean
  readonly members: number
  readonly products: number
  readonly orders: number
  readonly lines: number
  readonly redemptions: number
}

export interface DemoOptions {
  readonly at: Date
  readonly secretBytes: SecretBytes
  /** How far it is: steps done of all. */
  readonly onProgress?: (progress: { step: string; done: number; total: number }) => void
}

/** Whether there is nobody at all, so that a demo may begin. */
export async function isEmpty(db: Db): Promise<boolean> {
  return !(await hasMembers(db))
}

/**
 * Fills the database with the demo shop as of the day of `at`, beside whatever is there. One transaction: a kill at any
 * time leaves nothing behind, and the same call does it again. Two at once take turns; the second finds it done.
 */
export async function loadDemoShop(database: Database, options: DemoOptions): Promise<DemoLoad> {
  const load = await copyTransaction(database, (tx) => loadInto(tx, options))
  if (!load.isAlreadyThere) await database.sql`analyze member_account, transfer, entry, lot, lot_use, issued_coupon`
  return load
}

async function loadInto(tx: CopyTx, { at, secretBytes, onProgress }: DemoOptions): Promise<DemoLoad> {
  await tx.sql`select pg_advisory_xact_lock(hashtext('regulars demo'))`
  const earlier = await countLoaded(tx)
  if (earlier.members > 0) return { isAlreadyThere: true, ...earlier }

  const steps = ['shop', 'orders', ...LOOKS_DAYS_AGO.map((daysAgo) => `points until ${daysAgo} days ago`), 'popularity']
  let done = 0
  const begin = (step: string | undefined) => onProgress?.({ step: step ?? '', done: done++, total: steps.length })

  begin(steps[0])
  const merchant = await setUpDemo(tx, at)
  const shop = generateDemoShop({ at, timeZone: merchant.timeZone })
  await copyShop(tx, shop)
  begin(steps[1])
  const { lines, idOf } = await copyOrders(tx, { shop, currency: merchant.currency })
  await copyQuestions(tx, { shop, at })
  await copyEvents(tx, { shop, at })
  await addDemoCanned(tx, { at })

  // The server would plan what follows for the empty tables it knows of.
  await tx.sql`analyze member, product, shop_order, order_line, line_refund`

  await openBulk(tx)
  let since = new Date(0)
  let redemptions = 0
  for (const [index, daysAgo] of LOOKS_DAYS_AGO.entries()) {
    begin(steps[2 + index])
    const until = daysAgo === 0 ? at : shop.calendar.at(shop.calendar.days - daysAgo, 12)
    await recordPointsUntil(tx, { shop, merchant, idOf, since, until })
    await reviewTiers(tx, { memberIds: shop.members.map(({ id }) => id), at: until, reason: 'review' })
    redemptions += await redeemSome(tx, { shop, daysAgo, until, secretBytes })
    since = until
  }
  begin(steps.at(-1))
  await settleAll(tx, { at })
  await refreshPopularity(tx, { at })
  const { members, products, orders } = shop
  return {
    isAlreadyThere: false,
    members: members.length,
    products: products.length,
    orders: orders.length,
    lines,
    redemptions,
  }
}

async function countLoaded(tx: CopyTx): Promise<Omit<DemoLoad, 'isAlreadyThere'>> {
  const [row] = await tx.sql<Omit<DemoLoad, 'isAlreadyThere'>>`
    select (select count(*)::int from member where source = ${DEMO_SOURCE}) as members,
      (select count(*)::int from product where source = ${DEMO_SOURCE}) as products,
      (select count(*)::int from shop_order where source = ${DEMO_SOURCE} and kind = 'sale') as orders,
      (select count(*)::int from order_line join shop_order on shop_order.id = order_id
        where source = ${DEMO_SOURCE} and kind = 'sale') as lines,
      (select count(*)::int from transfer join member on member.id = member_id
        where member.source = ${DEMO_SOURCE} and kind = 'burn') as redemptions`
  if (!row) throw new Error('a count gave no row')
  return row
}
