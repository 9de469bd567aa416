import { request as httpRequest } from 'node:http'
import { secretBytes, systemClock } from '../../src/core/clock'
import type { Role } from '../../src/core/staff/role'
import { openSession } from '../../src/core/staff/session'
import { type RunningApp, startTestApp, testConfig } from '../bot/support/test-app'
import { addCampaign } from '../core/experiments/campaign-rows'
import { addPerson } from '../core/staff/people'
import { useDatabase } from '../support/database'

const KEY = 'the managers of the test shop know this one'
const { current } = useDatabase()
const apps: RunningApp[] = []

beforeAll(() => addCampaign(current(), { code: 'spring', controlShare: 0.5 }))
afterAll(() => Promise.all(apps.map((app) => app.close())))

async function start(config: Partial<typeof testConfig> = {}): Promise<RunningApp> {
  const app = await startTestApp(current(), { config: { ...testConfig, ...config } })
  apps.push(app)
  return app
}

/** Status and body, with a Host of one's own. */
function get(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: { error?: { code: string } } & Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { headers }, (response) => {
      let text = ''
      response.on('data', (part) => {
        text += part
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }))
    })
    request.on('error', reject)
    request.end()
  })
}

test('the demo shows them to this machine, and to no foreign name that points at it', async () => {
  const { url } = await start()
  expect(await get(`${url}/api/campaigns`)).toMatchObject({ status: 200, body: { campaigns: [{ code: 'spring' }] } })
  expect(await get(`${url}/api/campaigns/spring`)).toMatchObject({ status: 200, body: { code: 'spring', until: null } })
  expect(await get(`${url}/api/campaigns/%00`)).toMatchObject({
    status: 404,
    body: { error: { code: 'unknown-campaign' } },
  })
  const preview = await get(`${url}/api/campaigns/spring/preview`)
  expect(preview).toMatchObject({ status: 200, body: { audience: 0, outOfReach: 0 } })
  const cards = preview.body.cards as { arm: string; locale: string; content: object }[]
  expect(cards.map(({ arm, locale }) => `${arm} ${locale}`)).toEqual(['small en', 'small zh', 'large en', 'large zh'])
  expect(JSON.stringify(cards[0])).toContain('Hello Ada, Kettlewick Tea & Home has 100 points for you.')
  expect(JSON.stringify(cards[3])).toContain('300 积分已存入您的账户')
  expect(await get(`${url}/api/campaigns/nothing/preview`)).toMatchObject({ status: 404 })
  const { body } = await get(`${url}/api/jobs`)
  expect(body.jobs).toContainEqual(expect.objectContaining({ name: 'ledger-audit', runs: [] }))
  expect(await get(`${url}/api/jobs`, { host: 'evil.example' })).toMatchObject({ status: 403 })
})

describe('outside the demo', () => {
  const live = {
    demo: false,
    botApp: { id: '00000000-0000-0000-0000-000000000001', password: 'p', type: 'MultiTenant' as const, tenantId: '' },
  }

  /** The cookie of somebody who is signed in. */
  async function cookieOf(role: Role): Promise<string> {
    const staffId = await addPerson(current(), { email: `${role}@shop.example`, role, password: null })
    return `regulars_staff=${await openSession(current(), { staffId, secretBytes, at: systemClock() })}`
  }

  test('they open to managers who are signed in, and without a key on the server to nobody else', async () => {
    const { url } = await start(live)
    const [supervisor, manager, administrator] = [
      await cookieOf('supervisor'),
      await cookieOf('manager'),
      await cookieOf('administrator'),
    ]
    for (const path of ['/api/campaigns', '/api/campaigns/spring', '/api/jobs']) {
      const nobody: Record<string, string>[] = [
        { authorization: 'Bearer ' },
        { authorization: 'Bearer undefined' },
        { cookie: 'regulars_staff=x' },
      ]
      for (const headers of nobody) {
        expect(await get(url + path, headers)).toMatchObject({ status: 401, body: { error: { code: 'signed-out' } } })
      }
      expect(await get(url + path, { cookie: supervisor })).toMatchObject({
        status: 403,
        body: { error: { code: 'role-needed' } },
      })
      for (const cookie of [manager, administrator]) {
        expect(await get(url + path, { cookie })).toMatchObject({ status: 200 })
        expect((await get(url + path, { cookie, origin: 'https://evil.example' })).status).toBe(403)
      }
    }
    const withKey = await start({ ...live, managerKey: KEY })
    expect((await get(`${withKey.url}/api/jobs`, { cookie: manager })).status).toBe(200)
    expect((await get(`${withKey.url}/api/jobs`, { cookie: supervisor, authorization: `Bearer ${KEY}` })).status).toBe(
      200,
    )
    expect(await get(`${withKey.url}/api/jobs`, { cookie: supervisor })).toMatchObject({
      status: 401,
      body: { error: { code: 'key-needed' } },
    })
  })

  test('they open to the key and to nothing else', async () => {
    const { url } = await start({ ...live, managerKey: KEY })
    const status = async (authorization?: string) =>
      (await get(`${url}/api/campaigns`, authorization === undefined ? {} : { authorization })).status
    expect(await status(`Bearer ${KEY}`)).toBe(200)
    for (const wrong of [
      undefined,
      '',
      'Bearer',
      'Bearer ',
      `Bearer ${KEY}x`,
      `Bearer ${KEY.slice(1)}`,
      `Basic ${KEY}`,
    ]) {
      expect([wrong, await status(wrong)]).toEqual([wrong, 401])
    }
  })
})
