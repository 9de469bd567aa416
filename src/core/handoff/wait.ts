import type { Db } from '../../db/sql'
import { PRESENT_SECONDS } from './presence'

/** What somebody who waits can be told. */
export interface Wait {
  /** 1 is next; null where the request does not wait. */
  readonly place: number | null
  /** Null while nothing is known: nobody is there, or too little was handled in the last days. */
  readonly expectedSeconds: number | null
}

const DAYS_LOOKED_AT = 7
/** Fewer conversations say nothing of the next. */
const HANDLED_MIN = 5

/**
 * A request's place in the queue and how long that may take. Each conversation in hand ends, on average, after half of the median
 * handling time of the last seven days, and the queue is served by as many at once as those who are there can hold.
 * Without a request: what somebody would be told who asked now.
 */
export async function readWait(db: Db, { requestId, at }: { requestId: number | null; at: Date }): Promise<Wait> {
  const [row] = await db.sql<{
    ahead: number | null
    room: number
    held: number
    handled: number
    median: number | null
  }>`
    with mine as (
      select desk_rank(priority, waiting_since) as rank, id from handoff_request
      where id = ${requestId} and status = 'waiting' and left_at is null
    ), handled as (
      select extract(epoch from closed_at - accepted_at)::float8 as seconds from handoff_request
      where closed_at > ${at}::timestamptz - make_interval(days => ${DAYS_LOOKED_AT}) and closed_at <= ${at}
        and accepted_at is not null and status in ('returned', 'closed')
    ), present as (
      select id, capacity from staff
      where presence = 'online' and disabled_at is null and seen_at > ${at}::timestamptz - make_interval(secs => ${PRESENT_SECONDS})
    )
    select
      (select count(*) from handoff_request r where r.status = 'waiting' and r.left_at is null and r.external_desk is null
        and (not exists (select from mine) or (desk_rank(r.priority, r.waiting_since), r.id) < (select rank, id from mine))) as ahead,
      (select coalesce(sum(capacity), 0) from present) as room,
      (select count(*) from handoff_request r join present on present.id = r.staff_id where r.status = 'agent') as held,
      (select count(*) from handled) as handled,
      (select percentile_cont(0.5) within group (order by seconds) from handled) as median`
  if (!row) throw new Error('the wait was not answered')
  const ahead = row.ahead ?? 0
  const place = requestId === null ? null : ahead + 1
  if (row.room === 0 || row.handled < HANDLED_MIN || row.median === null) return { place, expectedSeconds: null }
  const free = Math.max(0, row.room - row.held)
  if (ahead < free) return { place, expectedSeconds: 0 }
  // Whoever stands behind a full house waits for the first end, and one more round for each house full of people before.
  const rounds = Math.floor((ahead - free) / row.room)
  return { place, expectedSeconds: Math.round(row.median * (0.5 + rounds)) }
}
