import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { messageActivity, postActivity } from '../bot/support/activity'
import { startLoopbackConnector } from '../bot/support/loopback-connector'
import { useDatabase } from '../support/database'
import { useScratchFolder } from '../support/scratch-folder'
import { addMember, setUpShop } from '../support/shop'

jest.setTimeout(60_000)

const { current } = useDatabase()
const folder = useScratchFolder()
const children = new Set<ChildProcess>()

beforeAll(async () => {
  // Somebody is there, so that no demo shop is loaded.
  await setUpShop(current())
  await addMember(current(), { id: 'M1' })
})

afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
})

/** Starts the program as npm start does, over our database. */
function startMain(env: Record<string, string>) {
  const root = path.join(__dirname, '../..')
  const hook = path.join(root, 'test/support/swc-register.cjs')
  const child = spawn(process.execPath, ['-r', hook, path.join(root, 'src/main.ts')], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: current().url,
      REGULARS_DATA_DIR: folder,
      HOST: '127.0.0.1',
      PORT: '0',
      REGULARS_DEMO: 'true',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.add(child)
  let said = ''
  let logged = ''
  child.stderr.on('data', (data) => {
    said += data
  })
  child.stdout.on('data', (data) => {
    logged += data
  })
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  return {
    child,
    ended,
    said: () => said,
    logged: () => logged,
    async url() {
      while (!/localhost:\d+/.test(said)) {
        if (child.exitCode !== null) throw new Error(`main ended with ${child.exitCode}: ${said}`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      return `http://127.0.0.1:${/localhost:(\d+)/.exec(said)?.[1]}`
    },
  }
}

test('it serves, finishes what it was asked when it is told to stop, and says so', async () => {
  const connector = await startLoopbackConnector()
  const main = startMain({})
  const url = await main.url()
  expect((await fetch(`${url}/ready`)).status).toBe(200)
  const session = await (await fetch(`${url}/api/console/session`)).json()
  expect(session).toMatchObject({
    state: 'signed-out',
    demoAccounts: [{ role: 'agent' }, {}, {}, { role: 'administrator' }],
  })
  const activities = Array.from({ length: 10 }, () =>
    messageActivity(connector.serviceUrl, 'hello, my name is Ana Secret, ana@example.com', {}),
  )
  const answers = activities.map((activity) => postActivity(url, activity))
  await connector.has(1)
  main.child.kill('SIGTERM')
  expect(await main.ended).toBe(0)
  expect(main.said()).toContain('SIGTERM')
  const statuses = (await Promise.allSettled(answers)).map((answer) =>
    answer.status === 'fulfilled' ? answer.value.status : 'cut off',
  )
  const taken = statuses.filter((status) => status === 200)
  // Each that was taken was answered; the others the channel sends again.
  expect(taken.length).toBeGreaterThan(0)
  // Ten in a second are more than Teams takes in one conversation: what is left then waits for its time, and is not lost.
  const left = await current().sql`select status from outbox where status not in ('sent', 'pending')`
  expect(left).toEqual([])
  await connector.close()
  expect(main.logged()).toContain('"turn":"answered"')
  for (const secret of ['Ana', 'ana@example.com', '29:user', 'M1']) expect(main.logged()).not.toContain(secret)
})

const guid = '00000000-0000-0000-0000-000000000001'
const live = {
  REGULARS_DEMO: 'false',
  MICROSOFT_APP_ID: guid,
  MICROSOFT_APP_TENANT_ID: guid,
  MICROSOFT_APP_PASSWORD: 'pw',
  REGULARS_DIRECTLINE_SECRET: 'a secret of thirty-two characters',
  REGULARS_WEBCHAT_SECRET: 'a secret of thirty-two characters',
  REGULARS_PUBLIC_URL: 'https://bot.shop.example',
  SMTP_URL: 'smtp://127.0.0.1:9',
  MAIL_FROM: 'service@shop.example',
  REGULARS_JOBS: 'false',
}

test('outside the demo it prints the code for the first account, which is not logged', async () => {
  const main = startMain(live)
  const code = () => /https:\/\/bot\.shop\.example\/console with the code ([\w-]{43})/.exec(main.said())?.[1]
  while (!code() && main.child.exitCode === null) await once(main.child.stderr, 'data')
  const port = /listening on 127\.0\.0\.1:(\d+)/.exec(main.said())?.[1]
  const answered = await fetch(`http://127.0.0.1:${port}/api/console/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      code: code(),
      email: 'ada@shop.example',
      displayName: 'Ada',
      password: 'nine green kettles',
      locale: 'en',
    }),
  })
  expect(answered.status).toBe(200)
  main.child.kill('SIGTERM')
  expect(await main.ended).toBe(0)
  expect(main.logged()).not.toContain(code())
})

test('a port that is taken is told in words', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const main = startMain({ PORT: String(port) })
  expect(await main.ended).toBe(1)
  expect(main.said()).toContain(`port ${port} is taken`)
  expect(main.said()).not.toMatch(/\n {4}at /)
  other.close()
})

test.each([
  ['of another machine', '192.0.2.1'],
  ['of nobody', 'nowhere.invalid'],
])('an address %s is told in words', async (_whose, host) => {
  const main = startMain({ ...live, HOST: host })
  expect(await main.ended).toBe(1)
  expect(main.said()).toContain(`"${host}" is no address of this machine`)
  expect(main.said()).not.toMatch(/\n {4}at /)
})

test('settings that are wrong are told in words', async () => {
  const main = startMain({ PORT: 'many' })
  expect(await main.ended).toBe(1)
  expect(main.said()).toContain('PORT "many" is not a whole number')
})

test('a database that is away is told in words', async () => {
  const main = startMain({ DATABASE_URL: 'postgresql://nobody:pw@127.0.0.1:9/none' })
  expect(await main.ended).toBe(1)
  expect(main.said()).toContain('is the server running?')
  expect(main.said()).not.toContain('pw')
})
