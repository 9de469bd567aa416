import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { isAlive } from '../../src/db/embedded/alive'
import { requireOwner } from '../../src/db/embedded/data-folder'
import { type EmbeddedServer, startEmbeddedServer } from '../../src/db/embedded-server'
import { startChild } from '../support/child-process'
import { useScratchFolder } from '../support/scratch-folder'

const folder = useScratchFolder()
/** PostgreSQL does not run as root, so that its place and its user differ from ours only then. */
const asRoot = process.getuid?.() === 0 ? test : test.skip
const holder = path.join(__dirname, 'embedded-holder.ts')
// What a killed process wrote survives without it; only a power cut needs fsync, and a busy disk makes it slow.
const settings = { fsync: 'off' }
const bySocket = 'select inet_client_addr() is null as by_socket'
const held: EmbeddedServer[] = []
let count = 0

afterEach(async () => {
  for (const server of held.splice(0)) await server.stop()
})

function newDataDir(): string {
  count += 1
  return path.join(folder, `case-${count}`)
}

async function start(dataDir: string, onNotice?: (text: string) => void): Promise<EmbeddedServer> {
  const server = await startEmbeddedServer({ dataDir, settings, ...(onNotice ? { onNotice } : {}) })
  held.push(server)
  return server
}

async function query<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}

