import { secretBytes } from '../../../src/core/clock'
import { acceptInvitation, inviteStaff } from '../../../src/core/staff/invitation'
import { changeStaff, type StaffChange } from '../../../src/core/staff/manage'
import { findSession, openSession } from '../../../src/core/staff/session'
import { issueSetUpCode, needsSetUp, setUp } from '../../../src/core/staff/set-up'
import { useDatabase } from '../../support/database'
import { addPerson, cheapHasher, eventsOf, GOOD_PASSWORD } from './people'

const database = useDatabase()
const at = new Date('2026-03-01T10:00:00Z')
const HOUR_MS = 3_600_000
const later = (hours: number) => new Date(at.getTime() + hours * HOUR_MS)

beforeEach(
  () => database.current().sql`truncate staff, staff_event, staff_ticket, staff_session, mail restart identity cascade`,
)

const change = (staffId: number, wanted: StaffChange) =>
  database.current().tx((tx) => changeStaff(tx, { staffId, change: wanted, at }))

describe('administrators', () => {
  const last = { ok: false, code: 'last-administrator' }

  test('the last one can be neither disabled nor given another role', async () => {
    const only = await addPerson(database.current(), { email: 'a@shop.example', role: 'administrator' })
    await addPerson(database.current(), { email: 'm@shop.example', role: 'manager' })
    expect(await change(only, { disabled: true })).toEqual(last)
    expect(await change(only, { role: 'agent' })).toEqual(last)
    expect(await change(only, { displayName: 'Ada', role: 'administrator' })).toEqual({ ok: true })
    expect(await change(99, { disabled: true })).toEqual({ ok: false, code: 'unknown-staff' })
  })

  test('somebody who cannot sign in yet, or any more, does not stand in', async () => {
    const only = await addPerson(database.current(), { email: 'a@shop.example', role: 'administrator' })
    const invited = await addPerson(database.current(), {
      email: 'b@shop.example',
      role: 'administrator',
      password: null,
    })
    const gone = await addPerson(database.current(), { email: 'c@shop.example', role: 'administrator' })
    expect(await change(gone, { disabled: true })).toEqual({ ok: true })
    expect(await change(only, { disabled: true })).toEqual(last)
    expect(await change(invited, { role: 'agent' })).toEqual({ ok: true })
  })

  test('two that send each other away at once: one stays', async () => {
    const ids = [
      await addPerson(database.current(), { email: 'a@shop.example', role: 'administrator' }),
      await addPerson(database.current(), { email: 'b@shop.example', role: 'administrator' }),
    ]
    const results = await Promise.all(ids.map((id) => change(id, { disabled: true })))
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
  })
})

test('another role and being disabled end sessions and invitations; other changes do not', async () => {
  const staffId = await addPerson(database.current(), { email: 'a@shop.example' })
  const fresh = () => openSession(database.current(), { staffId, secretBytes, at })
  const isIn = async (token: string) => (await findSession(database.current(), { token, at })) !== undefined
  let token = await fresh()
  await change(staffId, { capacity: 7, team: 'returns', topics: ['returns'], languages: ['zh'] })
  expect(await findSession(database.current(), { token, at })).toMatchObject({
    capacity: 7,
    team: 'returns',
    topics: ['returns'],
    languages: ['zh'],
    tiers: [],
  })
  await change(staffId, { team: null, role: 'agent' })
  expect(await findSession(database.current(), { token, at })).toMatchObject({ team: null, capacity: 7 })
  await change(staffId, { role: 'supervisor' })
  expect(await isIn(token)).toBe(false)
  token = await fresh()
  const { invitationUrl } = await invite(staffId)
  await change(staffId, { disabled: true })
  expect(await isIn(token)).toBe(false)
  await change(staffId, { disabled: false })
  expect(await isIn(token)).toBe(false)
  expect(await accept(tokenIn(invitationUrl))).toEqual({ ok: false, code: 'ticket-unknown' })
  expect(await eventsOf(database.current(), staffId)).toEqual([
    'added',
    'changed',
    'changed',
    'role-changed',
    'invited',
    'disabled',
    'enabled',
  ])
})

async function invite(staffId: number) {
  const options = { staffId, publicUrl: 'https://bot.shop.example', secretBytes, at }
  const result = await database.current().tx((tx) => inviteStaff(tx, options))
  if (!result.ok) throw new Error(result.code)
  return result
}

