import { registerDemo } from '../../src/cli/demo'
import { runCli } from '../../src/cli/program'
import { registerRecommend } from '../../src/cli/recommend'
import { newUuid, secretBytes } from '../../src/core/clock'
import { openDatabase } from '../../src/db/open'
import { useDatabase } from '../support/database'
import { addMember, addOrder, addProduct, setUpShop } from '../support/shop'

const database = useDatabase()

beforeAll(async () => {
  const db = database.current()
  await setUpShop(db)
  await addProduct(db, { sku: 'tea', nameEn: 'Tea', nameZh: '茶', category: 'drinks' })
  await addProduct(db, { sku: 'mug', nameEn: 'Mug', nameZh: '杯', category: 'home' })
  await addMember(db, { id: 'A' })
  await addMember(db, { id: 'B' })
  await db.sql`update member set locale = 'zh' where id = 'B'`
  for (const [member, days] of [
    ['A', ['2026-08-24', '2026-09-23', '2026-10-23']],
    ['B', ['2026-09-20', '2026-11-20']],
  ] as const) {
    for (const day of days) {
      await addOrder(db, { id: `${member} ${day}`, member, at: `${day}T10:00:00Z`, lines: [['tea', 1]] })
    }
  }
  await db.sql`insert into product_popularity values ('shop', 'mug', 7)`
})

/** Runs one command line; the last line of stdout is its result. */
async function run(...args: string[]) {
  let [out, err] = ['', '']
  const { url } = database.current()
  const code = await runCli(args, {
    registrations: [registerDemo, registerRecommend],
    clock: () => new Date('2026-11-22T10:00:00Z'),
    newId: newUuid,
    secretBytes,
    openDatabase: async () => openDatabase({ url }),
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
  })
  const last = out.trim().split('\n').at(-1)
  return { code, err, json: last ? JSON.parse(last) : undefined }
}

test('recommend gives items with score, reason and the reason in words', async () => {
  const { code, json, err } = await run('recommend', '--as', 'A')
  expect(code).toBe(0)
  expect(json).toEqual({
    member: 'A',
    items: [
      {
        sku: 'tea',
        name: 'Tea',
        categoryCode: 'drinks',
        priceMinor: 100,
        currency: 'GBP',
        score: expect.closeTo(0.75, 3),
        reason: { code: 'bought-again', times: 3, everyDays: 30, dueInDays: 0, lastAt: '2026-10-23T10:00:00.000Z' },
        text: 'bought 3 times, last on 2026-10-23, about every 30 days, due now',
      },
      expect.objectContaining({
        sku: 'mug',
        reason: { code: 'popular', buyers: 7, withinDays: 90 },
        text: 'popular: bought by 7 in 90 days',
      }),
    ],
  })
  expect(err).toContain('bought 3 times')
})

test('recommend speaks the member’s language, or the one asked for, and keeps to a limit and a category', async () => {
  const chinese = await run('recommend', '--as', 'B', '--limit', '1')
  expect(chinese.json.items).toEqual([expect.objectContaining({ name: '杯', text: '热销：90 天内有 7 位会员购买' })])
  const english = await run('recommend', '--as', 'B', '--locale', 'en')
  expect(english.json.items[0].name).toBe('Mug')
  expect(
    (await run('recommend', '--as', 'A', '--category', 'home')).json.items.map(({ sku }: { sku: string }) => sku),
  ).toEqual(['mug'])
  const nothing = await run('recommend', '--as', 'A', '--category', 'no-such')
  expect(nothing).toMatchObject({ code: 0, json: { member: 'A', items: [] } })
  expect(nothing.err).toContain('nothing to recommend')
})

test.each([
  [['recommend', '--as', 'nobody'], 1, 'there is no member "nobody"'],
  [['recommend'], 2, "required option '--as <member>'"],
  [['recommend', '--as', 'A', '--limit', '0'], 2, 'a whole number from 1 to 1000'],
  [['recommend', '--as', 'A', '--locale', 'fr'], 2, 'Allowed choices are en, zh'],
  [['recommend', '--as', 'A', '--colour', 'red'], 2, 'options of recommend: --as <member>; --limit <n>'],
  [['demo', '--size', '3'], 2, "unknown option '--size'"],
])('%j ends with %i and says why', async (args, code, message) => {
  const ended = await run(...args)
  expect(ended).toMatchObject({ code, json: undefined })
  expect(ended.err).toContain(message)
})
