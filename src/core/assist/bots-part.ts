import type { Db } from '../../db/sql'
import type { DeskRequest } from './desk-request'

/** Something said before a request, by the member or the bot. */
export interface SaidBefore {
  readonly author: 'member' | 'bot'
  /** Markdown where the bot says it; as typed, or the title of the pressed button, where the member does. */
  readonly text: string
  /** Titles of the cards that went with it. */
  readonly cards: readonly string[]
  readonly at: Date
}

/**
 * What was said between the conversation's earlier request, if there was one, and this one: the last `limit` messages,
 * in order. Web chat keeps a log of its own; of other channels each turn keeps what was said and answered.
 */
export async function readBotsPart(
  db: Db,
  {
    request: { channel, conversationId, requestedAt, previousEndedAt },
    limit,
  }: { request: DeskRequest; limit: number },
): Promise<SaidBefore[]> {
  const rows = await db.sql<SaidBefore>`
    select author, text, cards, at from (
      select case when activity #>> '{from,role}' = 'user' then 'member' else 'bot' end as author,
        coalesce(activity #>> '{channelData,displayText}', activity #>> '{channelData,messageBack,displayText}',
          activity ->> 'text', '') as text,
        coalesce((select array_agg(card ->> 'name') filter (where card ->> 'name' is not null)
          from jsonb_array_elements(activity -> 'attachments') card), '{}') as cards,
        created_at as at, seq as place, 0 as part
      from directline_activity
      where ${channel} = 'directline' and conversation_id = ${conversationId} and activity ->> 'type' = 'message'
      union all
      select said.author, said.text, said.cards, inbox.received_at, 0, said.part
      from inbox cross join lateral (
        select 'member' as author, inbox.said as text, '{}'::text[] as cards, 0::bigint as part
        where inbox.said is not null
        union all
        select 'bot', coalesce(reply ->> 'text', ''), case when reply ->> 'card' is null then '{}'::text[] else array[reply ->> 'card'] end, place
        from jsonb_array_elements(inbox.replies) with ordinality replied(reply, place)
      ) said
      where inbox.channel = ${channel} and inbox.conversation_id = ${conversationId} and ${channel} <> 'directline'
    ) said
    where at <= ${requestedAt} and (${previousEndedAt}::timestamptz is null or at > ${previousEndedAt})
    order by at desc, place desc, part desc limit ${limit}`
  return rows.reverse()
}