function postmasterPid(dataDir: string): number {
  return Number(readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0])
}

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 15_000
  while (!(await what())) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`)
    await sleep(20)
  }
}

describe('the embedded server', () => {
  test('asks for a password that only its owner can read', async () => {
    const dataDir = newDataDir()
    const { port } = await start(dataDir)
    expect(statSync(path.join(dataDir, 'regulars-password')).mode & 0o777).toBe(0o600)
    await expect(query(`postgresql://postgres@127.0.0.1:${port}/postgres`, 'select 1')).rejects.toThrow(/password/)
    await expect(query(`postgresql://postgres:guess@127.0.0.1:${port}/postgres`, 'select 1')).rejects.toThrow(
      /password/,
    )
  })

  test('is spoken to through a socket that only its owner reaches, or its port where the path is too long', async () => {
    const short = await start(newDataDir())
    expect(await query(short.url('postgres'), bySocket)).toEqual([{ by_socket: true }])
    const long = await start(path.join(newDataDir(), 'a-folder-with-a-long-name'.repeat(4), 'postgres'))
    expect(await query(long.url('postgres'), bySocket)).toEqual([{ by_socket: false }])
  })

  test('is not looked for behind a socket that a killed one left', async () => {
    const dataDir = newDataDir()
    const child = startChild(holder, [dataDir])
    const { port } = await child.next<{ port: number }>()
    await child.kill('SIGKILL')
    process.kill(postmasterPid(dataDir), 'SIGKILL')
    const options = { dataDir, settings: { ...settings, unix_socket_directories: '' } }
    const server = await startEmbeddedServer(options)
    held.push(server)
    expect(server.port).toBe(port)
    expect(existsSync(path.join(dataDir, `.s.PGSQL.${port}`))).toBe(true)
    expect(await query(server.url('postgres'), bySocket)).toEqual([{ by_socket: false }])
  })

  test('does without a socket where none can be made, also when it comes back', async () => {
    const dataDir = newDataDir()
    const first = await start(dataDir)
    await first.stop()
    // Stands for a file system that has no sockets.
    mkdirSync(path.join(dataDir, `.s.PGSQL.${first.port}`))
    const notices: string[] = []
    const server = await start(dataDir, (text) => notices.push(text))
    expect(notices).toEqual([expect.stringMatching(/^no socket can be made in /)])
    expect(server.port).toBe(first.port)
    expect(await query(server.url('postgres'), bySocket)).toEqual([{ by_socket: false }])
    process.kill(postmasterPid(dataDir), 'SIGKILL')
    await until(() => notices.some((text) => text.includes('is back')))
    expect(await query(server.url('postgres'), bySocket)).toEqual([{ by_socket: false }])
  })

  test('keeps its data over a stop, and its port', async () => {
    const dataDir = newDataDir()
    const first = await start(dataDir)
    await query(first.url('postgres'), 'create table kept as select 42 as answer')
    await first.stop()
    expect(existsSync(path.join(dataDir, 'postmaster.pid'))).toBe(false)
    const second = await start(dataDir)
    expect(second.port).toBe(first.port)
    expect(await query(second.url('postgres'), 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  test('takes another port when a stranger has its own', async () => {
    const dataDir = newDataDir()
    const first = await start(dataDir)
    await first.stop()
    const stranger = createServer().listen(first.port, '127.0.0.1')
    const second = await start(dataDir)
    expect(second.port).not.toBe(first.port)
    expect(await query(second.url('postgres'), 'select 1 as one')).toEqual([{ one: 1 }])
    stranger.close()
  })

  test('is stopped by the last process that leaves, not by an earlier one', async () => {
    const dataDir = newDataDir()
    const first = await start(dataDir)
    const second = await start(dataDir)
    expect(second.port).toBe(first.port)
    await first.stop()
    expect(await query(second.url('postgres'), 'select 1 as one')).toEqual([{ one: 1 }])
    await second.stop()
    expect(existsSync(path.join(dataDir, 'postmaster.pid'))).toBe(false)
  })

  test('is made once by several processes that start at the same time on nothing', async () => {
    const dataDir = newDataDir()
    const children = [1, 2, 3].map(() => startChild(holder, [dataDir]))
    const said = await Promise.all(children.map((child) => child.next<{ url: string; port: number }>()))
    expect(new Set(said.map(({ url }) => url)).size).toBe(1)
    for (const { url } of said) expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }])
    for (const child of children) child.process.stdin?.end()
    expect(await Promise.all(children.map((child) => child.ended))).toEqual([0, 0, 0])
    await until(() => !existsSync(path.join(dataDir, 'postmaster.pid')))
    expect(readdirSync(folder).filter((name) => name.includes('.new-'))).toEqual([])
  })

  test('that a killed process left behind is joined, and nothing is lost', async () => {
    const dataDir = newDataDir()
    const child = startChild(holder, [dataDir])
    const { url, port } = await child.next<{ url: string; port: number }>()
    await query(url, 'create table kept as select 42 as answer')
    await child.kill('SIGKILL')
    const pid = postmasterPid(dataDir)
    const server = await start(dataDir)
    expect(server.port).toBe(port)
    expect(postmasterPid(dataDir)).toBe(pid)
    expect(await query(server.url('postgres'), 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  test('that was killed itself with its process recovers what it had acknowledged', async () => {
    const dataDir = newDataDir()
    const child = startChild(holder, [dataDir])
    const { url } = await child.next<{ url: string }>()
    await query(url, 'create table kept as select 42 as answer')
    await child.kill('SIGKILL')
    process.kill(postmasterPid(dataDir), 'SIGKILL')
    const server = await start(dataDir)
    expect(await query(server.url('postgres'), 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  test('comes back on the same port when it dies under us', async () => {
    const dataDir = newDataDir()
    const notices: string[] = []
    const server = await start(dataDir, (text) => notices.push(text))
    await query(server.url('postgres'), 'create table kept as select 42 as answer')
    process.kill(postmasterPid(dataDir), 'SIGKILL')
    await until(async () => {
      const rows = await query<{ answer: number }>(server.url('postgres'), 'select answer from kept').catch(() => [])
      return rows[0]?.answer === 42
    })
    await until(() => notices.some((text) => text.includes('is back')))
  })

  test('is not taken for running when its process id went to another program', async () => {
    const dataDir = newDataDir()
    const first = await start(dataDir)
    await first.stop()
    const stranger = spawn('sleep', ['60'])
    for (const claim of ['postmaster.pid', `.s.PGSQL.${first.port}.lock`]) {
      const file = path.join(dataDir, claim)
      writeFileSync(file, `${stranger.pid}\n${dataDir}\n1\n1\n\n127.0.0.1\n\nready\n`, { mode: 0o600 })
      chmodSync(file, 0o644)
    }
    const server = await start(dataDir)
    expect(await query(server.url('postgres'), 'select 1 as one')).toEqual([{ one: 1 }])
    expect(isAlive(stranger.pid ?? 0)).toBe(true)
    stranger.kill()
  })

  test("does not mistake another folder's server for its own", async () => {
    const ours = newDataDir()
    await (await start(ours)).stop()
    const theirs = newDataDir()
    const other = await start(theirs)
    const stale = readFileSync(path.join(theirs, 'postmaster.pid'), 'utf8').split('\n')
    stale[1] = ours
    writeFileSync(path.join(ours, 'postmaster.pid'), stale.join('\n'))
    const server = await start(ours)
    expect(server.port).not.toBe(other.port)
  })

  test('recovers from a set-up that was killed half-way', async () => {
    const dataDir = newDataDir()
    const dead = spawnSync(process.execPath, ['-e', '']).pid
    const draft = `${dataDir}.new-${dead}-abcdef`
    mkdirSync(path.join(draft, 'base'), { recursive: true })
    writeFileSync(path.join(draft, 'PG_VERSION'), '18\n')
    await start(dataDir)
    expect(existsSync(draft)).toBe(false)
  })

  test('says what to do with data of another PostgreSQL version', async () => {
    const dataDir = newDataDir()
    mkdirSync(dataDir)
    writeFileSync(path.join(dataDir, 'PG_VERSION'), '15\n')
    await expect(start(dataDir)).rejects.toThrow(/written by PostgreSQL 15.*brings PostgreSQL 18.*DATABASE_URL/)
  })

  test("says whose data it is when it is another user's", () => {
    const owner = statSync(folder).uid
    expect(() => requireOwner(folder, owner + 1)).toThrow(`belongs to user ${owner}`)
    for (const uid of [owner, 0, undefined]) expect(() => requireOwner(folder, uid)).not.toThrow()
  })

  test('leaves a folder with other things in it alone', async () => {
    const dataDir = newDataDir()
    mkdirSync(dataDir)
    writeFileSync(path.join(dataDir, 'letter.txt'), 'dear reader')
    await expect(start(dataDir)).rejects.toThrow(/letter|no PostgreSQL data folder/)
    expect(readdirSync(dataDir)).toEqual(['letter.txt'])
  })

  test('shows the end of its log when it does not start', async () => {
    const dataDir = newDataDir()
    await expect(
      startEmbeddedServer({ dataDir, settings: { ...settings, shared_buffers: 'nonsense' } }),
    ).rejects.toThrow(/invalid value for parameter "shared_buffers"/)
  })

  asRoot(
    'run by root in a folder that others cannot enter keeps its data where PostgreSQL can, and finds it again',
    async () => {
      const closed = newDataDir()
      mkdirSync(closed, { mode: 0o700 })
      const dataDir = path.join(closed, 'postgres')
      const notices: string[] = []
      const first = await start(dataDir, (text) => notices.push(text))
      const home = path.dirname(realpathSync(dataDir))
      try {
        expect(home).toMatch(/^\/var\/lib\/regulars\/data-\w+$/)
        expect(notices).toEqual([expect.stringContaining(home)])
        await query(first.url('postgres'), 'create table kept as select 42 as answer')
        await first.stop()
        // The checkout is moved to another place.
        const moved = `${closed}-moved`
        renameSync(closed, moved)
        const second = await start(path.join(moved, 'postgres'))
        expect(await query(second.url('postgres'), 'select answer from kept')).toEqual([{ answer: 42 }])
        await second.stop()
      } finally {
        rmSync(home, { recursive: true })
      }
    },
  )
})
