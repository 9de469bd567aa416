import { createSuggestions } from '../../../src/core/assist/suggestions'
import { useDatabase } from '../../support/database'
import { addRequest, addSaid, addStaff } from '../../support/desk-fixture'
import { fillFixtureShop } from '../../support/fixture-shop'

const NOW = new Date('2026-11-22T10:00:00Z')
const { current } = useDatabase()
let now = NOW
const nothingWritten = () => []
let staffId: number

async function solve(
  conversation: string,
  said: string,
  answer: string,
  changes: Partial<Parameters<typeof addRequest>[1]> = {},
): Promise<number> {
  const at = '2026-11-20T09:00:00Z'
  const ended = { status: 'closed', closedAt: '2026-11-20T09:20:00Z', resolution: 'confirmed' } as const
  const requestId = await addRequest(current(), { conversation, staffId, said, at, ...ended, ...changes })
  const talk = [
    ['agent', 'Hello, how can I help?'],
    ['member', said],
    ['note', 'A note that is far longer than any of the answers in this conversation, and for colleagues only, always'],
    ['agent', answer],
    ['member', 'Thank you!'],
  ] as const
  await addSaid(current(), { requestId, staffId, at }, talk)
  return requestId
}

beforeAll(async () => {
  await fillFixtureShop(current())
  staffId = (await addStaff(current(), { name: 'Mia Chen' })).id
  await solve(
    'pot',
    'My teapot arrived broken, the lid is smashed',
    'Sorry Ada, I am Mia. A new teapot for order A1003 leaves today; call 020 7946 0958 or write to ada@example.com.',
  )
  await solve(
    'address',
    'I moved house and need to change the delivery address of my parcel',
    'I have changed the address of the parcel for you, nothing more to do.',
  )
  await solve('rated low', 'The teapot came with a broken lid', 'There is nothing at all that we can do about this.', {
    csat: 1,
  })
  await solve('not solved', 'The teapot came broken', 'Please ask again on some other day then.', {
    resolution: 'reopened',
  })
  await solve('壶', '收到的茶壶碎了，盖子也裂了', '非常抱歉，Ada，我们今天为您补发新的茶壶，订单A1003。', {
    locale: 'zh',
  })
})

const suggestions = createSuggestions({ clock: () => now, findWritten: nothingWritten })
const suggest = (said: string[], locale: 'en' | 'zh' = 'en', requestId = 0) =>
  suggestions.suggest(current(), { said, locale, requestId })

test('the answer that solved the same matter before comes without anybody in it', async () => {
  const [first, ...rest] = await suggest(['the lid of my new teapot is broken'])
  expect(first).toMatchObject({
    source: 'solved',
    text: 'Sorry [name], I am [name]. A new teapot for order [code] leaves today; call [number] or write to [e-mail].',
  })
  expect(first?.score).toBeGreaterThan(0.35)
  // Neither what was rated low nor what came back.
  expect(rest).toEqual([])
})

test('in the language of the member', async () => {
  expect(await suggest(['茶壶碎了'], 'zh')).toMatchObject([
    { text: '非常抱歉，[姓名]，我们今天为您补发新的茶壶，订单[编号]。' },
  ])
  expect(await suggest(['the teapot is broken'], 'zh')).toEqual([])
})

test.each([['what is the weather like tomorrow'], ['can you help me please'], ['??'], ['']])(
  'nothing similar, nothing suggested: %s',
  async (said) => expect(await suggest([said])).toEqual([]),
)

test('nothing said, nothing suggested; and no conversation is suggested to itself', async () => {
  expect(await suggest([])).toEqual([])
  const own = await solve('own', 'How do I descale the kettle?', 'Fill it with vinegar and water, and boil it twice.')
  now = new Date(NOW.getTime() + 120_000)
  expect(await suggest(['how to descale a kettle'])).toHaveLength(1)
  expect(await suggest(['how to descale a kettle'], 'en', own)).toEqual([])
})

test('what is solved later is found a minute later, and not before', async () => {
  const said = ['the whistle of my kettle is silent']
  expect(await suggest(said)).toEqual([])
  await solve('whistle', 'The whistle of the kettle stays silent', 'Turn the whistle until it clicks into its place.')
  expect(await suggest(said)).toEqual([])
  now = new Date(now.getTime() + 61_000)
  expect(await suggest(said)).toHaveLength(1)
})

test('the merchant’s own answers are suggested by the score of the bot, unlikely ones not', async () => {
  const written = createSuggestions({
    clock: () => now,
    findWritten: (said) =>
      said.includes('refund')
        ? [
            { title: 'Refunds', text: 'Within 30 days.', score: 0.9 },
            { title: 'Delivery', text: '3 days.', score: 0.1 },
          ]
        : [],
  })
  const replies = await written.suggest(current(), {
    said: ['hello', 'refund', 'a refund!'],
    locale: 'en',
    requestId: 0,
  })
  expect(replies).toEqual([{ title: 'Refunds', text: 'Within 30 days.', source: 'page', score: 0.9 }])
})
