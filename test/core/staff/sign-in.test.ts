import { secretBytes } from '../../../src/core/clock'
import { createPasswordCheck } from '../../../src/core/staff/password-check'
import { createPasswordHasher, TooManyHashes } from '../../../src/core/staff/password-hash'
import { endSession, endSessions, findSession, openSession } from '../../../src/core/staff/session'
import { type SignInTools, signIn } from '../../../src/core/staff/sign-in'
import { useDatabase } from '../../support/database'
import { addPerson, cheapHasher, eventsOf, GOOD_PASSWORD } from './people'

const database = useDatabase()
const start = new Date('2026-03-01T10:00:00Z')
const after = (seconds: number) => new Date(start.getTime() + seconds * 1_000)
const HOUR = 3_600

let tools: SignInTools
beforeEach(() => {
  const check = createPasswordCheck({ database: database.current(), hasher: cheapHasher })
  tools = { check, hasher: cheapHasher, secretBytes }
})

const tryIn = (email: string, password: string, at = start) =>
  signIn(database.current(), tools, { email, password, at, address: '192.0.2.1' })

describe('guessing', () => {
  test('after five failures it pauses, longer each time, and even the right password waits', async () => {
    const id = await addPerson(database.current(), { email: 'guessed@shop.example' })
    const wrong = { ok: false, code: 'wrong-credentials' }
    for (let guess = 0; guess < 5; guess++) expect(await tryIn('guessed@shop.example', 'wrong')).toEqual(wrong)
    let at = 0
    for (const pause of [30, 60, 120, 240, 480, 960, 1920, HOUR, HOUR]) {
      expect(await tryIn('guessed@shop.example', GOOD_PASSWORD, after(at + pause - 1))).toEqual(wrong)
      at += pause
      expect(await tryIn('guessed@shop.example', 'wrong', after(at))).toEqual(wrong)
    }
    expect(await tryIn('guessed@shop.example', GOOD_PASSWORD, after(at + HOUR))).toMatchObject({
      ok: true,
      staffId: id,
    })
    // It starts anew.
    for (let guess = 0; guess < 4; guess++) await tryIn('guessed@shop.example', 'wrong', after(at + HOUR))
    expect(await tryIn('guessed@shop.example', GOOD_PASSWORD, after(at + HOUR))).toMatchObject({ ok: true })
    const events = await eventsOf(database.current(), id)
    expect(events.filter((kind) => kind === 'locked')).toHaveLength(10)
    expect(events.filter((kind) => kind === 'signed-in')).toHaveLength(2)
  })

  test('a hundred guesses at once get five looks', async () => {
    const email = 'hundred@shop.example'
    await addPerson(database.current(), { email })
    const looks: (string | null)[] = []
    const hasher: typeof cheapHasher = {
      ...cheapHasher,
      verify(password, hash) {
        looks.push(hash)
        return cheapHasher.verify(password, hash)
      },
    }
    // Two processes, each with its own order.
    const checks = [1, 2].map(() => createPasswordCheck({ database: database.current(), hasher }))
    const guesses = Array.from({ length: 100 }, (_, index) =>
      checks[index % 2]!({ email, password: `guess ${index}`, address: '192.0.2.1', at: start }),
    )
    for (const result of await Promise.all(guesses)) expect(result).toMatchObject({ ok: false })
    expect(looks.filter((hash) => hash !== null)).toHaveLength(5)
  })

  test('ten of the right password at once all get in', async () => {
    await addPerson(database.current(), { email: 'ten@shop.example' })
    const results = await Promise.all(Array.from({ length: 10 }, () => tryIn('Ten@Shop.example ', GOOD_PASSWORD)))
    expect(results.every(({ ok }) => ok)).toBe(true)
    expect(new Set(results.map((result) => (result.ok ? result.token : ''))).size).toBe(10)
  })

  test('where hashes are refused nothing is counted', async () => {
    const email = 'flooded@shop.example'
    await addPerson(database.current(), { email })
    const hasher = { ...cheapHasher, verify: () => Promise.reject(new TooManyHashes('full')) }
    const check = createPasswordCheck({ database: database.current(), hasher })
    for (let count = 0; count < 6; count++)
      await expect(check({ email, password: 'x', address: '', at: start })).rejects.toThrow(TooManyHashes)
    expect(await tryIn(email, GOOD_PASSWORD)).toMatchObject({ ok: true })
  })
})

