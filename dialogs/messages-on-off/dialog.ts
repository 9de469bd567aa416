import type { Conversation, Reply, Step, Turn } from '../../src/bot/contract'
import { textArgument } from '../../src/bot/kit/arguments'
import { simplified } from '../../src/bot/kit/simplified'
import { localisedWords, quickReply, say } from '../../src/bot/kit/words'
import {
  type MessageKind,
  messageKinds,
  readConsents,
  setConsent,
  setPersonalisation,
} from '../../src/core/retention/consent'
import { en } from './replies.en'
import { zh } from './replies.zh'

const words = localisedWords({ en, zh })

const ID = 'messages-on-off'
const OFFERS =
  /\b(offers?|deals?|promo\w*|ads?|advertis\w*|marketing|discounts?|sale)\b|优惠|促销|推广|营销|广告|活动|特价|打折|降价/i
const REMINDERS = /\b(remind\w*)\b|提醒/i

const PERSONALISATION = /\b(personali[sz]\w*|profil(e|ing)|tailor\w*|targeted)\b|个性化|定向|画像/i

const TURN_OFF = /\b(stop|off|no|not|without|disable|don['’]?t)\b|关|不|停|别/i
const TURN_ON = /\b(on|again|enable|allow|may|can)\b|开|允许|可以/i

const UNSUBSCRIBE = /\b(unsubscribe|opt out)\b|退订|取消订阅|拒收/i

/** Turns messages that the merchant begins off, at once and without a question, or on again; all of them or one kind. */
export const messagesOnOff: Conversation = {
  id: ID,
  version: 1,
  intents: ['messages-off', 'messages-on'],
  verbs: [],
  personal: true,
  menuTitle: { en: en.menuTitle, zh: zh.menuTitle },
  claims: (turn) => {
    const said = simplified(turn.said)
    return PERSONALISATION.test(said) && (TURN_OFF.test(said) || TURN_ON.test(said))
  },
  async start(turn) {
    // Words that can only mean one thing weigh more than what was recognised.
    const asked =
      turn.action?.verb ?? (UNSUBSCRIBE.test(simplified(turn.said)) ? 'messages-off' : turn.understood.intent)
    if (isAboutPersonalisation(turn)) {
      return turnPersonalisation(turn.action ? asked === 'messages-on' : !TURN_OFF.test(simplified(turn.said)), turn)
    }
    if (asked === ID) return { say: [await standing(turn)], next: { kind: 'end' } }
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

function isAboutPersonalisation({ said, action }: Turn): boolean {
  const pressed = textArgument(action, 'kinds')
  return pressed === undefined ? PERSONALISATION.test(simplified(said)) : pressed === 'personalisation'
}

/** Whether what they get may depend on what is known of them. */
async function turnPersonalisation(isOn: boolean, { db, member, locale, now: at }: Turn): Promise<Step<unknown>> {
  const w = words({ locale })
  if (member) await setPersonalisation(db, { memberId: member.id, isOn, at, source: 'chat' })
  const kinds = { kinds: 'personalisation' }
  const reply = isOn
    ? say(w.personal, quickReply(w.forbid, 'messages-off', kinds))
    : say(w.plain, quickReply(w.allow, 'messages-on', kinds))
  return { say: [reply], next: { kind: 'end' } }
}

/** From the menu: what is on here, and how to change it. */
async function standing({ db, member, channel, locale }: Turn): Promise<Reply> {
  const w = words({ locale })
  const consents = member ? await readConsents(db, { memberId: member.id }) : []
  const on = consents.filter((consent) => consent.channel === channel && consent.status === 'granted')
  if (on.length === 0)
    return say(
      w.none,
      quickReply(w.wantOffers, 'messages-on', { kinds: 'offers' }),
      quickReply(w.wantReminders, 'messages-on', { kinds: 'reminders' }),
    )
  return say(w.standing(on.map(({ kind }) => kind)), quickReply(w.turnOff, 'messages-off'))
}

/** The kinds that a button or the words name; all of them where neither does. */
function kindsIn({ said, action }: Turn): readonly MessageKind[] {
  const pressed = textArgument(action, 'kinds')?.split(',')
  const named = pressed
    ? messageKinds.filter((kind) => pressed.includes(kind))
    : messageKinds.filter((kind) => (kind === 'offers' ? OFFERS : REMINDERS).test(simplified(said)))
  return named.length > 0 ? named : messageKinds
}
