import type { Conversation, Step, Turn } from '../../src/bot/contract'
import { textArgument } from '../../src/bot/kit/arguments'
import { merchantOf } from '../../src/bot/kit/merchant'
import { quickReply, say } from '../../src/bot/kit/words'
import { appendEntry, readEntries } from '../../src/core/handoff/messages'
import { findOpenRequest } from '../../src/core/handoff/open-request'
import { REQUEST_REASONS, type RequestReason, requestPerson } from '../../src/core/handoff/request'
import { leaveAsMessage, leaveForBot } from '../../src/core/handoff/transitions'
import { LEAVE_MESSAGE, queueReply, TO_BOT, words } from './queue-reply'
import { en } from './replies.en'
import { zh } from './replies.zh'

/** The desk gives a conversation back with this verb; a member who sends it hears the same words and changes nothing. */
const RETURNED = 'returned-to-bot'

interface MessageData {
  readonly requestId: number
}

/**
 * Puts the conversation in the queue for a person, at once and whatever else is missing, and says what will happen. From
 * then on the bot is silent until the member comes back to it, leaves a message, or a person gives the conversation back.
 */
export const talkToPerson: Conversation<MessageData> = {
  id: 'talk-to-person',
  version: 2,
  intents: ['talk-to-person'],
  verbs: [TO_BOT, LEAVE_MESSAGE, RETURNED],
  personal: false,
  menuTitle: { en: en.menuTitle, zh: zh.menuTitle },
  async start(turn) {
    switch (turn.action?.verb) {
      case TO_BOT:
        return backToBot(turn)
      case LEAVE_MESSAGE:
        return leaveMessage(turn)
      case RETURNED:
        return { say: [say(words(turn).returned, quickReply(words(turn).help, 'help'))], next: { kind: 'end' } }
      default:
        return ask(turn)
    }
  },
  questions: {
    message: {
      async ask(turn) {
        const w = words(turn)
        return [say(w.askMessage, quickReply(w.nothingMore, LEAVE_MESSAGE, { done: 'yes' }))]
      },
      async answer(turn, { requestId }) {
        const isDone = textArgument(turn.action, 'done') !== undefined
        if (!isDone && turn.said === '') return { notAnAnswer: true }
        if (!isDone) {
          const { db, said: text, key, now: at } = turn
          await appendEntry(db, { requestId, author: 'member', text, key, at })
        }
        return { say: [say(words(turn).left)], next: { kind: 'end' } }
      },
    },
  },
}

async function ask(turn: Turn): Promise<Step<MessageData>> {
  const { db, channel, conversationId, member, isGroup, locale, key, now: at, action } = turn
  const w = words(turn)
  const topic = textArgument(action, 'topic')
  const { requestId, alreadyWaiting } = await requestPerson(db, {
    channel,
    conversationId,
    locale,
    reason: reasonOf(textArgument(action, 'reason')),
    // A button of a card says nothing by itself.
    said: turn.said || w.menuTitle,
    key,
    at,
    // A group's conversation is nobody's own: what the desk can do for a member is not done for whoever asked.
    ...(member && !isGroup ? { memberId: member.id } : {}),
    ...(topic ? { topic } : {}),
  })
  const merchant = await merchantOf(turn)
  const reply = await queueReply(db, { requestId, merchant, locale, at, first: !alreadyWaiting })
  const text = alreadyWaiting ? [w.already, reply.text].join(locale === 'zh' ? '' : ' ') : reply.text
  await appendEntry(db, { requestId, author: 'desk', text, key: `${key}|told`, at })
  // What was being asked is put aside: an answer to it would go to the person.
  return { say: [{ ...reply, text }], next: { kind: 'rest' } }
}

/** A button may name a reason; anybody may send anything, and what is no reason of ours counts as plainly asked for. */
function reasonOf(given: string | undefined): RequestReason {
  return REQUEST_REASONS.find((reason) => reason === given) ?? 'asked'
}

async function backToBot(turn: Turn): Promise<Step<MessageData>> {
  const { db, now: at } = turn
  const open = await findOpenRequest(db, turn)
  const w = words(turn)
  if (!open) return { say: [say(w.nothingLeft, quickReply(w.help, 'help'))], next: { kind: 'end' } }
  await leaveForBot(db, { requestId: open.id, at })
  return { say: [say(w.back, quickReply(w.help, 'help'))], next: { kind: 'end' } }
}

async function leaveMessage(turn: Turn): Promise<Step<MessageData>> {
  const { db, now: at } = turn
  const open = await findOpenRequest(db, turn)
  const w = words(turn)
  if (open?.status !== 'waiting') return { say: [say(w.nothingLeft)], next: { kind: 'end' } }
  await leaveAsMessage(db, { requestId: open.id, at })
  const told = (await readEntries(db, { requestId: open.id })).filter(({ author }) => author === 'member')
  // "A person, please" alone is no message that anybody could answer.
  if (told.length <= 1 && !open.leftAt) {
    return { say: [say(w.backBriefly)], next: { kind: 'ask', question: 'message', data: { requestId: open.id } } }
  }
  return { say: [say(words(turn).left)], next: { kind: 'end' } }
}
