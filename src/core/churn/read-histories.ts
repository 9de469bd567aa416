import { type BinaryRow, readBigint, readSnapshot, readText, readTime, type Snapshot } from '../../db/copy-out'
import type { Database } from '../../db/open'
import type { ChurnHistories } from '../../ml/churn-features'
import { EventCollector } from '../../ml/event-lists'
import { booksDateOf } from '../calendar/books-date'
import { MemberIndex } from './member-index'

/** All members and what they did, each on the day axis of the own source: day −1 is the last before its books date. */
export interface ReadHistories {
  readonly members: MemberIndex
  readonly histories: ChurnHistories
  readonly categories: readonly string[]
  /** The books date of each source, and each member's place among them. */
  readonly booksDates: readonly Date[]
  readonly sourceOf: Uint16Array
}

const DAY_MS = 86_400_000

/**
 * Streams orders, refunds, points, coupons, consultations, clicks and reviews of every member out of one snapshot. Nothing at or after a
 * member's books date is kept, so what is learnt or said is what could be known by then.
 */
export function readHistories(database: Database, { at }: { at: Date }): Promise<ReadHistories> {
  return readSnapshot(database, async (snapshot) => {
    const axis = await readMembers(snapshot, at)
    const orders = await readEvents(snapshot, axis, {
      query: `select member_id, placed_at, total_minor from shop_order
        where kind = 'sale' and status <> 'cancelled' and member_id is not null`,
      value: (row) => readBigint(row, 2),
      mergeDays: true,
    })
    const refunds = await readEvents(snapshot, axis, {
      query: `select member_id, placed_at, -total_minor from shop_order
        where kind = 'refund' and status <> 'cancelled' and member_id is not null`,
      value: (row) => readBigint(row, 2),
    })
    const pointsEarned = await readEvents(snapshot, axis, {
      query: "select member_id, occurred_at, abs(points) from transfer where kind = 'earn'",
      value: (row) => readBigint(row, 2),
    })
    const pointsBurnt = await readEvents(snapshot, axis, {
      query: "select member_id, occurred_at, abs(points) from transfer where kind in ('burn', 'post')",
      value: (row) => readBigint(row, 2),
    })
    const coupons = await readEvents(snapshot, axis, {
      query: "select member_id, issued_at from issued_coupon where status <> 'void'",
    })
    const consultations = await readEvents(snapshot, axis, { query: 'select member_id, at from consultation' })
    const complaints = await readEvents(snapshot, axis, {
      query: "select member_id, at from consultation where topic = 'complaint'",
    })
    const clicks = await readEvents(snapshot, axis, {
      query: "select member_id, at from member_event where kind in ('click', 'view')",
    })
    const reviews = await readEvents(snapshot, axis, {
      query: "select member_id, at, rating::bigint from member_event where kind = 'review'",
      value: (row) => readBigint(row, 2),
    })
    const lines = await readEvents(snapshot, axis, {
      query: `select purchase.member_id, purchase.placed_at, count(*)
        from shop_order purchase join order_line line on line.order_id = purchase.id
        where purchase.kind = 'sale' and purchase.status <> 'cancelled' and purchase.member_id is not null
        group by purchase.id`,
      value: (row) => readBigint(row, 2),
    })
    const { shelves, categories } = await readShelves(snapshot, axis)
    const { members, booksDates, sourceOf } = axis
    const histories = {
      ...{ customers: members.size, start: orders.start, day: orders.day, amount: orders.value },
      ...{ refunds, pointsEarned, pointsBurnt, coupons, consultations, complaints, clicks, reviews, lines, shelves },
      categories: categories.length,
    }
    return { members, histories, categories, booksDates, sourceOf }
  })
}

interface Axis {
  readonly members: MemberIndex
  readonly booksDates: readonly Date[]
  readonly sourceOf: Uint16Array
}

async function readMembers(snapshot: Snapshot, at: Date): Promise<Axis> {
  const sources = new Map<string, number>()
  const booksDates: Date[] = []
  await snapshot.copyOut('select name, horizon_at from source order by name', (row) => {
    sources.set(readText(row, 0) ?? '', booksDates.length)
    const horizonAt = row.length[1]! < 0 ? null : new Date(readTime(row, 1))
    booksDates.push(booksDateOf({ horizonAt, at }))
  })
  const members = new MemberIndex()
  const places: number[] = []
  await snapshot.copyOut('select id, source from member where erased_at is null order by id', (row) => {
    members.add(row, 0)
    places.push(sources.get(readText(row, 1) ?? '') ?? 0)
  })
  return { members, booksDates, sourceOf: Uint16Array.from(places) }
}

/** Events: the member and the time in the first two columns. */
async function readEvents(
  snapshot: Snapshot,
  axis: Axis,
  events: { query: string; value?: (row: BinaryRow) => number; mergeDays?: boolean },
) {
  const { query, value = () => 1, mergeDays = false } = events
  const collector = new EventCollector()
  const dayOf = dayAxis(axis)
  await snapshot.copyOut(query, (row) => {
    const member = axis.members.find(row, 0)
    if (member < 0) return
    const day = dayOf(row, member)
    if (day < 0) collector.add(member, day, value(row))
  })
  return collector.finish(axis.members.size, { mergeDays })
}

/** From which categories each member bought when; the value is the category's place. */
async function readShelves(snapshot: Snapshot, axis: Axis) {
  const categories: string[] = []
  const places = new Map<string, number>()
  const shelves = await readEvents(snapshot, axis, {
    query: `select purchase.member_id, purchase.placed_at, product.category_code
      from shop_order purchase join order_line line on line.order_id = purchase.id join product on product.sku = line.sku
      where purchase.kind = 'sale' and purchase.status <> 'cancelled' and purchase.member_id is not null
        and product.category_code is not null
      group by purchase.id, product.category_code`,
    value(row) {
      const code = readText(row, 2) ?? ''
      const known = places.get(code)
      if (known !== undefined) return known
      places.set(code, categories.length)
      return categories.push(code) - 1
    },
  })
  return { shelves, categories }
}

/** Whole days to the books date of the member's source, counted down: the last instant it knows of lies on day −1. */
function dayAxis({ booksDates, sourceOf }: Axis): (row: BinaryRow, member: number) => number {
  const ends = booksDates.map((date) => date.getTime() + 1)
  return (row, member) => Math.floor((readTime(row, 1) - ends[sourceOf[member]!]!) / DAY_MS)
}
