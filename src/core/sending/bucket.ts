import type { Db, Tx } from '../../db/sql'
import { AHEAD_MAX_MS, findSlots, type SendWindow, stillCounting } from './slots'

/** At most `wanted` slots of a bucket, from `leadMs` (default 0) to `horizonMs` from now. */
interface SlotSearch {
  scope: string
  window: SendWindow
  wanted: number
  at: Date
  leadMs?: number
  horizonMs: number
}

/**
 * Takes slots of a bucket, of all processes together, and none while the channel told us to wait. The bucket stays locked until the transaction ends.
 * @returns instants in ms, ascending
 */
export async function takeSlots(
  tx: Tx,
  { scope, window, wanted, at, leadMs = 0, horizonMs }: SlotSearch,
): Promise<number[]> {
  const { slots, blockedUntil } = await lockBucket(tx, { scope, at })
  const atMs = at.getTime()
  const taken = stillCounting(slots, { window, atMs })
  const fromMs = Math.max(atMs + leadMs, blockedUntil?.getTime() ?? 0)
  const found = findSlots(taken, { window, wanted, fromMs, untilMs: atMs + horizonMs })
  if (found.length > 0) await writeSlots(tx, scope, [...taken, ...found])
  return found
}

/** How many slots there would be; nothing is taken. */
export async function countFreeSlots(
  db: Db,
  { scope, window, wanted, at, leadMs = 0, horizonMs }: SlotSearch,
): Promise<number> {
  const [row] = await db.sql<Row>`
    select slots, blocked_until as "blockedUntil", blocked_at as "blockedAt", line_until as "lineUntil", line_at as "lineAt"
    from send_bucket where scope = ${scope}`
  const { slots, blockedUntil } = row ? bucketOf(row, at) : { slots: [], blockedUntil: null }
  const atMs = at.getTime()
  const fromMs = Math.max(atMs + leadMs, blockedUntil?.getTime() ?? 0)
  return findSlots(stillCounting(slots, { window, atMs }), { window, wanted, fromMs, untilMs: atMs + horizonMs }).length
}

/**
 * Puts so many at the end of the line of those that found no slot, and says when each is to be looked at again: twice as fast
 * as slots come, since some will be dropped. However long the line, the rest of the queue is seen past it.
 */
export async function joinLine(
  tx: Tx,
  {
    scope,
    window,
    count,
    at,
    soonestMs,
  }: { scope: string; window: SendWindow; count: number; at: Date; soonestMs: number },
): Promise<Date[]> {
  const { lineUntil } = await lockBucket(tx, { scope, at })
  const everyMs = window.windowMs / window.messages / 2
  const fromMs = Math.max(at.getTime() + soonestMs, lineUntil?.getTime() ?? 0)
  const line = Array.from({ length: count }, (_, place) => new Date(fromMs + place * everyMs))
  const end = new Date(fromMs + count * everyMs)
  await tx.sql`update send_bucket set line_until = ${end}, line_at = ${at} where scope = ${scope}`
  return line
}

/** Gives slots back that nothing was sent in. */
export async function giveSlotsBack(
  db: Db,
  { scope, slots }: { scope: string; slots: readonly number[] },
): Promise<void> {
  await db.sql`
    update send_bucket set slots = array(
      select slot from unnest(slots) with ordinality taken (slot, place)
      where slot <> all (${[...slots]}::float8[]) order by place
    ) where scope = ${scope}`
}

/**
 * Charges what was sent without asking for a slot: replies, which nobody should wait for. Messages that can wait then do, so
 * that both together keep the limit.
 */
export function chargeBucket(
  db: { tx<T>(work: (tx: Tx) => Promise<T>): Promise<T> },
  { scope, window, sentMs }: { scope: string; window: SendWindow; sentMs: readonly number[] },
): Promise<void> {
  return db.tx(async (tx) => {
    const atMs = Math.max(...sentMs)
    const { slots } = await lockBucket(tx, { scope, at: new Date(atMs) })
    const all = [...slots, ...sentMs].sort((a, b) => a - b)
    await writeSlots(tx, scope, stillCounting(all, { window, atMs }))
  })
}

/** Nothing of this bucket goes before `until`, in any process, as the channel said at `at`. */
export async function blockBucket(
  db: Db,
  { scope, until, at }: { scope: string; until: Date; at: Date },
): Promise<void> {
  await db.sql`
    insert into send_bucket (scope, blocked_until, blocked_at) values (${scope}, ${until}, ${at})
    on conflict (scope) do update set blocked_at = excluded.blocked_at, blocked_until = case
      when send_bucket.blocked_at > ${new Date(at.getTime() + AHEAD_MAX_MS)} then excluded.blocked_until
      else greatest(send_bucket.blocked_until, excluded.blocked_until) end`
}

interface Bucket {
  slots: number[]
  blockedUntil: Date | null
  lineUntil: Date | null
}

interface Row extends Bucket {
  blockedAt: Date | null
  lineAt: Date | null
}

/** What holds of a bucket at `at`: not what was written before the clock was set back. */
function bucketOf({ slots, blockedUntil, blockedAt, lineUntil, lineAt }: Row, at: Date): Bucket {
  const holds = (since: Date | null) => since === null || since.getTime() <= at.getTime() + AHEAD_MAX_MS
  return {
    slots,
    blockedUntil: holds(blockedAt) ? blockedUntil : null,
    lineUntil: holds(lineAt) ? lineUntil : null,
  }
}

/** Locks a bucket, and clears away what does not hold: when the clock comes to that time again it would. */
async function lockBucket(tx: Tx, { scope, at }: { scope: string; at: Date }): Promise<Bucket> {
  await tx.sql`insert into send_bucket (scope) values (${scope}) on conflict do nothing`
  const [row] = await tx.sql<Row>`
    select slots, blocked_until as "blockedUntil", blocked_at as "blockedAt", line_until as "lineUntil", line_at as "lineAt"
    from send_bucket where scope = ${scope} for update`
  if (!row) throw new Error(`the bucket ${scope} went away`)
  const bucket = bucketOf(row, at)
  if (bucket.blockedUntil !== row.blockedUntil || bucket.lineUntil !== row.lineUntil) {
    await tx.sql`
      update send_bucket set blocked_until = ${bucket.blockedUntil}, line_until = ${bucket.lineUntil},
        blocked_at = case when ${bucket.blockedUntil}::timestamptz is not null then blocked_at end,
        line_at = case when ${bucket.lineUntil}::timestamptz is not null then line_at end
      where scope = ${scope}`
  }
  return bucket
}

async function writeSlots(tx: Tx, scope: string, slots: readonly number[]): Promise<void> {
  await tx.sql`update send_bucket set slots = ${[...slots]}::float8[] where scope = ${scope}`
}
