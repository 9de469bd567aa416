import { LEAVE_MESSAGE, queueReply, TO_BOT, words } from '../../../dialogs/talk-to-person/queue-reply'
import { appendEntry, lastToldAt } from '../../core/handoff/messages'
import { nameMember } from '../../core/handoff/request'
import { locales } from '../../core/locale'
import type { Action, Reply, Turn } from '../contract'
import { readState } from '../engine/state'
import { universalIntent } from '../engine/universal'
import { fold } from '../kit/choose'
import { merchantOf } from '../kit/merchant'
import { readableText } from '../turn/clean-text'
import type { Content } from '../turn/incoming'

/** Told right after the commit of a turn that concerns people. */
export interface DeskNews {
  /** Something was said in an open request, or one was made or ended. `requestId` is absent where only the turn knows it. */
  turnEnded(conversation: { channel: string; conversationId: string }, requestId: number | undefined): void
}

export interface DeskTurn {
  readonly turn: Turn
  readonly content: Content
  readonly request: { readonly id: number; readonly status: 'waiting' | 'agent' }
  /** The engine's state as it is stored: it remembers what buttons were called. */
  readonly engineState: unknown
}

/** What a turn comes to while people have the conversation: the bot is silent, or the member goes back to it. */
export type DeskAnswer =
  | { readonly kind: 'heard'; readonly replies: readonly Reply[] }
  | { readonly kind: 'way-out'; readonly action: Action }

/**
 * Writes down what the member said for whoever has, or will have, the conversation. Who waits hears at times how the queue
 * stands; with an agent nobody else has a word.
 */
export async function answerForDesk({ turn, content, request, engineState }: DeskTurn): Promise<DeskAnswer> {
  if (content.kind === 'welcome') return { kind: 'heard', replies: [] }
  const { db, key, now: at, member, isGroup } = turn
  if (member && !isGroup) await nameMember(db, { requestId: request.id, memberId: member.id })
  const text = textOf(content, engineState)
  if (text !== '') await appendEntry(db, { requestId: request.id, author: 'member', text, key, at })
  const verb = wayOut(turn, request.status)
  if (verb) return { kind: 'way-out', action: { verb, args: {} } }
  if (request.status === 'agent' || text === '') return { kind: 'heard', replies: [] }
  return { kind: 'heard', replies: await tellQueue(turn, request.id) }
}

async function tellQueue(turn: Turn, requestId: number): Promise<Reply[]> {
  const { db, key, locale, now: at } = turn
  const merchant = await merchantOf(turn)
  const toldAt = await lastToldAt(db, { requestId })
  const everyMs = merchant.settings.desk.tellEveryMinutes * 60_000
  if (toldAt && at.getTime() - toldAt.getTime() < everyMs) return []
  const reply = await queueReply(db, { requestId, merchant, locale, at, first: false })
  await appendEntry(db, { requestId, author: 'desk', text: reply.text, key: `${key}|told`, at })
  return [reply]
}

/** What somebody did, in words: what they wrote at its whole length, the title of a button, the names of files. */
export function textOf(content: Content, engineState: unknown): string {
  if (content.kind === 'welcome') return ''
  const files = (content.files ?? []).map((name) => `📎 ${readableText(name)}`)
  if (content.kind === 'attachment') return files.length > 0 ? files.join('\n') : '📎'
  const { action } = content
  const typed = readableText(content.text)
  const said = typed || (action ? titleOf(action, engineState) : '')
  return [said, ...files].filter((part) => part !== '').join('\n')
}

/** What a pressed button was called; a card's own buttons are known by their verb only. */
function titleOf(action: Action, engineState: unknown): string {
  const pressed = JSON.stringify(action)
  const { items } = readState(engineState).offered
  return items.find((item) => JSON.stringify(item.action) === pressed)?.title ?? action.verb
}

const everyLanguage = locales.map((locale) => words({ locale }))
const phrases = (of: (w: (typeof everyLanguage)[number]) => readonly string[]) =>
  new Set(everyLanguage.flatMap((w) => of(w).map(fold)))
/** Said to an agent, "back" or "cancel" is about something else: only the whole wish counts. */
const TO_BOT_CLEARLY = phrases((w) => [
  w.toBot,
  ...w.toBotAliases.filter((alias) => /bot|机器人/.test(alias) && alias !== 'bot' && alias !== '机器人'),
])
const TO_BOT_WAITING = phrases((w) => [w.toBot, ...w.toBotAliases])
const LEAVE_WAITING = phrases((w) => [w.leave, ...w.leaveAliases])

function wayOut(turn: Turn, status: 'waiting' | 'agent'): string | undefined {
  const verb = turn.action?.verb
  const said = fold(turn.said)
  if (verb === TO_BOT || TO_BOT_CLEARLY.has(said)) return TO_BOT
  if (status === 'agent') return undefined
  if (verb === LEAVE_MESSAGE || LEAVE_WAITING.has(said)) return LEAVE_MESSAGE
  const isBack = TO_BOT_WAITING.has(said) || verb === 'cancel' || universalIntent(turn) === 'cancel'
  return isBack ? TO_BOT : undefined
}
