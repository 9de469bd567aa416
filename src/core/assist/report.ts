import type { Db } from '../../db/sql'

/** How the desk did over some days, each request counted on the day it was made. Instants as dates, durations in seconds. */
export interface DeskFigures {
  readonly from: Date
  readonly to: Date
  readonly requests: number
  /** Never added up as one: `assumed` nobody confirmed. `open`: without any of the three. */
  readonly resolution: {
    readonly confirmed: number
    readonly assumed: number
    readonly reopened: number
    readonly open: number
  }
  /** From the request to the first answer of a person. */
  readonly firstReply: Quantiles
  /** From its acceptance to its end. */
  readonly handling: Quantiles
  readonly csat: {
    readonly answers: number
    readonly mean: number | null
    readonly byScore: readonly [number, number, number, number, number]
  }
  /** Why members asked, the most frequent first. */
  readonly reasons: readonly Counted[]
  /** What it was about, as agents noted at the end. */
  readonly contactReasons: readonly Counted[]
  /** Days of the merchant's calendar, `2026-11-28`, the first first; none is left out. `closed` counts by the day of the end. */
  readonly byDay: readonly { readonly day: string; readonly requests: number; readonly closed: number }[]
}

export interface Quantiles {
  readonly medianSeconds: number | null
  readonly p90Seconds: number | null
}

export interface Counted {
  readonly reason: string
  readonly requests: number
}

/** How one of the merchant's people did. Requests that changed hands count for who had them last. */
export interface StaffFigures {
  readonly id: number
  readonly displayName: string
  readonly closed: number
  readonly medianFirstReplySeconds: number | null
  readonly csatMean: number | null
}

/** The last `days` days up to `at`: whole days of the merchant's calendar, today as far as it has come. */
export interface ReportPeriod {
  readonly days: number
  readonly at: Date
  /** IANA name. */
  readonly timeZone: string
}

interface Totals {
  from: Date
  requests: number
  confirmed: number
  assumed: number
  reopened: number
  open: number
  firstReplyMedian: number | null
  firstReplyP90: number | null
  handlingMedian: number | null
  handlingP90: number | null
  answers: number
  mean: number | null
  byScore: [number, number, number, number, number]
}

/** The figures of the desk as a whole. Three statements. */
export async function readDeskFigures(db: Db, period: ReportPeriod): Promise<DeskFigures> {
  const [totals, reasons, byDay] = await Promise.all([
    readTotals(db, period),
    readReasons(db, period),
    readDays(db, period),
  ])
  const { from, requests, confirmed, assumed, reopened, open, answers, mean, byScore } = totals
  const counted = (by: ReasonRow['by']) =>
    reasons.filter((row) => row.by === by).map(({ reason, requests: count }) => ({ reason, requests: count }))
  return {
    from,
    to: period.at,
    requests,
    resolution: { confirmed, assumed, reopened, open },
    firstReply: { medianSeconds: totals.firstReplyMedian, p90Seconds: totals.firstReplyP90 },
    handling: { medianSeconds: totals.handlingMedian, p90Seconds: totals.handlingP90 },
    csat: { answers, mean, byScore },
    reasons: counted('reason'),
    contactReasons: counted('contact'),
    byDay,
  }
}

