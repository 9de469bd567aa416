import pino from 'pino'
import { conversations } from '../../../dialogs'
import { createEngine } from '../../../src/bot/engine/engine'
import { plainAsMarkdown } from '../../../src/bot/kit/markdown'
import { createTurnRunner } from '../../../src/bot/turn/pipeline'
import { secretBytes } from '../../../src/core/clock'
import { ensureMerchant } from '../../../src/core/merchant'
import { parseMarkdown } from '../../../src/web/chat/model/markdown'
import { useDatabase } from '../../support/database'
import { fillFixtureShop } from '../../support/fixture-shop'
import { standInRecogniser } from '../../support/stand-in-recogniser'
import { NOW } from '../../support/turns'

const database = useDatabase()
let now = NOW
beforeAll(async () => {
  await fillFixtureShop(database.current())
  await ensureMerchant(database.current(), { at: NOW })
})
beforeEach(() => {
  now = NOW
})
afterEach(async () => {
  await database.current().sql`update merchant set settings = '{}'`
  await database.current().sql`truncate handoff_request, handoff_event, desk_message cascade`
})

const later = (minutes: number) => {
  now = new Date(now.getTime() + minutes * 60_000)
}

/** A chat through the whole pipeline. */
function chat(conversationId: string, locale: 'en' | 'zh' = 'en', isGroup = false) {
  const turns = createTurnRunner({
    database: database.current(),
    engine: createEngine(conversations),
    recogniser: { recognise: (said, options) => standInRecogniser(said, options.locale ?? locale) },
    clock: () => now,
    secretBytes,
    logger: pino({ level: 'silent' }),
  })
  let count = 0
  const run = async (content: Parameters<typeof turns.run>[0]['content'], activityId?: string) => {
    count += 1
    const place = { channel: 'test', conversationId, tenantId: '', userId: conversationId, isGroup, locale }
    const outcome = await turns.run(
      { ...place, activityId: activityId ?? `a${count}`, asMemberId: 'M1', content },
      { store: () => ({}) },
    )
    return outcome.kind === 'answered' ? outcome.replies.map(({ text }) => text) : [outcome.kind]
  }
  return {
    say: (text: string, activityId?: string) => run({ kind: 'message', text }, activityId),
    press: (verb: string, args = {}) => run({ kind: 'message', text: '', action: { verb, args } }),
    run,
  }
}

const said = (conversationId: string) =>
  database.current().sql<{ author: string; text: string }>`
    select author, text from desk_message join handoff_request r on r.id = request_id
    where conversation_id = ${conversationId} order by request_id, seq`

const accept = async (conversationId: string) => {
  const [staff] = await database.current().sql<{ id: number }>`
    insert into staff (email, display_name, role, locale, created_at) values (${`${conversationId}@shop.example`}, 'Ana', 'agent', 'en', ${now}) returning id`
  await database.current().sql`
    update handoff_request set status = 'agent', staff_id = ${staff?.id}, version = version + 1, accepted_at = ${now}
    where conversation_id = ${conversationId}`
}

describe.each([
  {
    locale: 'en' as const,
    ask: 'talk to a person',
    still: "You're next in line. I can't tell yet how long it will take.",
    backs: ['back to the bot', 'Cancel', 'go back', 'never mind', '返回机器人', '取消'],
    back: "All right, you're back with me, the assistant. What can I do for you?",
    clearly: 'Back to the bot',
    notWithAgent: ['cancel', 'back', 'help', 'agent'],
  },
  {
    locale: 'zh' as const,
    ask: '转人工',
    still: '您现在排在第一位。暂时无法预估需要等多久。',
    backs: ['返回机器人', '取消', '不等了', '算了', 'back to the bot', 'cancel'],
    back: '好的，现在由我这个智能助手继续为您服务。您想办理什么？',
    clearly: '返回机器人',
    notWithAgent: ['取消', '返回', '帮助', '人工'],
  },
])('in $locale', ({ locale, ask, still, backs, back, clearly, notWithAgent }) => {
  test('who waits hears how the queue stands after some minutes, and not with each message', async () => {
    const { say, press, run } = chat(`waits ${locale}`, locale)
    await say(ask)
    expect(await say('where is my order')).toEqual([])
    later(2)
    expect(await press('points-balance')).toEqual([])
    later(2)
    expect(await run({ kind: 'attachment', files: ['lid.jpg', '<img src=x>.png'] })).toEqual([still])
    expect(await say('hello?')).toEqual([])
    // Sent twice by the channel: heard once.
    expect(await say('again', 'dup')).toEqual([])
    expect(await say('again', 'dup')).toEqual(['duplicate'])
    expect((await said(`waits ${locale}`)).filter(({ author }) => author === 'member').map(({ text }) => text)).toEqual(
      [ask, 'where is my order', 'points-balance', '📎 lid.jpg\n📎 <img src=x>.png', 'hello?', 'again'],
    )
  })

  test.each(backs.map((words, place) => [words, place] as const))('"%s" is a way back', async (words, place) => {
    const name = `back ${locale} ${place}`
    const { say } = chat(name, locale)
    await say(ask)
    expect(await say(words)).toEqual([back])
    const [row] = await database.current()
      .sql`select status, ended_by as by from handoff_request where conversation_id = ${name}`
    expect(row).toEqual({ status: 'returned', by: 'member' })
  })

  test('with an agent the bot has no word, whatever is said, until the member clearly goes back', async () => {
    const name = `agent ${locale}`
    const { say, press } = chat(name, locale)
    await say(ask)
    await accept(name)
    later(30)
    for (const words of notWithAgent) expect(await say(words)).toEqual([])
    expect(await press('leave-message')).toEqual([])
    expect(await say(clearly)).toEqual([back])
  })

  test('what was being asked is put aside and asked again politely', async () => {
    const { say } = chat(`aside ${locale}`, locale)
    await say(locale === 'en' ? 'redeem a coupon' : '兑换优惠券')
    await say(ask)
    // An answer to the question that was put aside goes to the person, and to nobody else.
    expect(await say('1')).toEqual([])
    const replies = await say(clearly)
    expect(replies.slice(0, 2)).toEqual([
      back,
      locale === 'en' ? 'Now, back to where we were.' : '好，我们接着刚才的。',
    ])
    expect(replies.length).toBeGreaterThan(2)
  })

  test('out of hours it is said when somebody is there again', async () => {
    await database.current().sql`
      update merchant set settings = '{"desk": {"hours": [{"days": [1], "from": "09:00", "until": "18:00"}]}}'`
    const [reply = ''] = await chat(`hours ${locale}`, locale).say(ask)
    expect(reply).toContain(
      locale === 'en'
        ? 'they are back on Monday 23 November, 09:00'
        : '人工客服目前不在线，11月23日星期一 09:00 恢复服务',
    )
  })
})

