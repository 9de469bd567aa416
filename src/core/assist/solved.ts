import type { Db } from '../../db/sql'
import type { Locale } from '../locale'

/** A conversation that was solved: what the member asked, and what a person answered. */
export interface Solved {
  readonly requestId: number
  readonly locale: Locale
  /** The member's words, the first first. */
  readonly asked: string
  readonly answer: string
  readonly closedAt: Date
  /** Who took part, for taking their names out. */
  readonly names: readonly string[]
}

const WITHIN_DAYS = 365
/** By language; the newest. */
const SOLVED_MAX = 300
/** "Hello" and "you are welcome" solve nothing. */
const ANSWER_CHARACTERS_MIN = 25
const ANSWER_CHARACTERS_MAX = 600
const CSAT_MIN = 3

/**
 * Conversations whose end was confirmed or is assumed to be good, and that nobody rated low, newest first. The answer that
 * solved one is taken to be the longest of its agent's: greetings and farewells are short.
 */
export function readSolved(db: Db, { locale, at }: { locale: Locale; at: Date }): Promise<Solved[]> {
  return db.sql<Solved>`
    select request.id as "requestId", request.locale, request.closed_at as "closedAt", answer.text as answer,
      coalesce((
        select string_agg(message.text, ' ' order by message.seq) from desk_message message
        where message.request_id = request.id and message.author = 'member' and message.seq < answer.seq
      ), request.said) as asked,
      array_remove(array[member.display_name, staff.display_name], null) as names
    from handoff_request request
      cross join lateral (
        select message.text, message.seq from desk_message message
        where message.request_id = request.id and message.author = 'agent'
          and length(message.text) between ${ANSWER_CHARACTERS_MIN} and ${ANSWER_CHARACTERS_MAX}
        order by length(message.text) desc, message.seq desc limit 1
      ) answer
      left join member on member.id = request.member_id
      left join staff on staff.id = request.staff_id
    where request.resolution in ('confirmed', 'assumed') and coalesce(request.csat_score, ${CSAT_MIN}) >= ${CSAT_MIN}
      and request.locale = ${locale} and request.status in ('returned', 'closed')
      and request.closed_at > ${at}::timestamptz - make_interval(days => ${WITHIN_DAYS})
    order by request.closed_at desc limit ${SOLVED_MAX}`
}

/** Changes whenever a conversation begins or ceases to count as solved. */
export async function solvedMark(db: Db, { locale }: { locale: Locale }): Promise<string> {
  const [row] = await db.sql<{ mark: string }>`
    select concat_ws(' ', count(*), max(closed_at), sum(csat_score)) as mark from handoff_request
    where resolution in ('confirmed', 'assumed') and locale = ${locale}`
  return row?.mark ?? ''
}
