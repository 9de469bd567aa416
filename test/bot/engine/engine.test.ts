import type { Conversation, Next, Reply, Turn } from '../../../src/bot/contract'
import { createEngine, type Engine, type Outcome } from '../../../src/bot/engine/engine'
import { emptyState, STACK_DEPTH_MAX } from '../../../src/bot/engine/state'
import type { Locale } from '../../../src/core/locale'
import type { Tx } from '../../../src/db/sql'
import { NO_ENTITIES, openChat, type Person } from '../../support/turns'

const MEMBER: Person = { memberId: 'M1', displayName: 'Ada' }
const STRANGER: Person = {}

/** No conversation of these tests needs a database; the merchant is the default one. */
const noDatabase = {
  tx: <T>(work: (tx: Tx) => Promise<T>) => work({ sql: async () => [], inTransaction: true } as Tx),
}

const intents: Readonly<Record<string, string>> = {
  'buy tea': 'buy',
  买茶: 'buy',
  balance: 'balance',
  'tell me a secret': 'secret',
  help: 'help',
  'talk to someone': 'talk-to-person',
  'ask me': 'ask',
  'who am i': 'link-account',
}

function recognise(said: string, locale: Locale) {
  const number = /^\d+$/.test(said) ? [Number(said)] : []
  const ordinal = said.includes('second') ? { ordinal: 2 } : said.includes('last') ? { ordinal: -1 } : {}
  const spoken: Locale = /\p{Script=Han}/u.test(said) ? 'zh' : /[a-z]/.test(said) ? 'en' : locale
  return {
    locale: spoken,
    intent: intents[said] ?? 'none',
    score: 0.9,
    alternatives: [{ intent: 'balance', score: 0.4 }],
    entities: { ...NO_ENTITIES, numbers: number, ...ordinal },
  }
}

const end: Next<never> = { kind: 'end' }
const text = (turn: Turn, en: string, zh = en): Reply => ({ text: turn.locale === 'zh' ? zh : en })

