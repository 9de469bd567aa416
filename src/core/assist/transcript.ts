import type { Db } from '../../db/sql'
import { offsetMs } from '../calendar/month-end'
import { readEarlier } from '../handoff/earlier'
import { type DeskAuthor, readEntries } from '../handoff/messages'
import type { Locale } from '../locale'
import type { Merchant } from '../merchant'
import type { DeskRequest } from './desk-request'

export interface TranscriptLine {
  readonly author: DeskAuthor | 'bot'
  /** Who of the merchant's people said it. */
  readonly staff: string | null
  readonly text: string
  readonly cards: readonly string[]
  readonly at: Date
}

export interface Transcript {
  readonly request: DeskRequest
  readonly displayName: string | null
  readonly timeZone: string
  readonly shop: Merchant['name']
  /** What was said to the bot before, then what was said at the desk, in order. */
  readonly lines: readonly TranscriptLine[]
}

/** All that was said in a conversation until and in a request. Notes are left out unless asked for. */
export async function readTranscript(
  db: Db,
  {
    request,
    merchant,
    withNotes,
  }: { request: DeskRequest; merchant: Pick<Merchant, 'name' | 'timeZone'>; withNotes: boolean },
): Promise<Transcript> {
  const [{ entries }, [member], said] = await Promise.all([
    readEarlier(db, { requestId: request.id, all: true }),
    db.sql<{ displayName: string | null }>`
      select display_name as "displayName" from member where id = ${request.memberId} and erased_at is null`,
    readAllEntries(db, request.id),
  ])
  const earlier = entries.map(({ author, text, cards, at }) => ({ author, staff: null, text, cards, at }))
  const desk = said
    .filter(({ author }) => withNotes || author !== 'note')
    .map(({ author, staffName, text, at }) => ({ author, staff: staffName, text, cards: [], at }))
  const { timeZone, name } = merchant
  return { request, displayName: member?.displayName ?? null, timeZone, shop: name, lines: [...earlier, ...desk] }
}

async function readAllEntries(db: Db, requestId: number) {
  const all = await readEntries(db, { requestId })
  for (let last = all.at(-1); last; ) {
    const next = await readEntries(db, { requestId, afterSeq: last.seq })
    all.push(...next)
    last = next.at(-1)
  }
  return all
}

const headings: Readonly<Record<Locale, Readonly<Record<DeskAuthor | 'bot' | 'visitor' | 'title' | 'times', string>>>> =
  {
    en: {
      member: 'Member',
      visitor: 'Visitor',
      bot: 'Bot',
      agent: 'Agent',
      desk: 'Service desk',
      note: 'Note',
      title: 'Conversation',
      times: 'Times in',
    },
    zh: {
      member: '会员',
      visitor: '访客',
      bot: '机器人',
      agent: '客服',
      desk: '客服台',
      note: '备注',
      title: '会话',
      times: '时间所在时区：',
    },
  }

/** As a text file: a line for each message, further lines of one set in, so that no message can pass for two. */
export function transcriptText({ request, displayName, timeZone, shop, lines }: Transcript, reader: Locale): string {
  const words = headings[reader]
  const member = displayName ?? (request.memberId === null ? words.visitor : words.member)
  const nameOf = ({ author, staff }: TranscriptLine) => (author === 'member' ? member : (staff ?? words[author]))
  const head = [`${shop[reader]} – ${words.title} ${request.id}`, `${words.times} ${timeZone}`, '']
  const body = lines.map((line) => {
    const said = [line.text, ...line.cards.map((card) => `[${card}]`)].filter((part) => part !== '').join('\n')
    return `${localTime(line.at, timeZone).replace('T', ' ').slice(0, 19)}  ${oneLine(nameOf(line))}: ${setIn(said)}`
  })
  return `${[...head, ...body].join('\n')}\n`
}

/** As JSON: instants with the merchant's offset. */
export function transcriptJson({ request, displayName, timeZone, lines }: Transcript): object {
  return {
    requestId: request.id,
    channel: request.channel,
    locale: request.locale,
    memberId: request.memberId,
    displayName,
    timeZone,
    requestedAt: localTime(request.requestedAt, timeZone),
    closedAt: request.closedAt && localTime(request.closedAt, timeZone),
    messages: lines.map(({ at, ...line }) => ({ ...line, at: localTime(at, timeZone) })),
  }
}

/** A name that every file system takes: nothing of what people wrote is in it. */
export function transcriptFilename({ request, timeZone }: Transcript, format: 'txt' | 'json'): string {
  return `conversation-${request.id}-${localTime(request.requestedAt, timeZone).slice(0, 10)}.${format}`
}

/** ISO 8601 as the clocks of the zone show it: 2026-11-28T14:05:09+00:00. */
function localTime(at: Date, timeZone: string): string {
  const offset = offsetMs(at, timeZone)
  const minutes = Math.abs(offset) / 60_000
  const pad = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const local = new Date(at.getTime() + offset).toISOString().slice(0, 19)
  return `${local}${offset < 0 ? '-' : '+'}${pad(minutes / 60)}:${pad(minutes % 60)}`
}

// Control characters, and marks that turn the direction of what follows, would let a text look like another.
const UNSEEN = /(?!\n)[\p{Cc}\u202A-\u202E\u2066-\u2069\u2028\u2029]/gu

function setIn(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(UNSEEN, ' ').split('\n').join('\n    ')
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ')
}
