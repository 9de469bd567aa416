import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { signMemberToken } from '../../src/core/identity/member-token'
import { useDatabase } from '../support/database'
import { getJson, openSession, postJson, type Session } from './support/direct-line'
import { type RunningApp, startTestApp, TEST_SECRET, testConfig } from './support/test-app'

const { current } = useDatabase()
let app: RunningApp
let aheadMs = 0

beforeAll(async () => {
  app = await startTestApp(current(), { clock: () => new Date(Date.now() + aheadMs) })
  await current().sql`
    insert into source (name, imported_at) values ('test', now()) on conflict do nothing`
  await current().sql`
    insert into tier (code, rank, name_en, name_zh, threshold_minor) values ('test-tier', 99, 'Test', '测试', 0)`
  for (const id of ['M1', 'M2']) {
    await current().sql`
      insert into member (id, source, display_name, joined_at, tier_code, tier_reviewed_at)
      values (${id}, 'test', ${`Member ${id}`}, now(), 'test-tier', now())`
  }
})

beforeEach(() => {
  aheadMs = 0
})

afterAll(() => app.close())

const tokenOf = (
  memberId: string,
  changes: { secret?: string; audience?: string; at?: Date; lifetimeSeconds?: number } = {},
) =>
  signMemberToken({
    memberId,
    secret: new TextEncoder().encode(changes.secret ?? TEST_SECRET),
    audience: changes.audience ?? 'regulars',
    at: changes.at ?? new Date(),
    id: randomUUID(),
    ...(changes.lifetimeSeconds ? { lifetimeSeconds: changes.lifetimeSeconds } : {}),
  })
const session = (body: unknown, url = app.url) => postJson(`${url}/api/webchat/session`, body)

async function whoAmI({ token, conversationId }: Session): Promise<unknown> {
  const url = `${app.url}/v3/directline/conversations/${conversationId}/activities`
  const headers = { authorization: `Bearer ${token}` }
  const posted = await postJson(url, { type: 'message', text: 'who' }, headers)
  const { body } = await getJson(`${url}?watermark=${Number(String(posted.body.id).split('|')[1])}`, headers)
  return (body.activities as { text: string }[])[0]?.text
}

test('without a token of the site one is a stranger', async () => {
  const opened = await openSession(app.url, { locale: 'zh-CN' })
  expect(opened).toMatchObject({
    linked: false,
    resumed: false,
    expiresIn: 1800,
    locale: 'zh-CN',
    userId: expect.stringMatching(/^dl_/),
  })
  expect(await whoAmI(opened)).toBe('a stranger')
  expect((await session({})).status).toBe(200)
})

test('a token of the site makes the chat user its member', async () => {
  const opened = await openSession(app.url, { memberToken: await tokenOf('M1') })
  expect(opened).toMatchObject({ linked: true, resumed: false })
  expect(await whoAmI(opened)).toBe('member M1')
})

test.each([
  ['of another secret', () => tokenOf('M1', { secret: 'x'.repeat(40) }), 'token-signature'],
  ['for another service', () => tokenOf('M1', { audience: 'elsewhere' }), 'token-audience'],
  ['that has expired', () => tokenOf('M1', { at: new Date(Date.now() - 3_600_000) }), 'token-expired'],
  ['that lives too long', () => tokenOf('M1', { lifetimeSeconds: 86_400 }), 'token-too-long-lived'],
  ['of an unknown member', () => tokenOf('M404'), 'unknown-member'],
  ['that is none', async () => 'nonsense', 'token-malformed'],
])('a token %s is refused', async (_what, make, code) => {
  expect(await session({ memberToken: await make() })).toMatchObject({ status: 401, body: { error: { code } } })
})

test('a token of the site is good once', async () => {
  const memberToken = await tokenOf('M1')
  const answers = await Promise.all(Array.from({ length: 6 }, () => session({ memberToken })))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(answers.filter(({ body }) => (body.error as { code?: string })?.code === 'token-used')).toHaveLength(5)
})

test.each([
  ['a list', []],
  ['a number', 7],
  ['a locale that is a number', { locale: 7 }],
  ['an empty token', { memberToken: '' }],
])('%s is malformed', async (_what, body) => {
  expect((await session(body)).status).toBe(400)
})

