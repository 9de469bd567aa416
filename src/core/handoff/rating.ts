import type { Db } from '../../db/sql'

export const RATE_WITHIN_HOURS = 48

/** The conversation's last request that a person closed and nobody has rated; undefined where there is none of late. */
export async function findUnrated(
  db: Db,
  { channel, conversationId, at }: { channel: string; conversationId: string; at: Date },
): Promise<number | undefined> {
  const [row] = await db.sql<{ id: number; isRated: boolean }>`
    select id, csat_at is not null as "isRated" from handoff_request
    where channel = ${channel} and conversation_id = ${conversationId} and status = 'closed'
      and closed_at > ${at}::timestamptz - make_interval(hours => ${RATE_WITHIN_HOURS})
    order by closed_at desc, id desc limit 1`
  return row && !row.isRated ? row.id : undefined
}

/**
 * Notes how content the member was, 1 to 5, once. Four and five are the member's own word that it was solved:
 * `confirmed`, unless it was reopened since.
 */
export async function rateRequest(
  db: Db,
  { requestId, score, at }: { requestId: number; score: number; at: Date },
): Promise<void> {
  await db.sql`
    update handoff_request set csat_score = ${score}, csat_at = ${at},
      resolution = case when resolution is not distinct from 'reopened' then resolution
        when ${score}::int >= 4 then 'confirmed' else resolution end
    where id = ${requestId} and csat_at is null`
}

/** What the member had to say about it, in their own words. The first ones count. */
export async function addRatingWord(db: Db, { requestId, word }: { requestId: number; word: string }): Promise<void> {
  await db.sql`
    update handoff_request set csat_word = ${word} where id = ${requestId} and csat_at is not null and csat_word is null`
}