const tokenIn = (url: string) => url.split('#invitation=')[1] ?? ''

const accept = (token: string, when = at, password = GOOD_PASSWORD) =>
  acceptInvitation(database.current(), { token, password, hasher: cheapHasher, secretBytes, at: when })

describe('invitations', () => {
  const over = { ok: false, code: 'ticket-unknown' }

  test('are mailed, hold for 72 hours, and work once, also at once', async () => {
    const staffId = await addPerson(database.current(), { email: 'a@shop.example', password: null })
    const { invitationUrl } = await invite(staffId)
    expect(invitationUrl).toMatch(/^https:\/\/bot\.shop\.example\/console#invitation=[\w-]{43}$/)
    const mails = await database.current().sql<{ recipient: string; body: string }>`select recipient, body from mail`
    expect(mails).toEqual([{ recipient: 'a@shop.example', body: expect.stringContaining(invitationUrl) }])
    const token = tokenIn(invitationUrl)
    expect(await accept(token, later(72))).toEqual(over)
    // A bad password uses nothing up.
    expect(await accept(token, at, 'password1234')).toEqual({ ok: false, code: 'password-too-common' })
    const results = await Promise.all([1, 2, 3].map(() => accept(token, later(71))))
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    expect(results.filter(({ ok }) => !ok)).toEqual([over, over])
    expect(await accept(token)).toEqual(over)
    expect(await accept('')).toEqual(over)
  })

  test('a new one ends the one before, and the new password ends pauses and sessions', async () => {
    const staffId = await addPerson(database.current(), { email: 'a@shop.example' })
    const { sql } = database.current()
    await sql`update staff set failed_logins = 9, locked_until = ${later(1)} where id = ${staffId}`
    const session = await openSession(database.current(), { staffId, secretBytes, at })
    const [first, second] = [await invite(staffId), await invite(staffId)]
    expect(await accept(tokenIn(first.invitationUrl))).toEqual(over)
    expect(await accept(tokenIn(second.invitationUrl))).toMatchObject({ ok: true, staffId })
    expect(await findSession(database.current(), { token: session, at })).toBeUndefined()
    expect(await sql`select failed_logins as failures, locked_until as until from staff`).toEqual([
      { failures: 0, until: null },
    ])
  })

  test('a code of another kind is no invitation', async () => {
    const code = await issueSetUpCode(database.current(), { secretBytes, at })
    expect(await accept(code ?? '')).toEqual(over)
  })
})

describe('the first set-up', () => {
  const first = (code: string | undefined, email = 'ada@shop.example', when = at) =>
    setUp(database.current(), {
      code,
      needsCode: true,
      email,
      displayName: 'Ada Obi',
      password: GOOD_PASSWORD,
      locale: 'en',
      hasher: cheapHasher,
      secretBytes,
      at: when,
    })

  test('takes the code, and of two at once one', async () => {
    const code = (await issueSetUpCode(database.current(), { secretBytes, at })) ?? ''
    const other = (await issueSetUpCode(database.current(), { secretBytes, at })) ?? ''
    for (const wrong of [undefined, '', `${code}x`]) {
      expect(await first(wrong)).toEqual({ ok: false, code: 'wrong-code' })
    }
    expect(await first(code, 'ada@shop.example', later(24))).toEqual({ ok: false, code: 'wrong-code' })
    const results = await Promise.all([first(code, 'ada@shop.example'), first(other, 'eve@shop.example')])
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    expect(results).toContainEqual({ ok: false, code: 'set-up-already' })
    const people = await database.current().sql`select role from staff`
    expect(people).toEqual([{ role: 'administrator' }])
    expect(await issueSetUpCode(database.current(), { secretBytes, at })).toBeUndefined()
  })

  test('is needed as long as nobody can sign in', async () => {
    await addPerson(database.current(), { email: 'b@shop.example', password: null })
    expect(await needsSetUp(database.current())).toBe(true)
    const id = await addPerson(database.current(), { email: 'c@shop.example' })
    expect(await needsSetUp(database.current())).toBe(false)
    await database.current().sql`update staff set disabled_at = ${at} where id = ${id}`
    expect(await needsSetUp(database.current())).toBe(true)
  })
})
