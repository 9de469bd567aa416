import type { Db } from '../../db/sql'

/** What was said before a person was asked for. */
export interface EarlierEntry {
  readonly author: 'member' | 'bot'
  readonly text: string
  readonly cards: readonly string[]
  readonly at: Date
}

export const EARLIER_SHOWN = 50
/** As much as anybody reads; a conversation with a shop that goes on for longer is looked up elsewhere. */
const EARLIER_MAX = 2_000

/**
 * The last of what was said before a request, oldest first: from the web chat's own log, elsewhere from what the turns
 * left. Of an earlier request what people said to each other is in the web chat's log only.
 */
export async function readEarlier(
  db: Db,
  { requestId, all }: { requestId: number; all: boolean },
): Promise<{ entries: EarlierEntry[]; hasMore: boolean }> {
  const limit = all ? EARLIER_MAX : EARLIER_SHOWN
  const newestFirst = await db.sql<EarlierEntry>`
    with request as (select * from handoff_request where id = ${requestId}),
    logged as (
      select case when activity #>> '{from,role}' = 'user' then 'member' else 'bot' end as author,
        coalesce(activity ->> 'text', activity #>> '{channelData,displayText}', activity #>> '{value,verb}', '') as text,
        coalesce((select array_agg(attachment ->> 'name') filter (where attachment ->> 'name' is not null)
          from jsonb_array_elements(activity -> 'attachments') attachment), '{}') as cards,
        log.created_at as at, log.seq as place, 0::bigint as part
      from request join directline_activity log on request.channel = 'directline'
        and log.conversation_id = request.conversation_id and log.seq <= coalesce(request.log_seq, 0)
        -- Of what an erased member said there only the place is left.
        and log.activity ->> 'type' is distinct from 'trace'
      order by log.seq desc limit ${limit + 1}
    ), turns as (
      select inbox.* , row_number() over (order by received_at desc, activity_id) as age
      from request join inbox on inbox.channel = request.channel and inbox.conversation_id = request.conversation_id
      where request.channel <> 'directline' and inbox.said is not null and inbox.received_at <= request.requested_at
        and inbox.channel || '|' || inbox.conversation_id || '|' || inbox.activity_id <> request.external_id
      order by received_at desc, activity_id limit ${limit + 1}
    ), spoken as (
      select 'member' as author, said as text, '{}'::text[] as cards, received_at as at, -age as place, 0::bigint as part
      from turns where said <> ''
      union all
      select 'bot', reply ->> 'text',
        coalesce((select array_agg(card) from jsonb_array_elements_text(reply -> 'cards') card), '{}'), received_at, -age, part
      from turns cross join jsonb_array_elements(replies) with ordinality as answer(reply, part)
    )
    select author, text, cards, at from (select * from logged union all select * from spoken) entry
    order by place desc, part desc limit ${limit + 1}`
  const entries = newestFirst.slice(0, limit).reverse()
  return { entries, hasMore: newestFirst.length > limit }
}
