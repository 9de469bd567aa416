import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { importOrders } from '../../../src/core/import/import-orders'
import { recordOrder } from '../../../src/core/orders/place'
import { burn } from '../../../src/core/points/burn'
import { hold } from '../../../src/core/points/hold'
import { verifyLedger } from '../../../src/core/points/verify'
import { findTierFaults } from '../../../src/core/tiers/faults'
import { createRandom } from '../../../src/ml/random'
import { useDatabase } from '../../support/database'
import { useScratchFolder } from '../../support/scratch-folder'
import { csvOf, type DrawnOrder, drawnSkus, drawOrders } from './drawn-shop'
import { readImportState } from './import-state'
import { OrderOracle, totalOf } from './order-oracle'

const SPRING = Date.UTC(2026, 0, 1)
const JUNE = Date.UTC(2026, 5, 10)
const LIVE = new Date('2026-06-15T12:00:00Z')
const SUMMER = Date.UTC(2026, 5, 20)
const AUTUMN = Date.UTC(2026, 10, 15)
const AT = new Date('2026-11-22T12:00:00Z')
const POPULAR_MS = 90 * 24 * 60 * 60 * 1000

const membersOf = (orders: readonly DrawnOrder[]) => [...new Set(orders.flatMap(({ memberId }) => memberId ?? []))]

const folder = useScratchFolder()
const database = useDatabase()
const db = () => database.current()
const random = createRandom('into-a-shop')
const oracle = new OrderOracle()
/** Also one whose rows the ledger's own functions have to record. */
const oldMembers = [...Array.from({ length: 400 }, (_, index) => `m${index}`), '会员']
const newMembers = Array.from({ length: 300 }, (_, index) => `n${index}`)
const spentPoints = new Map<string, number>()

const before = drawOrders(random, { prefix: 'a', lines: 9_000, members: oldMembers, fromMs: SPRING, untilMs: JUNE })
const known = membersOf(before)
const live: DrawnOrder[] = known.slice(100, 130).map((memberId, index) => ({
  source: 'till',
  id: `till${index}`,
  memberId,
  placedAtMs: LIVE.getTime() - (30 - index) * 60_000,
  kind: 'sale',
  lines: [{ sku: drawnSkus[index] ?? '', quantity: 6, unitPriceMinor: 100 + 7 * index }],
}))
/** They have spent points, buy nothing more and send back what they bought: some owe points then. */
const leaving = known.slice(0, 60)
const returns = leaving.flatMap((memberId, index): DrawnOrder[] => {
  const sale = before.findLast((order) => order.memberId === memberId && order.kind === 'sale')
  return sale ? [{ ...sale, id: `c${index}`, kind: 'refund', placedAtMs: AUTUMN + index * 60_000 }] : []
})
const fresh = [
  ...drawOrders(random, {
    prefix: 'b',
    lines: 30_000,
    members: [...oldMembers, ...newMembers].filter((id) => !leaving.includes(id)),
    fromMs: SUMMER,
    untilMs: AUTUMN,
    before: [...before, ...live],
  }),
  ...returns,
]
const oldSales = before.filter(({ kind }) => kind === 'sale')
const again = oldSales.slice(0, 60)
const changed = oldSales.slice(60, 70).map((order) => ({
  ...order,
  lines: order.lines.map((line) => ({ ...line, quantity: line.quantity + 1 })),
}))
const second = [...fresh, ...again, ...changed]
const files = { before: path.join(folder, 'before.csv'), second: path.join(folder, 'second.csv') }

/** Spends or sets aside some of the points that members have by then. */
async function spend(): Promise<void> {
  for (const [index, memberId] of known.slice(0, 150).entries()) {
    const has = oracle.expected.points.get(memberId) ?? 0
    const points = index % 3 === 0 ? has : Math.floor(has / 2)
    if (points === 0) continue
    const key = { memberId, points, source: 'test', externalId: `spent-${memberId}`, at: LIVE }
    const outcome =
      index % 10 === 1 ? await hold(db(), { ...key, expiresAt: new Date('2027-06-01') }) : await burn(db(), key)
    expect(outcome).toMatchObject({ ok: true })
    if (index % 10 !== 1) spentPoints.set(memberId, points)
  }
}

beforeAll(async () => {
  writeFileSync(files.before, csvOf(before))
  writeFileSync(files.second, csvOf(second))
  const outcome = await importOrders(db(), { path: files.before, at: LIVE })
  expect(outcome).toMatchObject({ ok: true, result: { refused: 0, orders: before.length } })
  for (const order of before) oracle.take(order)
  // What the till's orders earn is pending yet.
  await spend()
  for (const order of live) {
    const { source, id, memberId, placedAtMs, lines } = order
    const input = {
      source,
      externalId: id,
      memberId: memberId ?? '',
      placedAt: new Date(placedAtMs),
      lines,
      at: LIVE,
    }
    expect(await db().tx((tx) => recordOrder(tx, input))).toMatchObject({ ok: true })
    oracle.take(order)
  }
}, 120_000)

