import { registerPrivacy } from '../../src/cli/privacy'
import { useDatabase } from '../support/database'
import { addMember, setUpShop } from '../support/shop'
import { runCommand } from './terminal'

const database = useDatabase()

const privacy = (...line: string[]) =>
  runCommand(['privacy', ...line], { registrations: [registerPrivacy], database: database.current() })

const names = () => database.current().sql`select id, display_name as name from member`

beforeAll(async () => {
  await setUpShop(database.current())
  await addMember(database.current(), { id: 'M1', email: 'm1@shop.example' })
})

test('without --yes it tells what would go; with it the member is gone, and again nothing is left to go', async () => {
  const tried = await privacy('erase', 'M1')
  expect(tried).toMatchObject({
    code: 0,
    json: [{ memberId: 'M1', erased: false, wasErased: false, erasedAt: null, forgotten: { profiles: 1 } }],
    stderr: expect.stringContaining('nothing was changed; --yes does it'),
  })
  expect(await names()).toEqual([{ id: 'M1', name: 'Member M1' }])
  const erasedAt = '2026-11-22T12:00:00.000Z'
  expect((await privacy('erase', 'M1', '--yes')).json).toMatchObject([
    { memberId: 'M1', erased: true, wasErased: false, erasedAt, forgotten: { profiles: 1 } },
  ])
  expect(await names()).toEqual([{ id: 'M1', name: null }])
  expect(await privacy('erase', 'M1', '--yes')).toMatchObject({
    json: [{ wasErased: true, forgotten: { profiles: 0 } }],
    stderr: expect.stringContaining(`was erased already, at ${erasedAt}`),
  })
})

test('an unknown member is refused, and says so', async () => {
  expect(await privacy('erase', 'M9', '--yes')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('there is no member "M9"'),
  })
  expect((await privacy('erase')).code).toBe(2)
})
