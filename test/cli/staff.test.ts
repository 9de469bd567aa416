import { Readable } from 'node:stream'
import { registerStaff } from '../../src/cli/staff'
import { secretBytes } from '../../src/core/clock'
import { acceptInvitation } from '../../src/core/staff/invitation'
import { createPasswordCheck } from '../../src/core/staff/password-check'
import { openSession } from '../../src/core/staff/session'
import { cheapCost, cheapHasher, eventsOf, GOOD_PASSWORD } from '../core/staff/people'
import { useDatabase } from '../support/database'
import { runCommand, type Said } from './terminal'

const database = useDatabase()
const at = new Date('2026-11-22T12:00:00Z')
const EMAIL = 'ana@shop.example'

beforeEach(
  () => database.current().sql`truncate staff, staff_event, staff_ticket, staff_session, mail restart identity cascade`,
)

/** Runs `staff …`; `typed` is what stdin holds. */
function staff(line: readonly string[], typed = '', { isTTY = false } = {}): Promise<Said> {
  const register = registerStaff({
    publicUrl: () => 'https://bot.shop.example',
    input: Object.assign(Readable.from([typed]), { isTTY }),
    cost: cheapCost,
  })
  return runCommand(['staff', ...line], { registrations: [register], database: database.current(), secretBytes })
}

const add = (email: string, role: string) => staff(['add', email, '--name', 'Ana Pereira', '--role', role])

async function accept(url: string) {
  const token = url.split('#invitation=')[1] ?? ''
  return acceptInvitation(database.current(), { token, password: GOOD_PASSWORD, hasher: cheapHasher, secretBytes, at })
}

test('adds somebody and prints the address of the invitation, which is mailed, too', async () => {
  expect(await staff(['list'])).toMatchObject({
    code: 0,
    json: [{ staff: [] }],
    stderr: expect.stringContaining('nobody yet'),
  })
  const { code, json, stderr } = await add(' Ana@Shop.example', 'administrator')
  const { invitationUrl } = json[0] as { invitationUrl: string }
  expect({ code, json }).toEqual({ code: 0, json: [{ id: 1, email: EMAIL, role: 'administrator', invitationUrl }] })
  expect(stderr).toContain(invitationUrl)
  const [mail] = await database.current().sql<{ body: string }>`select body from mail where recipient = ${EMAIL}`
  expect(mail?.body).toContain(invitationUrl)
  expect(await accept(invitationUrl)).toMatchObject({ ok: true, staffId: 1 })
  const listed = await staff(['list'])
  expect(listed.json).toEqual([
    { staff: [expect.objectContaining({ email: EMAIL, role: 'administrator', hasPassword: true })] },
  ])
  expect(JSON.stringify(listed)).not.toContain('scrypt')
})

test('invites again, disables, enables and gives roles, but keeps an administrator', async () => {
  const first = (await add(EMAIL, 'administrator')).json[0] as { invitationUrl: string }
  const { json, code } = await staff(['invite', 'Ana@shop.example'])
  const { invitationUrl } = json[0] as { invitationUrl: string }
  expect(code).toBe(0)
  expect(await accept(first.invitationUrl)).toMatchObject({ ok: false })
  expect(await accept(invitationUrl)).toMatchObject({ ok: true })
  const kept = { code: 1, json: [], stderr: expect.stringContaining('nobody else could sign in as an administrator') }
  expect(await staff(['disable', EMAIL])).toMatchObject(kept)
  expect(await staff(['role', EMAIL, 'agent'])).toMatchObject(kept)
  await add('bo@shop.example', 'agent')
  expect(await staff(['role', 'bo@shop.example', 'supervisor'])).toMatchObject({
    code: 0,
    json: [{ role: 'supervisor' }],
  })
  expect(await staff(['disable', 'bo@shop.example'])).toMatchObject({ code: 0, json: [{ disabled: true }] })
  expect(await staff(['invite', 'bo@shop.example'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('enable it first'),
  })
  expect(await staff(['enable', 'bo@shop.example'])).toMatchObject({ code: 0, json: [{ disabled: false }] })
  expect(await eventsOf(database.current(), 2)).toEqual(['added', 'invited', 'role-changed', 'disabled', 'enabled'])
})

test('gives a password from the first line of stdin, and ends the sessions', async () => {
  const { invitationUrl } = (await add(EMAIL, 'agent')).json[0] as { invitationUrl: string }
  await openSession(database.current(), { staffId: 1, secretBytes, at })
  expect(await staff(['password', EMAIL], 'password1234\n')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('one of those that are tried first'),
  })
  expect(await staff(['password', EMAIL])).toMatchObject({ code: 1, stderr: expect.stringContaining('at least 12') })
  const given = await staff(['password', EMAIL], `${GOOD_PASSWORD}\nsecond line`)
  expect(given).toMatchObject({ code: 0, json: [{ id: 1, email: EMAIL, hasPassword: true }] })
  expect(JSON.stringify(given)).not.toContain(GOOD_PASSWORD)
  expect(await database.current().sql`select * from staff_session`).toEqual([])
  expect(await accept(invitationUrl)).toMatchObject({ ok: false, code: 'ticket-unknown' })
  const check = createPasswordCheck({ database: database.current(), hasher: cheapHasher })
  expect(await check({ email: EMAIL, password: GOOD_PASSWORD, address: '', at })).toMatchObject({ ok: true })
})

test('asks for the password on a terminal, even where only JSON is wanted', async () => {
  await add(EMAIL, 'agent')
  expect(await staff(['password', EMAIL, '--json'], `${GOOD_PASSWORD}\n`, { isTTY: true })).toEqual({
    code: 0,
    json: [{ id: 1, email: EMAIL, hasPassword: true }],
    stderr: `the new password of ${EMAIL}:\n`,
  })
})

test.each([
  [['add', EMAIL], 2, "required option '--name <name>'"],
  [['add', 'no address', '--name', 'A'], 2, 'Needed: an e-mail address'],
  [['add', EMAIL, '--name', ' '], 2, 'Needed: a name of one line'],
  [
    ['add', EMAIL, '--name', 'A', '--role', 'owner'],
    2,
    'Allowed choices are agent, supervisor, manager, administrator',
  ],
  [['role', EMAIL, 'owner'], 2, 'Allowed choices are agent'],
  [['role', EMAIL, 'agent'], 1, 'nobody has this address'],
  [['invite', EMAIL], 1, 'nobody has this address'],
  [['fire', EMAIL], 2, 'commands: list, add, invite, disable, enable, role, password'],
])('%j ends with %i and says why', async (line, code, message) => {
  const ended = await staff(line)
  expect(ended).toMatchObject({ code, json: [] })
  expect(ended.stderr).toContain(message)
})

test('the same address twice is refused, in any spelling', async () => {
  await add(EMAIL, 'agent')
  expect(await add('ANA@shop.example', 'agent')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('has this address already'),
  })
})
