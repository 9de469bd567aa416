import type { Db } from '../../db/sql'

export const SEARCH_LIMIT = 50
const QUERY_CHARACTERS_MIN = 2
const QUERY_CHARACTERS_MAX = 100
/** What of a text is shown around the first place. */
const BEFORE_CHARACTERS = 60
const SNIPPET_CHARACTERS = 240

/** A message in which the searched words are. */
export interface SearchHit {
  readonly requestId: number
  readonly displayName: string | null
  readonly status: 'waiting' | 'agent' | 'returned' | 'closed'
  readonly at: Date
  readonly author: 'member' | 'bot' | 'agent' | 'desk' | 'note'
  readonly snippet: string
  /** In UTF-16 units of the snippet, in order, none overlapping another. */
  readonly marks: readonly { readonly from: number; readonly length: number }[]
}

interface Row {
  requestId: number
  displayName: string | null
  status: SearchHit['status']
  at: Date
  author: SearchHit['author']
  text: string
}

/**
 * Messages that hold the words, letter case aside, newest first, at most SEARCH_LIMIT: what was said at the desk, the words
 * with which a request began, and what was said to the bot in the chats that came to the desk. `seenBy` keeps out the open conversations of colleagues, and
 * notes in them; absent: all. Empty for fewer than two characters.
 */
export async function searchConversations(
  db: Db,
  { query, seenBy }: { query: string; seenBy?: number },
): Promise<SearchHit[]> {
  const words = query.normalize('NFC').trim().slice(0, QUERY_CHARACTERS_MAX)
  if (words.length < QUERY_CHARACTERS_MIN) return []
  const pattern = `%${words.replace(/[\\%_]/g, '\\$&')}%`
  const staffId = seenBy ?? null
  const rows = await db.sql<Row>`
    with seen as (
      select request.id, request.channel, request.conversation_id, request.status, request.said, request.requested_at, request.last_seq,
        member.display_name,
        lag(request.requested_at) over (partition by request.channel, request.conversation_id order by request.requested_at)
          as earlier_at
      from handoff_request request left join member on member.id = request.member_id and member.erased_at is null
      where ${staffId}::bigint is null or request.status <> 'agent' or request.staff_id = ${staffId}
    ), found as (
      (select seen.id, message.at, message.author, message.text
        from desk_message message join seen on seen.id = message.request_id
        where message.text ilike ${pattern} order by message.at desc limit ${SEARCH_LIMIT})
      union all
      (select seen.id, seen.requested_at, 'member', seen.said from seen
        where seen.last_seq = 0 and seen.said ilike ${pattern} order by seen.requested_at desc limit ${SEARCH_LIMIT})
      union all
      (select seen.id, said.created_at, case when said.activity #>> '{from,role}' = 'user' then 'member' else 'bot' end,
          said.activity ->> 'text'
        from seen join directline_activity said on said.conversation_id = seen.conversation_id
        where seen.channel = 'directline' and said.created_at < seen.requested_at
          and (seen.earlier_at is null or said.created_at > seen.earlier_at)
          and said.activity ->> 'text' ilike ${pattern}
        order by said.created_at desc limit ${SEARCH_LIMIT})
      union all
      (select seen.id, turn.received_at, said.author, said.text
        from seen join inbox turn on turn.channel = seen.channel and turn.conversation_id = seen.conversation_id
          cross join lateral (
            select 'member' as author, turn.said as text
            union all select 'bot', reply ->> 'text' from jsonb_array_elements(turn.replies) reply
          ) said
        where turn.received_at < seen.requested_at and (seen.earlier_at is null or turn.received_at > seen.earlier_at)
          and said.text ilike ${pattern}
        order by turn.received_at desc limit ${SEARCH_LIMIT})
    )
    select found.id as "requestId", seen.display_name as "displayName", seen.status, found.at, found.author, found.text
    from found join seen on seen.id = found.id
    order by found.at desc, found.id desc limit ${SEARCH_LIMIT}`
  return rows.map(({ text, ...row }) => ({ ...row, ...snippetOf(text, words) }))
}

/** The text around the first place of the words, with all their places in it. */
export function snippetOf(text: string, words: string): Pick<SearchHit, 'snippet' | 'marks'> {
  const pattern = new RegExp(words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'giu')
  const first = text.search(pattern)
  const start = wholeCharacter(text, Math.max(0, first - BEFORE_CHARACTERS))
  const end = wholeCharacter(text, start + SNIPPET_CHARACTERS)
  const before = start > 0 ? '…' : ''
  const snippet = `${before}${text.slice(start, end)}${end < text.length ? '…' : ''}`
  const marks = [...snippet.matchAll(pattern)].map(({ index, 0: found }) => ({ from: index, length: found.length }))
  return { snippet, marks }
}

/** Never between the two halves of one character. */
function wholeCharacter(text: string, at: number): number {
  return at > 0 && at < text.length && /[\uDC00-\uDFFF]/.test(text[at] ?? '') ? at - 1 : at
}
