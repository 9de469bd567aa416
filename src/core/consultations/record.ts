import type { Db } from '../../db/sql'

/** Who asks on within so many days has the same matter in mind. */
export const SAME_MATTER_DAYS = 30

export interface Consultation {
  readonly memberId: string
  /** An intent. */
  readonly topic: string
  /** The turn's key: the same turn counts once, however often it is run. */
  readonly key: string
  readonly at: Date
}

/**
 * Notes that a member asked about a topic, for the models, and tells in the same round trip what members who asked the
 * same went on to ask, likeliest first: without what this member just asked, and empty while nothing was learnt.
 */
export async function recordConsultation(
  db: Db,
  { memberId, topic, key, at }: Consultation,
): Promise<readonly string[]> {
  const rows = await db.sql<{ next: string }>`
    with noted as (
      insert into consultation (member_id, topic, external_id, at)
      values (${memberId}, ${topic}, ${key}, ${at})
      on conflict (external_id) do nothing
    ), earlier as (
      select topic from consultation
      where member_id = ${memberId} and external_id <> ${key} and at <= ${at}
        and at > ${at}::timestamptz - make_interval(days => ${SAME_MATTER_DAYS})
      order by at desc, id desc limit 1
    )
    select next_topic.next
    from next_topic left join earlier on true
    where next_topic.topic = ${topic} and next_topic.before in ('', earlier.topic)
      and next_topic.next is distinct from earlier.topic
    order by next_topic.before desc, next_topic.place`
  return [...new Set(rows.map(({ next }) => next))]
}
