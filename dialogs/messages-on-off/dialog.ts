import type { Conversation, Step, Turn } from '../../src/bot/contract'
import { textArgument } from '../../src/bot/kit/arguments'
import { localisedWords, quickReply, say } from '../../src/bot/kit/words'
import { type MessageKind, messageKinds, setConsent } from '../../src/core/retention/consent'
import { en } from './replies.en'
import { zh } from './replies.zh'

const words = localisedWords({ en, zh })

const OFFERS =
  /\b(offers?|deals?|promo\w*|ads?|advertis\w*|marketing|discounts?|sale)\b|优惠|促销|推广|营销|广告|活动|特价|打折|降价/i
const REMINDERS = /\b(remind\w*)\b|提醒/i

/** Turns messages that the merchant begins off, at once and without a question, or on again; all of them or one kind. */
export const messagesOnOff: Conversation = {
  id: 'messages-on-off',
  version: 1,
  intents: ['messages-off', 'messages-on'],
  verbs: [],
  personal: true,
  menuTitle: { en: en.menuTitle, zh: zh.menuTitle },
  async start(turn) {
    const asked = turn.action?.verb ?? turn.understood.intent
    return asked === 'messages-on' ? turnTo('granted', turn) : turnTo('withdrawn', turn)
  },
  questions: {},
}

async function turnTo(status: 'granted' | 'withdrawn', turn: Turn): Promise<Step<unknown>> {
  const { db, member, channel, now: at } = turn
  const w = words(turn)
  const kinds = kindsIn(turn)
  if (member) await setConsent(db, { memberId: member.id, kinds, channel, status, at, source: 'chat' })
  const again = { kinds: kinds.join(',') }
  const reply =
    status === 'withdrawn'
      ? say(w.off(kinds), quickReply(w.turnOn, 'messages-on', again))
      : say(w.on(kinds), quickReply(w.turnOff, 'messages-off', again))
  return { say: [reply], next: { kind: 'end' } }
}

/** The kinds that a button or the words name; all of them where neither does. */
function kindsIn({ said, action }: Turn): readonly MessageKind[] {
  const pressed = textArgument(action, 'kinds')?.split(',')
  const named = pressed
    ? messageKinds.filter((kind) => pressed.includes(kind))
    : messageKinds.filter((kind) => (kind === 'offers' ? OFFERS : REMINDERS).test(said))
  return named.length > 0 ? named : messageKinds
}