function simple(id: string, reply: string, more: Partial<Conversation> = {}): Conversation {
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
function buy(version = 1): Conversation<{ asked: number }> {
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

function all(version = 1): Conversation[] {
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

function chatWith(person: Person, conversations = all()) {
  let engine = createEngine(conversations)
  const chat = openChat({ database: noDatabase, engine: () => engine, recognise, person })
  return { ...chat, deploy: (next: Engine) => (engine = next) }
}

const said = ({ replies }: Outcome) => replies.map((reply) => reply.text)

describe('an open question', () => {
  test('is answered, and asked again where the answer is refused', async () => {
    const chat = chatWith(MEMBER)
    expect(said(await chat.say('buy tea'))).toEqual(['start "buy tea"', 'how many? (0)'])
    expect(said(await chat.say('9'))).toEqual(['too many', 'how many? (9)'])
    const outcome = await chat.say('3')
    expect(said(outcome)).toEqual(['bought 3'])
    expect(outcome.intent).toBe('buy')
    expect(outcome.state.stack).toEqual([])
  })

  test('waits while something else is answered, and comes back with a bridge', async () => {
    const chat = chatWith(MEMBER)
    await chat.say('buy tea')
    const outcome = await chat.say('balance')
    expect(said(outcome)).toEqual(['ten points', 'Now, back to where we were.', 'how many? (0)'])
    expect(outcome.intent).toBe('balance')
    expect(said(await chat.say('2'))).toEqual(['bought 2'])
  })

  test.each([
    ['cancel', 'cancel'],
    ['never mind', 'cancel'],
    ['算了', 'cancel'],
  ])('is closed by "%s"', async (word, intent) => {
    const chat = chatWith(MEMBER)
    await chat.say('buy tea')
    const outcome = await chat.say(word)
    expect(outcome.intent).toBe(intent)
    expect(outcome.state.stack).toEqual([])
    expect(said(await chat.say('2'))).not.toContain('bought 2')
  })

  test.each([
    ['help', 'the menu'],
    ['human', 'a person comes'],
    ['language', 'which language'],
  ])('lets "%s" through', async (word, reply) => {
    const chat = chatWith(MEMBER)
    await chat.say('buy tea')
    expect(said(await chat.say(word))).toEqual([reply, 'Now, back to where we were.', 'how many? (0)'])
  })

  test('of an older version starts its conversation afresh, and the old answer is not taken', async () => {
    const chat = chatWith(MEMBER)
    await chat.say('buy tea')
    chat.deploy(createEngine(all(2)))
    const outcome = await chat.say('3')
    expect(said(outcome)).toEqual([
      'I have been updated since I asked you that, so let me ask again from the start.',
      'start ""',
      'how many? (0)',
    ])
    expect(said(await chat.say('3'))).toEqual(['bought 3'])
  })

  test('of an older version lets another question through before it starts afresh', async () => {
    const chat = chatWith(MEMBER)
    await chat.say('buy tea')
    chat.deploy(createEngine(all(2)))
    expect(said(await chat.say('balance'))).toEqual([
      'ten points',
      'Now, back to where we were.',
      'I have been updated since I asked you that, so let me ask again from the start.',
      'start ""',
      'how many? (0)',
    ])
  })

  test('of a conversation that is gone is dropped politely', async () => {
    const chat = chatWith(MEMBER)
    await chat.say('buy tea')
    chat.deploy(createEngine(all().filter(({ id }) => id !== 'buy')))
    const outcome = await chat.say('3')
    expect(outcome.replies[0]?.text).toMatch(/isn't available any more/)
    expect(outcome.state.stack).toEqual([])
  })

  test('asked for again is one question, not two', async () => {
    const chat = chatWith(MEMBER)
    await chat.say('buy tea')
    await chat.say('buy tea')
    const outcome = await chat.say('1')
    expect(said(outcome)).toEqual(['bought 1'])
    expect(outcome.state.stack).toEqual([])
  })

  test('takes its own buttons, and answers them when it is closed', async () => {
    const chat = chatWith(MEMBER)
    await chat.say('buy tea')
    expect(said(await chat.press('buy-confirm'))).toEqual(['pressed'])
    expect(said(await chat.press('buy-confirm'))).toEqual(['already closed'])
  })

  test('is one of a few at the most', async () => {
    const ask = (id: string): Conversation => ({
      ...simple(id, ''),
      start: async () => ({ say: [], next: { kind: 'ask', question: 'q', data: null } }),
      questions: { q: { ask: async (turn) => [text(turn, `${id}?`)], answer: async () => ({ notAnAnswer: true }) } },
    })
    const names = ['a', 'b', 'c', 'd', 'e']
    const chat = chatWith(MEMBER, [...all(), ...names.map(ask)])
    let outcome: Outcome | undefined
    for (const name of names) outcome = await chat.press(name)
    expect(outcome?.state.stack.map(({ conversation }) => conversation)).toEqual(names.slice(-STACK_DEPTH_MAX))
  })
})

describe('what was shown last', () => {
  test.each([
    ['2', 'chose Oat biscuits'],
    ['the second one', 'chose Oat biscuits'],
    ['the last one please', 'chose Teapot'],
    ['teapot', 'chose Teapot'],
    ['GREEN TEA!', 'chose Green tea'],
    ['oat biscits', 'chose Oat biscuits'],
    ['the oat biscuits please', 'chose Oat biscuits'],
    ['next', 'ten points'],
  ])('"%s" chooses from it', async (typed, reply) => {
    const chat = chatWith(MEMBER)
    await chat.say('ask me')
    expect(said(await chat.say(typed))).toEqual([reply])
  })

  test.each(['4', '0', '99999999999999999999', 'the'])('"%s" chooses nothing', async (typed) => {
    const chat = chatWith(MEMBER)
    await chat.say('ask me')
    const outcome = await chat.say(typed)
    expect(outcome.intent).toBe('none')
    expect(said(outcome)[0]).toMatch(/didn't get that/)
  })

  test('does not take the number that an open question asks for', async () => {
    const chat = chatWith(MEMBER)
    await chat.say('buy tea')
    const interrupted = await chat.say('ask me')
    expect(said(interrupted)).toEqual(['a list', 'Now, back to where we were.', 'how many? (0)'])
    expect(said(await chat.say('2'))).toEqual(['bought 2'])
  })
})

describe('who does not say what is wanted', () => {
  test('is asked to rephrase, then given choices, then offered a person', async () => {
    const chat = chatWith(MEMBER)
    expect(said(await chat.say('blub'))[0]).toMatch(/other words/)
    const second = await chat.say('blub')
    expect(second.replies[0]?.text).toMatch(/one of these/)
    expect(second.replies[0]?.quickReplies?.map(({ title }) => title)).toEqual([
      'Title of balance',
      'Title of buy',
      'Title of secret',
      'Title of help',
      'Title of cancel',
      'Talk to a person',
    ])
    const third = await chat.say('blub')
    expect(third.replies[0]?.text).toMatch(/person/)
    expect(said(await chat.say('talk to a person'))).toEqual(['a person comes'])
    // Understood once, the count begins anew.
    expect(said(await chat.say('blub'))[0]).toMatch(/other words/)
  })

  test('gets the open question again, with its hint', async () => {
    const chat = chatWith(MEMBER)
    await chat.say('buy tea')
    expect(said(await chat.say('blub'))).toEqual(['a number, please', 'how many? (0)'])
    expect(said(await chat.say('blub'))[0]).toMatch(/cancel/)
    expect(said(await chat.say('2'))).toEqual(['bought 2'])
  })

  test.each([
    ['', /empty message/],
    ['   ', /empty message/],
    ['?!…', /empty message/],
    ['🎉🎉🎉', /just tell me/],
    ['word '.repeat(200).slice(0, 1000), /one or two sentences/],
    ['שלום עולם', /other words/],
  ])('%.20j gets a sensible answer', async (typed, expected) => {
    const chat = chatWith(MEMBER)
    expect(said(await chat.say(typed))[0]).toMatch(expected)
  })

  test('and an unknown button neither throws nor does anything', async () => {
    const chat = chatWith(MEMBER)
    expect(said(await chat.press('no-such-verb', { id: 1 }))[0]).toMatch(/doesn't work any more/)
    expect(said(await chat.press('__proto__'))[0]).toMatch(/doesn't work any more/)
  })
})

describe('a stranger', () => {
  test('links first and then gets what was wanted', async () => {
    const chat = chatWith(STRANGER)
    expect(said(await chat.say('balance'))).toEqual([expect.stringMatching(/who you are/), 'code?'])
    expect(said(await chat.say('1234'))).toEqual(['linked', 'ten points'])
  })

  test('who does not link gets nothing personal', async () => {
    const chat = chatWith(STRANGER)
    await chat.say('balance')
    const outcome = await chat.say('0000')
    expect(said(outcome)).toEqual(['not linked'])
    expect(outcome.state.stack).toEqual([])
  })

  test('who wants something else meanwhile gets that after linking', async () => {
    const chat = chatWith(STRANGER)
    await chat.say('balance')
    expect(said(await chat.say('tell me a secret'))).toEqual([expect.stringMatching(/who you are/), 'code?'])
    expect(said(await chat.say('1234'))).toEqual(['linked', 'a secret'])
  })

  test('who cancels linking wants nothing any more', async () => {
    const chat = chatWith(STRANGER)
    await chat.say('balance')
    const outcome = await chat.say('cancel')
    expect(outcome.state.stack).toEqual([])
  })

  test('who was a member is not asked what the member was asked', async () => {
    const personal = { ...buy(), personal: true }
    const chat = chatWith(MEMBER, [...all().filter(({ id }) => id !== 'buy'), personal])
    await chat.say('buy tea')
    chat.become(STRANGER)
    const outcome = await chat.say('2')
    expect(said(outcome)).not.toContain('bought 2')
    expect(outcome.state.stack).toEqual([])
  })
})

test("a question that a member was asked is not another member's, not even by way of a group", async () => {
  const personal = { ...buy(), personal: true }
  const chat = chatWith(MEMBER, [...all().filter(({ id }) => id !== 'buy'), personal])
  await chat.say('buy tea')
  chat.become({ ...MEMBER, isGroup: true })
  expect(said(await chat.say('help'))).not.toContain('how many? (0)')
  chat.become(MEMBER)
  await chat.say('buy tea')
  chat.become({ memberId: 'M2' })
  const outcome = await chat.say('2')
  expect(said(outcome)).not.toContain('bought 2')
  expect(outcome.state.stack).toEqual([])
})

describe('in a group', () => {
  test('nothing personal is said, to members neither', async () => {
    const chat = chatWith({ ...MEMBER, isGroup: true })
    const outcome = await chat.say('balance')
    expect(said(outcome)).toEqual([expect.stringMatching(/private chat/)])
    expect(JSON.stringify(outcome.state)).not.toContain('M1')
  })

  test('each is asked their own question', async () => {
    const ada = { userId: 'ada', isGroup: true }
    const ben = { userId: 'ben', isGroup: true }
    const chat = chatWith(ada)
    await chat.say('buy tea', ada)
    expect(said(await chat.say('2', ben))[0]).toMatch(/didn't get that/)
    await chat.say('buy tea', ben)
    expect(said(await chat.say('3', ada))).toEqual(['bought 3'])
    expect(said(await chat.say('4', ben))).toEqual(['bought 4'])
  })
})

describe('the language', () => {
  test('follows the member, and numbers do not switch it', async () => {
    const chat = chatWith(MEMBER)
    await chat.say('buy tea')
    await chat.say('cancel')
    expect(said(await chat.say('买茶'))).toContain('几个？(0)')
    expect(said(await chat.say('9'))).toContain('几个？(9)')
    expect(said(await chat.say('buy tea'))).toContain('how many? (0)')
  })

  test('that was asked for stays', async () => {
    const speak: Conversation = {
      ...simple('change-language', ''),
      start: async () => ({ say: [], next: end, speak: 'zh' }),
    }
    const chat = chatWith(MEMBER, [...all().filter(({ id }) => id !== 'change-language'), speak])
    await chat.say('chinese')
    const outcome = await chat.say('balance')
    expect(said(outcome)).toEqual(['ten points（中文）'])
    expect(outcome.state.localeChosen).toBe(true)
  })
})

describe('a stored state', () => {
  test.each([
    ['of another version', { ...emptyState(), v: 99, stack: [{ kind: 'question' }] }],
    ['that is not ours', { hello: 'world' }],
    ['null', null],
    ['a string', 'x'],
  ])('%s begins afresh', async (_, state) => {
    const engine = createEngine(all())
    const turn = { ...(await aTurn()), said: 'balance' }
    const outcome = await engine.run({ turn, state })
    expect(said(outcome)).toEqual(['ten points'])
  })
})

test('two conversations with one verb are refused at start', () => {
  expect(() => createEngine([simple('a', ''), simple('b', '', { verbs: ['a'] })])).toThrow(/would start both/)
})

async function aTurn(): Promise<Turn> {
  let seen: Turn | undefined
  const spy = simple('balance', '', {
    start: async (turn) => {
      seen = turn
      return { say: [], next: end }
    },
  })
  await chatWith(MEMBER, [spy]).say('balance')
  if (!seen) throw new Error('the conversation was not started')
  return seen
}
