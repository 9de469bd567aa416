import type { Role } from '../../../src/core/staff/role'
import type { RunningApp } from '../../bot/support/test-app'
import { addPerson, eventsOf, GOOD_PASSWORD } from '../../core/staff/people'
import { useDatabase } from '../../support/database'
import { Browser, PUBLIC_URL, startConsole } from './client'

const database = useDatabase()
let app: RunningApp

beforeAll(async () => {
  app = await startConsole(database.current())
})
afterAll(() => app.close())
beforeEach(
  () => database.current().sql`truncate staff, staff_event, staff_ticket, staff_session restart identity cascade`,
)

async function signedIn(role: Role, email = `${role}@shop.example`): Promise<Browser> {
  await addPerson(database.current(), { email, role, displayName: `The ${role}` })
  const browser = new Browser(app)
  await browser.post('session', { email, password: GOOD_PASSWORD })
  return browser
}

const refusal = (status: number, code: string) => ({ status, body: { error: { code } } })

test('an administrator adds somebody, who takes the invitation and is in', async () => {
  const administrator = await signedIn('administrator')
  const wanted = {
    email: 'Bo@Shop.example',
    displayName: 'Bo',
    role: 'supervisor',
    locale: 'zh',
    languages: ['zh'],
    capacity: 6,
    team: 'returns',
  }
  const added = await administrator.post('staff', wanted)
  expect(added).toMatchObject({ status: 201, body: { id: expect.any(Number) } })
  const url = String(added.body.invitationUrl)
  expect(url.startsWith(`${PUBLIC_URL}/console#invitation=`)).toBe(true)
  expect(await administrator.post('staff', wanted)).toMatchObject(refusal(409, 'email-taken'))
  const bo = new Browser(app)
  const accept = { token: url.split('=')[1], password: 'nine green kettles', displayName: '阿博' }
  expect(await bo.post('invitation', { ...accept, password: 'short' })).toMatchObject(refusal(422, 'weak-password'))
  expect(await bo.post('invitation', accept)).toMatchObject({
    status: 200,
    body: {
      state: 'signed-in',
      me: {
        email: 'bo@shop.example',
        displayName: '阿博',
        role: 'supervisor',
        languages: ['zh'],
        capacity: 6,
        team: 'returns',
      },
    },
  })
  expect(await new Browser(app).post('invitation', accept)).toMatchObject(refusal(404, 'ticket-unknown'))
  expect(await eventsOf(database.current(), Number(added.body.id))).toEqual([
    'added',
    'changed',
    'invited',
    'invitation-used',
  ])
  const [event] = await database.current().sql<{ actor: number }>`
    select actor_id as actor from staff_event where kind = 'invited'`
  expect(event?.actor).toBe(1)
})

test('the list has all for administrators, and for others who is not disabled', async () => {
  const administrator = await signedIn('administrator')
  const agent = await signedIn('agent')
  const gone = await addPerson(database.current(), { email: 'gone@shop.example', displayName: 'Gone' })
  await database.current().sql`
    update staff set disabled_at = now(), locked_until = '2026-03-01T10:00:00Z' where id = ${gone}`
  const rows = async (browser: Browser) =>
    (await browser.get('staff')).body.staff as { email: string; disabled: boolean; lockedUntil: string | null }[]
  expect((await rows(agent)).map(({ email }) => email)).toEqual(['administrator@shop.example', 'agent@shop.example'])
  const all = await rows(administrator)
  expect(all).toHaveLength(3)
  expect(all.find(({ email }) => email === 'gone@shop.example')).toMatchObject({
    disabled: true,
    lockedUntil: '2026-03-01T10:00:00.000Z',
    load: 0,
  })
  expect(JSON.stringify(all)).not.toMatch(/scrypt|isDisabled/)
})

test('a change takes effect at once', async () => {
  const administrator = await signedIn('administrator')
  const agent = await signedIn('agent')
  const { id } = (await agent.get('session')).body.me as { id: number }
  expect(await administrator.post(`staff/${id}`, { capacity: 9 })).toMatchObject({ status: 204 })
  expect(await agent.get('session')).toMatchObject({ body: { state: 'signed-in', me: { capacity: 9 } } })
  expect(await administrator.post(`staff/${id}`, { disabled: true })).toMatchObject({ status: 204 })
  expect(await agent.get('staff')).toMatchObject(refusal(401, 'signed-out'))
  expect(await administrator.post(`staff/${id}/invitation`)).toMatchObject(refusal(409, 'disabled'))
  const sameOne = { email: 'agent@shop.example', password: GOOD_PASSWORD }
  expect(await new Browser(app).post('session', sameOne)).toMatchObject(refusal(401, 'wrong-credentials'))
  expect(await administrator.post(`staff/${id}`, { disabled: false, role: 'manager' })).toMatchObject({ status: 204 })
  expect(await new Browser(app).post('session', sameOne)).toMatchObject({ body: { me: { role: 'manager' } } })
})

test('what cannot be is refused', async () => {
  const administrator = await signedIn('administrator')
  const post = (path: string, body: object) => administrator.post(path, body)
  expect(await post('staff/1', { disabled: true })).toMatchObject(refusal(409, 'last-administrator'))
  expect(await post('staff/1', { role: 'agent' })).toMatchObject(refusal(409, 'last-administrator'))
  for (const id of ['99', '0', 'x', '1e9', '99999999999999999999']) {
    expect(await post(`staff/${id}`, { capacity: 1 })).toMatchObject(refusal(404, 'unknown-staff'))
    expect(await post(`staff/${id}/invitation`, {})).toMatchObject(refusal(404, 'unknown-staff'))
  }
  for (const bad of [
    { capacity: 51 },
    { capacity: 1.5 },
    { role: 'owner' },
    { languages: ['fr'] },
    { team: '\u0000' },
    { topics: 'all' },
  ]) {
    expect(await post('staff/1', bad)).toMatchObject(refusal(422, 'bad-input'))
  }
  for (const bad of [
    {},
    { email: 'a b@c', displayName: 'A', role: 'agent' },
    { email: 'a@b.c', displayName: ' ', role: 'agent' },
  ]) {
    expect(await post('staff', bad)).toMatchObject(refusal(422, 'bad-input'))
  }
})
