import { errorWithoutPeople } from '../../src/logger'
import { useDatabase } from '../support/database'

const { current } = useDatabase()

test('an error of the database is logged without the row that it is about', async () => {
  const insert = () => current().sql`
    insert into used_token (id, expires_at) values (${'ana@example.com'}, ${new Date(0)})`
  await insert()
  const error = await insert().catch((reason) => reason)
  expect(JSON.stringify({ ...error })).toContain('ana@example.com')
  const logged = errorWithoutPeople(error)
  expect(logged).toMatchObject({ type: 'DatabaseError', code: '23505', constraint: 'used_token_pkey' })
  expect(JSON.stringify(logged)).not.toContain('ana@example.com')
})

test('an error keeps where it happened and what caused it, but no addresses', () => {
  const cause = new TypeError('no member has ana.b+c@mail.example.com')
  const logged = errorWithoutPeople(new Error('not sent', { cause })) as { stack: string }
  expect(logged).toMatchObject({
    type: 'Error',
    message: 'not sent',
    cause: { type: 'TypeError', message: 'no member has (an address)' },
  })
  expect(logged.stack).toContain('logger.test.ts')
  expect(JSON.stringify(logged)).not.toContain('ana.b')
})

test.each([['a text that names ana@example.com'], [undefined], [null], [{ email: 'ana@example.com' }]])(
  'what is no error (%j) tells only of what kind it is',
  (thrown) => {
    expect(JSON.stringify(errorWithoutPeople(thrown))).not.toContain('ana')
  },
)