test('a turn that breaks while a person has the conversation keeps what was said for them, and nobody apologises', async () => {
  const { say, run } = chat('breaks')
  await say('talk to a person')
  later(30)
  await database.current().sql`alter table desk_message add constraint breaks check (author <> 'desk') not valid`
  try {
    expect(await say('are you there?', 'b1')).toEqual([])
    expect(await run({ kind: 'message', text: 'are you there?' }, 'b1')).toEqual(['duplicate'])
  } finally {
    await database.current().sql`alter table desk_message drop constraint breaks`
  }
  expect((await said('breaks')).filter(({ text }) => text === 'are you there?')).toHaveLength(1)
})

test('what is asked for in a group is nobody’s own: the request names no member', async () => {
  const { run } = chat('group', 'en', true)
  await run({ kind: 'message', text: 'talk to a person' })
  expect(await database.current().sql`select member_id as member from handoff_request`).toEqual([{ member: null }])
})

test('a text as long as HTTP lets through is kept whole', async () => {
  const { say } = chat('long')
  await say('talk to a person')
  const long = 'x'.repeat(200_000)
  await say(long)
  expect((await said('long')).at(-1)?.text).toBe(long)
})

const pieces = [
  ...[
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[click](javascript:alert(1))',
    '![x](https://evil.example/p.png)',
  ],
  ...[
    '**bold**',
    '__b__',
    '# heading',
    '> quote',
    '- item',
    '* item',
    '1. item',
    '7) item',
    '```\ncode\n```',
    '`code`',
    '~~gone~~',
  ],
  ...[
    '| a | b |\n|---|---|',
    'title\n=====',
    '---',
    '&lt;b&gt;',
    '&#x3c;b&#x3e;',
    '\\*',
    '\\[x\\]',
    'https://evil.example',
    '<https://a.example>',
  ],
  ...[
    '{"type":"AdaptiveCard"}',
    '$(id) <%= id %>',
    '{{7*7}}',
    '<at>all</at>',
    '@everyone',
    '• item',
    '+ item',
    "'; drop table staff; --",
  ],
]
/** Each of these alone, after another, under another, and in the middle of a sentence. */
const payloads = pieces.flatMap((piece, place) => {
  const other = pieces[(place * 7 + 3) % pieces.length]
  const third = pieces[(place * 11 + 5) % pieces.length]
  const forms = [
    piece,
    `hello ${piece} there`,
    `${piece}${other}`,
    `${other}\n${piece}`,
    `${piece}\n\n${third}`,
    `  ${piece}`,
  ]
  return [
    ...forms,
    `${piece} ${piece}`,
    `\t${piece}`,
    `${third}${piece}`,
    `${piece}\n${piece}`,
    `看 ${piece} 吧`,
    `${piece}。`,
    `(${piece})`,
    `"${piece}`,
    `${other} ${third}`,
    `${piece}!`,
  ]
})

test(`${payloads.length} payloads stay text on their way to the member`, () => {
  expect(payloads.length).toBeGreaterThanOrEqual(500)
  for (const payload of payloads) {
    const blocks = parseMarkdown(plainAsMarkdown(payload))
    const kinds = new Set(
      blocks.flatMap((block) => [block.type, ...('children' in block ? block.children.map(({ type }) => type) : [])]),
    )
    const shown = blocks
      .map((block) =>
        'children' in block ? block.children.map((child) => (child.type === 'text' ? child.text : '\n')).join('') : '',
      )
      .join('\n')
    expect([payload, [...kinds].filter((kind) => !['paragraph', 'text', 'break'].includes(kind))]).toEqual([
      payload,
      [],
    ])
    expect(squeezed(shown)).toBe(squeezed(payload))
  }
})

test('payloads are kept for people as they were typed', async () => {
  const { say } = chat('payloads')
  await say('talk to a person')
  const some = payloads.filter((_, place) => place % 25 === 0)
  for (const payload of some) await say(payload)
  const kept = (await said('payloads')).filter(({ author }) => author === 'member').map(({ text }) => text)
  expect(kept.slice(1)).toEqual(some.map((payload) => payload.trim()))
})

/** White space is shown as browsers show it. */
function squeezed(text: string): string {
  return text.replace(/[\s\u00a0]+/g, ' ').trim()
}
