import { newUuid, secretBytes } from '../../../src/core/clock'
import { findIdentity, linkIdentity, unlinkIdentity } from '../../../src/core/identity/identity'
import { confirmLinkCode, requestLinkCode } from '../../../src/core/identity/link-code'
import { useDatabase } from '../../support/database'

const database = useDatabase()
const start = new Date('2026-03-01T10:00:00Z')
const minutes = (count: number) => new Date(start.getTime() + count * 60_000)

beforeAll(async () => {
  await database.current().sql`
    insert into member (id, source, display_name, email, joined_at, tier_code, tier_reviewed_at)
    values ('A', 'test', 'Ada', 'Ada@Example.com', ${start}, 'member', ${start}),
           ('B', 'test', null, 'bob@example.com', ${start}, 'member', ${start})`
})

let users = 0
function newUser() {
  users += 1
  return { channel: 'webchat', tenantId: '', userId: `dl_${users}` }
}

async function request(user: ReturnType<typeof newUser>, email: string, at = start) {
  return requestLinkCode(database.current(), { ...user, email, locale: 'en', at, newId: newUuid, secretBytes })
}

async function lastCode(recipient: string): Promise<string> {
  const [mail] = await database.current().sql<{ body: string }>`
    select body from mail where recipient = ${recipient} order by id desc limit 1`
  return /\d{3} \d{3}/.exec(mail!.body)![0]
}

const wrongCode = (code: string) => code.replace(/\d/, (digit) => String((Number(digit) + 1) % 10))

beforeEach(async () => {
  await database.current().sql`delete from link_code`
})

describe('a one-time code', () => {
  it('goes to the address on file, whatever its case, links once and keeps only a hash', async () => {
    const user = newUser()
    expect(await request(user, 'ADA@example.COM')).toEqual({ ok: true })
    const code = await lastCode('Ada@Example.com')
    const [stored] = await database.current().sql<{ row: string }>`select link_code::text as row from link_code`
    expect(stored!.row).not.toContain(code.replace(' ', ''))
    expect(await confirmLinkCode(database.current(), { ...user, code, at: minutes(9) })).toEqual({
      ok: true,
      memberId: 'A',
    })
    expect(await findIdentity(database.current(), user)).toEqual({ memberId: 'A', displayName: 'Ada' })
    expect(await confirmLinkCode(database.current(), { ...user, code, at: minutes(9) })).toEqual({
      ok: false,
      code: 'no-code',
    })
  })

  it('gives an unknown address the same answers, and no link', async () => {
    const [known, unknown] = [newUser(), newUser()]
    expect(await request(known, 'ada@example.com')).toEqual(await request(unknown, 'nobody@example.com'))
    for (let triesLeft = 4; triesLeft >= 1; triesLeft--) {
      const answer = { ok: false, code: 'wrong-code', triesLeft }
      const wrong = wrongCode(await lastCode('Ada@Example.com'))
      expect(await confirmLinkCode(database.current(), { ...known, code: wrong, at: start })).toEqual(answer)
      expect(await confirmLinkCode(database.current(), { ...unknown, code: wrong, at: start })).toEqual(answer)
    }
    expect(await findIdentity(database.current(), unknown)).toBeUndefined()
  })

  it('ends after five wrong tries, even when the right one follows or they come at once', async () => {
    const user = newUser()
    await request(user, 'ada@example.com')
    const code = await lastCode('Ada@Example.com')
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        confirmLinkCode(database.current(), { ...user, code: wrongCode(code), at: start }),
      ),
    )
    expect(answers.filter((answer) => !answer.ok && answer.code === 'wrong-code')).toHaveLength(4)
    expect(await confirmLinkCode(database.current(), { ...user, code, at: start })).toEqual({
      ok: false,
      code: 'too-many-tries',
    })
    expect(await findIdentity(database.current(), user)).toBeUndefined()
  })

  it('ends after ten minutes, and when another is asked for', async () => {
    const user = newUser()
    await request(user, 'ada@example.com')
    const first = await lastCode('Ada@Example.com')
    expect(await confirmLinkCode(database.current(), { ...user, code: first, at: minutes(10) })).toEqual({
      ok: false,
      code: 'code-expired',
    })
    await request(user, 'bob@example.com', minutes(11))
    const second = await lastCode('bob@example.com')
    expect(await confirmLinkCode(database.current(), { ...user, code: second, at: minutes(12) })).toEqual({
      ok: true,
      memberId: 'B',
    })
  })

  it("is of no use to another chat user, and another's request does not end it", async () => {
    const [user, other] = [newUser(), newUser()]
    await request(user, 'ada@example.com')
    const code = await lastCode('Ada@Example.com')
    expect(await confirmLinkCode(database.current(), { ...other, code, at: start })).toEqual({
      ok: false,
      code: 'no-code',
    })
    await request(other, 'bob@example.com')
    expect((await confirmLinkCode(database.current(), { ...user, code, at: start })).ok).toBe(true)
  })

  it('is refused to a chat user after five in an hour, and a member is not flooded by many chat users', async () => {
    const user = newUser()
    for (let i = 0; i < 5; i++) expect(await request(user, 'nobody@example.com')).toEqual({ ok: true })
    expect(await request(user, 'ada@example.com')).toEqual({ ok: false, code: 'too-many-requests' })
    expect(await request(user, 'ada@example.com', minutes(61))).toEqual({ ok: true })

    const countMails = () => database.current().sql<{ n: number }>`
      select count(*)::int as n from mail where recipient = 'bob@example.com'`
    const [before] = await countMails()
    for (let i = 0; i < 8; i++) expect(await request(newUser(), 'bob@example.com')).toEqual({ ok: true })
    const [after] = await countMails()
    expect(after!.n - before!.n).toBe(5)
    // The next hour brings what is left of the day's eight.
    for (let i = 0; i < 8; i++) await request(newUser(), 'bob@example.com', minutes(61))
    const [laterOn] = await countMails()
    expect(laterOn!.n - before!.n).toBe(8)
  })
})

describe('a link', () => {
  it('is replaced, removed, and never made to a member who does not exist', async () => {
    const user = newUser()
    const link = (memberId: string) => linkIdentity(database.current(), { ...user, memberId, by: 'token', at: start })
    expect(await link('X')).toEqual({ ok: false, code: 'unknown-member' })
    expect(await link('A')).toEqual({ ok: true })
    expect(await link('B')).toEqual({ ok: true })
    expect(await findIdentity(database.current(), user)).toEqual({ memberId: 'B' })
    expect(await unlinkIdentity(database.current(), user)).toBe(true)
    expect(await unlinkIdentity(database.current(), user)).toBe(false)
    expect(await findIdentity(database.current(), user)).toBeUndefined()
  })
})