describe('who is not let in', () => {
  test('unknown, disabled and without a password look alike, and cost one hash each', async () => {
    const { sql } = database.current()
    await addPerson(database.current(), { email: 'disabled@shop.example' })
    await sql`update staff set disabled_at = ${start} where email = 'disabled@shop.example'`
    await addPerson(database.current(), { email: 'invited@shop.example', password: null })
    let hashes = 0
    const hasher: typeof cheapHasher = {
      ...cheapHasher,
      verify(password, hash) {
        hashes += 1
        return cheapHasher.verify(password, hash)
      },
    }
    const check = createPasswordCheck({ database: database.current(), hasher })
    for (const email of ['nobody@shop.example', 'disabled@shop.example', 'invited@shop.example', '']) {
      for (const password of [GOOD_PASSWORD, '']) {
        const result = await check({ email, password, address: '192.0.2.1', at: start })
        expect([email, result]).toEqual([email, { ok: false, code: 'wrong-credentials' }])
      }
    }
    expect(hashes).toBe(8)
    expect(await eventsOf(database.current(), null)).toEqual(Array(4).fill('sign-in-failed'))
  })

  test('an unknown address takes as long as a wrong password', async () => {
    // Costly enough to be seen beside the database.
    const hasher = createPasswordHasher({ secretBytes, cost: { log2N: 14, r: 8, p: 1 } })
    const email = 'timed@shop.example'
    const id = await addPerson(database.current(), { email })
    const hash = await hasher.hash(GOOD_PASSWORD)
    await database.current().sql`update staff set password_hash = ${hash} where id = ${id}`
    const check = createPasswordCheck({ database: database.current(), hasher })
    const took = async (tried: string) => {
      const startedAt = performance.now()
      await check({ email: tried, password: 'wrong', address: '', at: start })
      return performance.now() - startedAt
    }
    const [known, unknown]: [number[], number[]] = [[], []]
    for (let round = 0; round < 4; round++) {
      known.push(await took(email))
      unknown.push(await took('nobody@shop.example'))
    }
    // The fastest of each: whatever else the machine did only adds.
    const ratio = Math.min(...unknown) / Math.min(...known)
    expect(ratio).toBeGreaterThan(0.5)
    expect(ratio).toBeLessThan(2)
  })

  test('a hash of another cost is made anew at the next sign-in', async () => {
    const email = 'dated@shop.example'
    const id = await addPerson(database.current(), { email })
    const { sql } = database.current()
    const hasher = createPasswordHasher({ secretBytes, cost: { log2N: 5, r: 8, p: 1 } })
    const check = createPasswordCheck({ database: database.current(), hasher })
    const options = { email, password: GOOD_PASSWORD, address: '', at: start }
    expect(await signIn(database.current(), { check, hasher, secretBytes }, options)).toMatchObject({ ok: true })
    const [row] = await sql<{ hash: string }>`select password_hash as hash from staff where id = ${id}`
    expect(row?.hash).toContain('ln=5')
    expect(await tryIn(email, GOOD_PASSWORD)).toMatchObject({ ok: true })
  })
})

describe('sessions', () => {
  async function open(email: string) {
    const staffId = await addPerson(database.current(), { email })
    return { staffId, token: await openSession(database.current(), { staffId, secretBytes, at: start }) }
  }
  const find = (token: string, seconds: number) => findSession(database.current(), { token, at: after(seconds) })

  test('end after 12 hours without a request', async () => {
    const { token, staffId } = await open('idle@shop.example')
    expect(await find(token, 11 * HOUR)).toMatchObject({ id: staffId })
    expect(await find(token, 22 * HOUR)).toMatchObject({ id: staffId })
    expect(await find(token, 34 * HOUR)).toBeUndefined()
  })

  test('end after 7 days, whatever happens', async () => {
    const { token } = await open('week@shop.example')
    for (let hours = 6; hours < 7 * 24; hours += 6) expect(await find(token, hours * HOUR)).toBeDefined()
    expect(await find(token, 7 * 24 * HOUR)).toBeUndefined()
  })

  test('are kept as hashes only', async () => {
    const { token } = await open('hashed@shop.example')
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    const rows = await database.current().sql`select * from staff_session`
    expect(JSON.stringify(rows)).not.toContain(token)
    expect(
      rows.some((row) =>
        Object.values(row).some((value) => Buffer.isBuffer(value) && value.toString('base64url') === token),
      ),
    ).toBe(false)
    expect(await find('', 0)).toBeUndefined()
    expect(await find('never made', 0)).toBeUndefined()
  })

  test('who has none left is offline', async () => {
    const { token, staffId } = await open('leaving@shop.example')
    const { sql } = database.current()
    const other = await openSession(database.current(), { staffId, secretBytes, at: start })
    await sql`update staff set presence = 'online' where id = ${staffId}`
    await endSession(database.current(), { token })
    expect(await find(token, 0)).toBeUndefined()
    expect(await find(other, 0)).toMatchObject({ presence: 'online' })
    await endSessions(database.current(), { staffId })
    expect(await find(other, 0)).toBeUndefined()
    expect(await sql`select presence from staff where id = ${staffId}`).toEqual([{ presence: 'offline' }])
  })
})
