import { conversations } from '../../dialogs'
import { pageIds } from '../../dialogs/answers/page-ids'
import { loadPages, pagesFolder } from '../../dialogs/answers/pages'
import { createEngine } from '../../src/bot/engine/engine'
import { useDatabase } from '../support/database'
import { fillFixtureShop } from '../support/fixture-shop'
import { rolledBack, type ScenarioDatabase } from '../support/rolled-back'
import { standInRecogniser } from '../support/stand-in-recogniser'
import { openChat, type Person } from '../support/turns'

const database = useDatabase({ connectionsMax: 2 })
beforeAll(() => fillFixtureShop(database.current()))

const engine = createEngine(conversations)

function chatAs(inside: ScenarioDatabase, person: Person) {
  return openChat({ database: inside, engine: () => engine, recognise: standInRecogniser, person })
}

test('an answer is noted for a member, once a turn, and for nobody else', async () => {
  await rolledBack(database.current(), async (inside) => {
    await chatAs(inside, { memberId: 'M1' }).say('how do I get a refund')
    await chatAs(inside, {}).say('cancel my order')
    await chatAs(inside, { memberId: 'M1', isGroup: true }).say('cancel my order')
    const rows = await inside.sql`select member_id as "memberId", topic, external_id as key from consultation`
    expect(rows).toEqual([{ memberId: 'M1', topic: 'get-refund', key: 'test|test|1' }])
  })
})

test('a request for a person is put in the queue with who asks, in what language and what was said', async () => {
  await rolledBack(database.current(), async (inside) => {
    const chat = chatAs(inside, { memberId: 'M1', locale: 'zh' })
    await chat.say('转人工')
    await chat.say('真人客服')
    const rows = await inside.sql`
      select member_id as "memberId", locale, reason, said, status, conversation_id as "conversationId" from handoff_request`
    expect(rows).toEqual([
      { memberId: 'M1', locale: 'zh', reason: 'asked', said: '转人工', status: 'waiting', conversationId: 'test' },
    ])
  })
})

test("the merchant's pages are complete: each in both languages, and what they relate to exists", () => {
  const pages = loadPages(pagesFolder())
  const known = new Set([...pageIds, ...conversations.map(({ id }) => id)])
  for (const locale of ['en', 'zh'] as const) {
    expect([...pages[locale].keys()]).toEqual([...pageIds])
    for (const { related } of pages[locale].values()) expect(related.filter((id) => !known.has(id))).toEqual([])
  }
})

test('every intent and verb starts something, and every menu entry is in both languages', () => {
  for (const { id, menuTitle, intents } of conversations) {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(intents.length).toBeGreaterThan(0)
    if (menuTitle)
      expect([menuTitle.en, menuTitle.zh]).toEqual([
        expect.stringMatching(/\S/),
        expect.stringMatching(/\p{Script=Han}/u),
      ])
  }
})