async function readTotals(db: Db, { days, at, timeZone }: ReportPeriod): Promise<Totals> {
  const [row] = await db.sql<Totals>`
    with period as (
      select (date_trunc('day', ${at}::timestamptz at time zone ${timeZone}) - make_interval(days => ${days - 1}))
        at time zone ${timeZone} as start
    ), asked as (
      select resolution, csat_score,
        extract(epoch from first_reply_at - requested_at) as first_reply,
        case when status in ('returned', 'closed') then extract(epoch from closed_at - accepted_at) end as handling
      from handoff_request, period
      where requested_at >= period.start and requested_at <= ${at}
    )
    select (select start from period) as "from", count(*)::int as requests,
      count(*) filter (where resolution = 'confirmed')::int as confirmed,
      count(*) filter (where resolution = 'assumed')::int as assumed,
      count(*) filter (where resolution = 'reopened')::int as reopened,
      count(*) filter (where resolution is null)::int as open,
      percentile_cont(0.5) within group (order by first_reply) as "firstReplyMedian",
      percentile_cont(0.9) within group (order by first_reply) as "firstReplyP90",
      percentile_cont(0.5) within group (order by handling) as "handlingMedian",
      percentile_cont(0.9) within group (order by handling) as "handlingP90",
      count(csat_score)::int as answers, avg(csat_score)::float8 as mean,
      array[count(*) filter (where csat_score = 1), count(*) filter (where csat_score = 2),
        count(*) filter (where csat_score = 3), count(*) filter (where csat_score = 4),
        count(*) filter (where csat_score = 5)]::int[] as "byScore"
    from asked`
  if (!row) throw new Error('an aggregate gave no row')
  return row
}

interface ReasonRow {
  by: 'reason' | 'contact'
  reason: string
  requests: number
}

function readReasons(db: Db, { days, at, timeZone }: ReportPeriod): Promise<ReasonRow[]> {
  return db.sql<ReasonRow>`
    with period as (
      select (date_trunc('day', ${at}::timestamptz at time zone ${timeZone}) - make_interval(days => ${days - 1}))
        at time zone ${timeZone} as start
    )
    select case when grouping(reason) = 0 then 'reason' else 'contact' end as by,
      coalesce(reason, contact_reason) as reason, count(*)::int as requests
    from handoff_request, period
    where requested_at >= period.start and requested_at <= ${at}
    group by grouping sets ((reason), (contact_reason))
    having coalesce(reason, contact_reason) is not null
    order by by, requests desc, reason`
}

function readDays(
  db: Db,
  { days, at, timeZone }: ReportPeriod,
): Promise<{ day: string; requests: number; closed: number }[]> {
  return db.sql`
    with period as (
      select (date_trunc('day', ${at}::timestamptz at time zone ${timeZone}) - make_interval(days => ${days - 1}))
        at time zone ${timeZone} as start
    ), day as (
      select (${at}::timestamptz at time zone ${timeZone})::date - back as day from generate_series(0, ${days - 1}::int) back
    ), asked as (
      select (requested_at at time zone ${timeZone})::date as day, count(*)::int as count
      from handoff_request where requested_at >= (select start from period) and requested_at <= ${at} group by 1
    ), ended as (
      select (closed_at at time zone ${timeZone})::date as day, count(*)::int as count
      from handoff_request where closed_at >= (select start from period) and closed_at <= ${at} group by 1
    )
    select to_char(day.day, 'YYYY-MM-DD') as day, coalesce(asked.count, 0) as requests, coalesce(ended.count, 0) as closed
    from day left join asked on asked.day = day.day left join ended on ended.day = day.day
    order by day.day`
}

/** Each of the merchant's people with a request in the period, the busiest first. */
export function readStaffFigures(db: Db, { days, at, timeZone }: ReportPeriod): Promise<StaffFigures[]> {
  return db.sql<StaffFigures>`
    with period as (
      select (date_trunc('day', ${at}::timestamptz at time zone ${timeZone}) - make_interval(days => ${days - 1}))
        at time zone ${timeZone} as start
    )
    select staff.id, staff.display_name as "displayName",
      count(*) filter (where request.status in ('returned', 'closed'))::int as closed,
      percentile_cont(0.5) within group (order by extract(epoch from request.first_reply_at - request.requested_at))
        as "medianFirstReplySeconds",
      avg(request.csat_score)::float8 as "csatMean"
    from handoff_request request join staff on staff.id = request.staff_id cross join period
    where request.requested_at >= period.start and request.requested_at <= ${at}
    group by staff.id
    order by closed desc, staff.display_name, staff.id`
}
