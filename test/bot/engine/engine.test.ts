import type { Conversation, Turn } from '../../../src/bot/contract'
import { createEngine, type Outcome } from '../../../src/bot/engine/engine'
import { emptyState, STACK_DEPTH_MAX } from '../../../src/bot/engine/state'
import { all, buy, chatWith, end, MEMBER, STRANGER, said, simple, text } from './fake-conversations'

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

  test('comes back in the fewer words of its own, where it has some, but not after a miss', async () => {
    const spoken = buy()
    const asked = spoken.questions['how-many']
    if (!asked) throw new Error('buying asks how many')
    const remind = async (turn: Turn) => [text(turn, 'so, how many?')]
    const short = { ...spoken, questions: { 'how-many': { ...asked, remind } } } as Conversation
    const chat = chatWith(MEMBER)
    chat.deploy(createEngine(all().map((each) => (each.id === 'buy' ? short : each))))
    await chat.say('buy tea')
    expect(said(await chat.say('balance')).at(-1)).toBe('so, how many?')
    expect(said(await chat.say('blue')).at(-1)).toBe('how many? (0)')
    expect(said(await chat.say('2'))).toEqual(['bought 2'])
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
    ['שלום עולם', /English and Chinese/],
    ['ポイントはいくつ', /English and Chinese/],
    ['😡😡', /sorry you're not happy/],
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

describe('a greeting on opening', () => {
  test.each<[string, Parameters<typeof chatWith>[0], RegExp, string[]]>([
    ['a member', MEMBER, /^Hello Ada, and welcome back to Kettlewick/, ['Title of buy', 'Title of balance']],
    ['a stranger', STRANGER, /^Hello, and welcome to Kettlewick/, ['Title of buy', 'Title of balance']],
    ['a group', { ...MEMBER, isGroup: true }, /private chat/, ['Title of buy', 'Title of help']],
  ])('%s', async (_, person, greeting, first) => {
    const { replies, state } = await chatWith(person).welcome()
    expect(replies).toHaveLength(1)
    expect(replies[0]?.text).toMatch(greeting)
    expect(replies[0]?.quickReplies?.slice(0, 2).map(({ title }) => title)).toEqual(first)
    expect(state.stack).toEqual([])
  })

  test('shows a name as it is, whatever it has in it', async () => {
    const { replies } = await chatWith({ memberId: 'M1', displayName: '[Ada](http://evil.example)' }).welcome()
    expect(replies[0]?.text).toContain('\\[Ada\\](http:\\/\\/evil.example)')
  })

  test('leaves an open question open', async () => {
    const chat = chatWith(MEMBER)
    await chat.say('buy tea')
    await chat.welcome()
    expect(said(await chat.say('2'))).toEqual(['bought 2'])
  })
})

test('a bare number asks for nothing by itself, whatever it was taken for', async () => {
  const outcome = await chatWith(MEMBER).say('-3')
  expect(outcome.intent).toBe('none')
  expect(said(outcome)).not.toContain('ten points')
})
