import type { AskedPart, Conversation, Next, Reply, Turn } from '../../../src/bot/contract'
import { createEngine, type Engine, type Outcome } from '../../../src/bot/engine/engine'
import type { Locale } from '../../../src/core/locale'
import type { OpenTx } from '../../../src/db/sql'
import { NO_ENTITIES, openChat, type Person } from '../../support/turns'

// Conversations of one word each, to see what the engine does between them.

export const MEMBER: Person = { memberId: 'M1', displayName: 'Ada' }
export const STRANGER: Person = {}

/** No conversation of these tests needs a database; the merchant is the default one. */
const noDatabase = {
  tx: <T>(work: (tx: OpenTx) => Promise<T>) =>
    work({ sql: async () => [], lastSql: async () => [], inTransaction: true } as OpenTx),
}

const intents: Readonly<Record<string, string>> = {
  'buy tea': 'buy',
  买茶: 'buy',
  balance: 'balance',
  'tell me a secret': 'secret',
  help: 'help',
  'talk to someone': 'talk-to-person',
  'ask me': 'ask',
  'balance and secret': 'balance',
  'buy tea and balance': 'buy',
  'who am i': 'link-account',
  // As a recogniser may take a number for something.
  '-3': 'balance',
}

function recognise(said: string, locale: Locale) {
  const number = /^\d+$/.test(said) ? [Number(said)] : []
  const ordinal = said.includes('second') ? { ordinal: 2 } : said.includes('last') ? { ordinal: -1 } : {}
  const spoken: Locale = /\p{Script=Han}/u.test(said) ? 'zh' : /[a-z]/.test(said) ? 'en' : locale
  // "Perhaps" is what a recogniser half understands: one meaning of it, or "perhaps both" two.
  const likely = said.startsWith('perhaps') ? 0.4 : 0.2
  const other = said === 'perhaps both' ? [{ intent: 'buy', score: 0.3 }] : []
  return {
    locale: spoken,
    intent: intents[said] ?? 'none',
    score: 0.9,
    alternatives: [{ intent: 'balance', score: likely }, ...other],
    ...(PARTS[said] ? { parts: PARTS[said] } : {}),
    entities: { ...NO_ENTITIES, numbers: number, ...ordinal },
  }
}

const part = (intent: string, said: string): AskedPart => ({ intent, said, entities: NO_ENTITIES })
const PARTS: Readonly<Record<string, readonly [AskedPart, AskedPart]>> = {
  'balance and secret': [part('balance', 'balance'), part('secret', 'secret')],
  'buy tea and balance': [part('buy', 'buy tea'), part('balance', 'balance')],
}

export const end: Next<never> = { kind: 'end' }
export const text = (turn: Turn, en: string, zh = en): Reply => ({ text: turn.locale === 'zh' ? zh : en })

export function simple(id: string, reply: string, more: Partial<Conversation> = {}): Conversation {
  return {
    id,
    version: 1,
    intents: [id],
    verbs: [],
    personal: false,
    menuTitle: { en: `Title of ${id}`, zh: `${id} 的标题` },
    start: async (turn) => ({ say: [text(turn, reply, `${reply}（中文）`)], next: end }),
    questions: {},
    ...more,
  }
}

/** Asks how many; takes 1 to 5. */
export function buy(version = 1): Conversation<{ asked: number }> {
  return {
    ...simple('buy', ''),
    version,
    verbs: ['buy-confirm'],
    start: async (turn) => {
      if (turn.action?.verb === 'buy-confirm') return { say: [text(turn, 'already closed')], next: end }
      return { say: [text(turn, `start ${JSON.stringify(turn.action?.args ?? turn.said)}`)], next: howMany(0) }
    },
    questions: {
      'how-many': {
        ask: async (turn, { asked }) => [text(turn, `how many? (${asked})`, `几个？(${asked})`)],
        answer: async (turn) => {
          if (turn.action?.verb === 'buy-confirm') return { say: [text(turn, 'pressed')], next: end }
          const [number] = turn.understood.entities.numbers
          if (number === undefined) return { notAnAnswer: true, hint: text(turn, 'a number, please') }
          if (number > 5) return { say: [text(turn, 'too many')], next: howMany(number) }
          return { say: [text(turn, `bought ${number}`)], next: end }
        },
      },
    },
  }
}

function howMany(asked: number): Next<{ asked: number }> {
  return { kind: 'ask', question: 'how-many', data: { asked } }
}

const link: Conversation = {
  ...simple('link-account', ''),
  start: async () => ({ say: [], next: { kind: 'ask', question: 'code', data: null } }),
  questions: {
    code: {
      ask: async (turn) => [text(turn, 'code?')],
      answer: async (turn) => {
        if (turn.said === '1234') return { say: [text(turn, 'linked')], next: end, member: { id: 'M1' } }
        if (turn.said === '0000') return { say: [text(turn, 'not linked')], next: end }
        return { notAnAnswer: true }
      },
    },
  },
}

const list: Conversation = {
  ...simple('list', ''),
  intents: ['ask'],
  start: async (turn) => {
    const pressed = turn.action?.args.thing
    if (pressed !== undefined) return { say: [text(turn, `chose ${pressed}`)], next: end }
    const choices = ['Green tea', 'Oat biscuits', 'Teapot'].map((title) => ({
      title,
      action: { verb: 'list', args: { thing: title } },
    }))
    const more = { title: 'More', action: { verb: 'balance', args: {} }, aliases: ['next'] }
    return { say: [{ text: 'a list', choices, quickReplies: [more] }], next: end }
  },
}

export function all(version = 1): Conversation[] {
  return [
    buy(version),
    simple('balance', 'ten points', { personal: true }),
    simple('secret', 'a secret', { personal: true }),
    simple('help', 'the menu'),
    simple('talk-to-person', 'a person comes'),
    simple('cancel', 'nothing to cancel'),
    simple('change-language', 'which language'),
    link,
    list,
  ]
}

export function chatWith(person: Person, conversations = all()) {
  let engine = createEngine(conversations)
  const chat = openChat({ database: noDatabase, engine: () => engine, recognise, person })
  return { ...chat, deploy: (next: Engine) => (engine = next) }
}

export const said = ({ replies }: Outcome) => replies.map((reply) => reply.text)
