import { markGone, setPresence } from '../../../src/core/handoff/presence'
import { type PersonRequest, requestPerson } from '../../../src/core/handoff/request'
import { routeWaiting, takeNext } from '../../../src/core/handoff/routing'
import { listSilent, takeFromSilent } from '../../../src/core/handoff/transitions'
import { readWait } from '../../../src/core/handoff/wait'
import { addStaff, type StaffFixture } from '../../bot/support/desk-staff'
import { useDatabase } from '../../support/database'
import { addMember, setUpShop } from '../../support/shop'

const AT = new Date('2026-11-22T10:00:00Z')
const minutes = (count: number) => new Date(AT.getTime() + count * 60_000)

const database = useDatabase()
beforeAll(async () => {
  await setUpShop(database.current())
  await addMember(database.current(), { id: 'GOLD', tier: 'gold' })
  await addMember(database.current(), { id: 'NEW' })
})
afterEach(async () => {
  await database.current().sql`truncate handoff_request, handoff_event, desk_message, staff cascade`
})

let count = 0
async function ask(changes: Partial<PersonRequest> = {}): Promise<number> {
  count += 1
  const at = changes.at ?? minutes(-1)
  const request = {
    channel: 'test',
    conversationId: `c${count}`,
    locale: 'en',
    reason: 'asked',
    said: 'hi',
    key: `k${count}`,
    at,
  } as const
  return (await requestPerson(database.current(), { ...request, ...changes })).requestId
}
const online = (name: string, changes: Partial<StaffFixture> = {}) =>
  addStaff(database.current(), { name, autoAccept: true, presence: 'online', seenAt: AT, ...changes })
const route = (at = AT) => routeWaiting(database.current(), { at })

test('only who is there, takes without being asked, has room and the skills is given something', async () => {
  await online('Away', { presence: 'away' })
  await online('Gone', { seenAt: minutes(-2) })
  await online('Choosy', { autoAccept: false })
  await online('Full', { capacity: 0 })
  await online('Zhongwen', { languages: ['zh'] })
  await online('Refunds', { topics: ['get-refund'] })
  await online('Platinum', { tiers: ['platinum'] })
  await ask({ memberId: 'GOLD', topic: 'track-order' })
  expect(await route()).toEqual([])
  const fits = await online('Fits', { languages: ['en'], topics: ['track-order'], tiers: ['gold'] })
  expect(await route()).toEqual([{ requestId: expect.any(Number), staffId: fits }])
})

test('the longest wait comes first, a higher tier is worth some minutes of it, and the longest idle is given it', async () => {
  const [old, gold, fresh] = [
    await ask({ at: minutes(-9) }),
    await ask({ memberId: 'GOLD', at: minutes(-5) }),
    await ask({ at: minutes(-4) }),
  ]
  const [ana, ben] = [await online('Ana', { capacity: 2 }), await online('Ben', { capacity: 1 })]
  // Gold is two steps of three minutes.
  expect(await route()).toEqual([
    { requestId: gold, staffId: ana },
    { requestId: old, staffId: ben },
    { requestId: fresh, staffId: ana },
  ])
})

test('many processes at once give everything once, and nobody more than they can hold', async () => {
  for (let i = 0; i < 12; i++) await ask()
  for (const name of ['Ana', 'Ben', 'Cai']) await online(name, { capacity: 3 })
  const given = (await Promise.all(Array.from({ length: 6 }, () => route()))).flat()
  expect(new Set(given.map(({ requestId }) => requestId)).size).toBe(given.length)
  const loads = await database.current().sql<{ load: number }>`
    select count(*) as load from handoff_request where status = 'agent' group by staff_id`
  expect(loads.map(({ load }) => load)).toEqual([3, 3, 3])
})

test('a team has its own queue; the next one taken by hand fits as well', async () => {
  const [ana, ben] = [await online('Ana', { team: 'returns' }), await online('Ben', { autoAccept: false })]
  const [own, anybodys] = [await ask({ at: minutes(-9) }), await ask()]
  await database.current().sql`update handoff_request set team = 'returns' where id = ${own}`
  const next = (staffId: number) => database.current().tx((tx) => takeNext(tx, { staffId, role: 'agent' }, { at: AT }))
  expect(await next(ben)).toMatchObject({ ok: true, request: { id: anybodys } })
  expect(await next(ben)).toEqual({ ok: false, code: 'nothing-waiting' })
  expect(await route()).toEqual([{ requestId: own, staffId: ana }])
})

test('whoever lets a member wait loses them, and is not given them again by themselves', async () => {
  const ana = await online('Ana')
  const requestId = await ask()
  await route()
  const silent = { silentMinutes: 5, at: minutes(5) }
  expect(await listSilent(database.current(), { ...silent, at: minutes(4), limit: 9 })).toEqual([])
  expect(await listSilent(database.current(), { ...silent, limit: 9 })).toEqual([requestId])
  const taken = () => database.current().tx((tx) => takeFromSilent(tx, { requestId, ...silent }))
  expect(await taken()).toMatchObject({ status: 'waiting', staffId: null })
  expect(await taken()).toBeUndefined()
  await setPresence(database.current(), { staffId: ana, presence: 'online', at: minutes(5) })
  expect(await route(minutes(5))).toEqual([])
  const ben = await online('Ben', { seenAt: minutes(5) })
  expect(await route(minutes(5))).toEqual([{ requestId, staffId: ben }])
  expect(await markGone(database.current(), { at: minutes(7) })).toEqual([ana, ben])
})

test('the wait is told from what was handled of late, and is unknown while nothing is known', async () => {
  const first = await ask({ at: minutes(-3) })
  const second = await ask({ at: minutes(-2) })
  const wait = (requestId: number | null) => readWait(database.current(), { requestId, at: AT })
  expect(await wait(second)).toEqual({ place: 2, expectedSeconds: null })
  const ana = await online('Ana', { capacity: 1 })
  expect(await wait(first)).toEqual({ place: 1, expectedSeconds: null })
  for (let i = 0; i < 5; i++) {
    const id = await ask({ at: minutes(-100) })
    await database.current().sql`
      update handoff_request set status = 'closed', staff_id = ${ana}, accepted_at = ${minutes(-40)}, closed_at = ${minutes(-30)}
      where id = ${id}`
  }
  expect(await wait(first)).toEqual({ place: 1, expectedSeconds: 0 })
  // Behind the one who is next: half of a conversation of ten minutes.
  expect(await wait(second)).toEqual({ place: 2, expectedSeconds: 300 })
  expect(await wait(null)).toEqual({ place: null, expectedSeconds: 900 })
})

test('who asks again within 48 hours of a close reopens it, ahead of others; later it is a matter of its own', async () => {
  const closed = await ask({ memberId: 'NEW', at: minutes(-100) })
  await database.current().sql`
    update handoff_request set status = 'closed', accepted_at = ${minutes(-99)}, closed_at = ${minutes(-90)}, resolution = 'assumed'
    where id = ${closed}`
  const again = await ask({ memberId: 'NEW' })
  const late = await ask({ memberId: 'NEW', at: minutes(60 * 48) })
  const rows = await database.current().sql`
    select id, reason, reopens_id as "reopensId", resolution, priority from handoff_request where id = any(${[closed, again, late]}) order by id`
  expect(rows).toEqual([
    { id: closed, reason: 'asked', reopensId: null, resolution: 'reopened', priority: 0 },
    { id: again, reason: 'reopened', reopensId: closed, resolution: null, priority: 2 },
    { id: late, reason: 'asked', reopensId: null, resolution: null, priority: 0 },
  ])
})
