import type { Db } from '../../db/sql'
import type { TopicSteps } from '../../ml/topic-steps'
import { SAME_MATTER_DAYS } from './record'

/** What is older speaks of other pages and other troubles. */
const WINDOW_DAYS = 730
/** Of more steps, the latest count. */
const STEPS_MAX = 500_000

interface ReadSteps {
  readonly steps: TopicSteps
  /** Topics by number. */
  readonly topics: readonly string[]
  /** The last step of each member. */
  readonly lastOfMember: readonly number[]
  readonly dataFrom?: Date
  readonly dataTo?: Date
}

/** Reads what members asked one after another within 30 days. The same asked again at once is no step. */
export async function readTopicSteps(db: Db, { at }: { at: Date }): Promise<ReadSteps> {
  const rows = await db.sql<{ before: string | null; topic: string; next: string; at: Date; isLast: boolean }>`
    with asked as (
      select consultation.id, consultation.member_id, topic, at,
        lag(at) over one as topic_at, lag(topic) over one as previous,
        lag(at, 2) over one as before_at, lag(topic, 2) over one as before
      from consultation join member on member.id = consultation.member_id and member.erased_at is null
      where at <= ${at} and at > ${at}::timestamptz - make_interval(days => ${WINDOW_DAYS})
      window one as (partition by consultation.member_id order by at, consultation.id)
    ), step as (
      select member_id, id, at, topic as next, previous as topic,
        case when before_at > topic_at - make_interval(days => ${SAME_MATTER_DAYS}) then before end as before
      from asked
      where topic_at > at - make_interval(days => ${SAME_MATTER_DAYS}) and previous <> topic
      order by at desc, id desc limit ${STEPS_MAX}
    )
    select before, topic, next, at,
      row_number() over (partition by member_id order by at desc, id desc) = 1 as "isLast"
    from step order by at, id`
  const topics = [...new Set(rows.flatMap(({ topic, next }) => [topic, next]))].sort()
  const numbers = new Map(topics.map((topic, number) => [topic, number]))
  const numberOf = (topic: string | null) => (topic === null ? -1 : (numbers.get(topic) ?? -1))
  const [first, last] = [rows[0], rows.at(-1)]
  return {
    topics,
    steps: {
      topics: topics.length,
      before: Int32Array.from(rows, ({ before }) => numberOf(before)),
      topic: Int32Array.from(rows, ({ topic }) => numberOf(topic)),
      next: Int32Array.from(rows, ({ next }) => numberOf(next)),
    },
    lastOfMember: rows.flatMap(({ isLast }, step) => (isLast ? [step] : [])),
    ...(first && last ? { dataFrom: first.at, dataTo: last.at } : {}),
  }
}