describe('an earlier token', () => {
  test('resumes its conversation as the same user, still a day after it expired', async () => {
    const first = await openSession(app.url, { memberToken: await tokenOf('M1') })
    aheadMs = 20 * 3_600_000
    const again = await openSession(app.url, { resume: first.token })
    expect(again).toMatchObject({
      conversationId: first.conversationId,
      userId: first.userId,
      linked: true,
      resumed: true,
    })
    expect(await whoAmI(again)).toBe('member M1')
  })

  test.each([
    ['longer ago', (token: string) => token, 25 * 3_600_000],
    ['forged', (token: string) => `${token}x`, 0],
    ['of the site, not ours', () => 'a.b.c', 0],
  ])('%s begins a new conversation instead', async (_what, change, laterMs) => {
    const first = await openSession(app.url)
    aheadMs = laterMs
    const again = await openSession(app.url, { resume: change(first.token) })
    expect(again.resumed).toBe(false)
    expect(again.conversationId).not.toBe(first.conversationId)
    expect(again.userId).not.toBe(first.userId)
  })

  test('is kept when the stranger signs in, and when the same member comes again', async () => {
    const stranger = await openSession(app.url)
    const signedIn = await openSession(app.url, { resume: stranger.token, memberToken: await tokenOf('M1') })
    expect(signedIn).toMatchObject({ conversationId: stranger.conversationId, resumed: true, linked: true })
    const again = await openSession(app.url, { resume: signedIn.token, memberToken: await tokenOf('M1') })
    expect(again.conversationId).toBe(stranger.conversationId)
    expect(await whoAmI(again)).toBe('member M1')
  })

  test("does not show one member's conversation to another", async () => {
    const first = await openSession(app.url, { memberToken: await tokenOf('M1') })
    const second = await openSession(app.url, { resume: first.token, memberToken: await tokenOf('M2') })
    expect(second.resumed).toBe(false)
    expect(second.conversationId).not.toBe(first.conversationId)
    expect(await whoAmI(second)).toBe('member M2')
    expect(await whoAmI(first)).toBe('member M1')
  })

  test("does not show one member's conversation to another after the first unlinked it", async () => {
    const first = await openSession(app.url, { memberToken: await tokenOf('M1') })
    expect(await whoAmI(first)).toBe('member M1')
    await current().sql`delete from channel_identity where user_id = ${first.userId}`
    expect(await whoAmI(first)).toBe('a stranger')
    const second = await openSession(app.url, { resume: first.token, memberToken: await tokenOf('M2') })
    expect(second.conversationId).not.toBe(first.conversationId)
    expect((await openSession(app.url, { resume: first.token })).conversationId).toBe(first.conversationId)
  })
})

test('who left a message finds its chat again on another device, for two weeks, while the chat is theirs', async () => {
  const first = await openSession(app.url, { memberToken: await tokenOf('M2') })
  const { conversationId } = first
  await current().sql`
    insert into handoff_request (channel, conversation_id, member_id, locale, reason, said, status, external_id, requested_at, waiting_since)
    values ('directline', ${conversationId}, 'M2', 'en', 'asked', 'hi', 'waiting', 'left', now(), now())`
  const found = async (memberId: string) => openSession(app.url, { memberToken: await tokenOf(memberId) })
  expect(await found('M2')).toMatchObject({ conversationId, userId: first.userId, resumed: true, linked: true })
  expect((await found('M1')).resumed).toBe(false)
  expect((await openSession(app.url)).resumed).toBe(false)
  const endedDaysAgo = (days: number) => current().sql`
    update handoff_request set status = 'closed', closed_at = now() - make_interval(days => ${days})`
  await endedDaysAgo(13)
  expect(await found('M2')).toMatchObject({ conversationId, resumed: true })
  await endedDaysAgo(15)
  expect((await found('M2')).resumed).toBe(false)
  await endedDaysAgo(1)
  await current().sql`update channel_identity set member_id = 'M1' where user_id = ${first.userId}`
  expect((await found('M2')).resumed).toBe(false)
  await current().sql`delete from handoff_request`
})

test('a site may sign with a key of its own that it publishes, beside the shared secret', async () => {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const keys = createServer(async (_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'site', alg: 'RS256' }] }))
  }).listen(0, '127.0.0.1')
  await once(keys, 'listening')
  const jwksUrl = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/keys`
  const other = await startTestApp(current(), {
    config: { ...testConfig, webChat: { ...testConfig.webChat, jwksUrl } },
  })
  const signed = (alg: string, key: Parameters<SignJWT['sign']>[0]) =>
    new SignJWT()
      .setProtectedHeader({ alg, kid: 'site' })
      .setSubject('M2')
      .setAudience('regulars')
      .setIssuedAt()
      .setExpirationTime('5m')
      .setJti(randomUUID())
      .sign(key)
  expect(await session({ memberToken: await signed('RS256', privateKey) }, other.url)).toMatchObject({
    status: 200,
    body: { linked: true },
  })
  expect((await session({ memberToken: await tokenOf('M1') }, other.url)).status).toBe(200)
  const foreign = await generateKeyPair('RS256')
  expect((await session({ memberToken: await signed('RS256', foreign.privateKey) }, other.url)).status).toBe(401)
  // The published key is no secret: signing with it as if it were one must not pass.
  const published = new TextEncoder().encode(JSON.stringify(await exportJWK(publicKey)))
  expect((await session({ memberToken: await signed('HS256', published) }, other.url)).status).toBe(401)
  await other.close()
  keys.closeAllConnections()
  keys.close()
})

test('one address that opens too many is put off', async () => {
  const other = await startTestApp(current(), { settings: { rates: { session: { burst: 3, perSecond: 0.1 } } } })
  const statuses = []
  for (let count = 0; count < 5; count++) statuses.push((await session({}, other.url)).status)
  expect(statuses).toEqual([200, 200, 200, 429, 429])
  await other.close()
})