describe('thirty thousand lines into a shop that has orders, points and members', () => {
  test('are taken, and what is there already or was changed is told apart', async () => {
    const earlier = { ...oracle.expected }
    for (const order of fresh) oracle.take(order)
    const outcome = await importOrders(db(), { path: files.second, at: AT })
    const refunds = fresh.filter(({ kind, memberId }) => kind === 'refund' && memberId !== null)
    const lineOf = (order: DrawnOrder) =>
      2 + second.slice(0, second.indexOf(order)).reduce((sum, { lines }) => sum + lines.length, 0)
    const changedRows = changed.reduce((sum, { lines }) => sum + lines.length, 0)
    expect(outcome).toMatchObject({
      ok: true,
      isRepeat: false,
      result: {
        rows: second.reduce((sum, { lines }) => sum + lines.length, 0),
        refused: changedRows,
        refusedByKind: { 'order-changed': { rows: changedRows, lines: changed.map(lineOf) } },
        alreadyThere: again.length,
        added: {
          orders: fresh.length,
          members: membersOf(fresh).filter((id) => !known.includes(id)).length,
        },
        refunds: {
          orders: refunds.length,
          lines: refunds.reduce((sum, { lines }) => sum + lines.length, 0),
          linesWithoutSale: oracle.expected.linesWithoutSale - earlier.linesWithoutSale,
        },
        points: {
          earned: oracle.expected.earned - earlier.earned,
          takenBack: oracle.expected.takenBack - earlier.takenBack,
        },
      },
    })
  }, 120_000)

  test('leave the orders as they were drawn', async () => {
    const stored = await db().sql<{ id: string; member: string | null; kind: string; total: number; lines: number }>`
      select external_id as id, member_id as member, kind, total_minor as total, count(*) as lines
      from shop_order join order_line on order_id = id group by shop_order.id order by external_id`
    const drawn = [...before, ...live, ...fresh]
      .map((order) => ({
        id: order.id,
        member: order.memberId,
        kind: order.kind,
        total: (order.kind === 'sale' ? 1 : -1) * totalOf(order),
        lines: order.lines.length,
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
    expect(stored).toEqual(drawn)
  })

  test('give back what the oracle says, of sales of old too', async () => {
    const matches = await db().sql<{ match: string; quantity: number; isOld: boolean }>`
      select refund.external_id || '/' || refund_line_no || ' ' || sale.external_id || '/' || sale_line_no as match, quantity,
        refund.external_id like 'b%' and sale.external_id not like 'b%' as "isOld"
      from line_refund join shop_order refund on refund.id = refund_order_id join shop_order sale on sale.id = sale_order_id`
    expect(new Map(matches.map(({ match, quantity }) => [match, quantity]))).toEqual(oracle.expected.matches)
    expect(matches.filter(({ isOld }) => isOld).length).toBeGreaterThan(100)
    const spent = await db().sql<{
      id: string
    }>`select external_id as id from shop_order where kind = 'sale' and status = 'refunded'`
    expect(new Set(spent.map(({ id }) => id))).toEqual(oracle.expected.spent)
  })

  test('leave each member the points that the oracle says, less what was spent', async () => {
    const accounts = await db().sql<{ id: string; points: number; owed: number }>`
      select member_id as id, available + pending + held - owed as points, owed from member_account order by member_id`
    const stored = new Map(accounts.map(({ id, points }) => [id, points]))
    for (const [memberId, points] of oracle.expected.points) {
      expect([memberId, stored.get(memberId) ?? 0]).toEqual([memberId, points - (spentPoints.get(memberId) ?? 0)])
    }
    expect(accounts.filter(({ owed }) => owed > 0).length).toBeGreaterThan(0)
    expect((await verifyLedger(db(), { at: AT })).filter(({ ok }) => !ok)).toEqual([])
    expect(await findTierFaults(db())).toEqual([])
  }, 60_000)

  test('count as popular what members bought of late and kept', async () => {
    const buyers = new Map<string, Set<string | null>>()
    for (const { id, kind, memberId, placedAtMs, lines } of fresh) {
      const isLate = placedAtMs > AT.getTime() - POPULAR_MS
      if (kind === 'refund' || memberId === null || !isLate || oracle.expected.spent.has(id)) continue
      for (const { sku } of lines) buyers.set(sku, (buyers.get(sku) ?? new Set()).add(memberId))
    }
    const stored = await db().sql<{ sku: string; buyers: number }>`select sku, buyers from product_popularity`
    expect(new Map(stored.map(({ sku, buyers }) => [sku, buyers]))).toEqual(
      new Map([...buyers].map(([sku, members]) => [sku, members.size])),
    )
  })

  test('change nothing a second time', async () => {
    const state = await readImportState(db())
    expect(await importOrders(db(), { path: files.second, at: AT })).toMatchObject({ ok: true, isRepeat: true })
    expect(await readImportState(db())).toEqual(state)
  })
})
