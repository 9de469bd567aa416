import { endedCookie, sessionCookie } from '../../../src/http/api/console/session-cookie'
import { type RunningApp, startTestApp, testConfig } from '../../bot/support/test-app'
import { useDatabase } from '../../support/database'

const database = useDatabase()
let app: RunningApp

beforeAll(async () => {
  app = await startTestApp(database.current(), { config: { ...testConfig, consoleInTeams: true } })
})
afterAll(() => app.close())

test('in a tab of Teams the session is a cookie of that frame alone; elsewhere it is for our own pages', () => {
  expect(sessionCookie('t', { demo: false, inTeams: true })).toMatch(/; HttpOnly; SameSite=None; Partitioned; Secure$/)
  expect(endedCookie({ demo: false, inTeams: true })).toMatch(
    /Max-Age=0; HttpOnly; SameSite=None; Partitioned; Secure$/,
  )
  expect(sessionCookie('t', { demo: false, inTeams: false })).toMatch(/; HttpOnly; SameSite=Strict; Secure$/)
  // A browser takes no such cookie without https, which the demo does not have.
  expect(sessionCookie('t', { demo: true, inTeams: true })).toMatch(/; HttpOnly; SameSite=Strict$/)
})

test('Teams may frame the console where that is set, and nothing else of ours', async () => {
  const policy = async (path: string) => (await fetch(`${app.url}${path}`)).headers.get('content-security-policy')
  expect(await policy('/console')).toMatch(/frame-ancestors 'self' https:\/\/teams\.microsoft\.com /)
  expect(await policy('/mailbox')).toMatch(/frame-ancestors 'self'$/)
})
