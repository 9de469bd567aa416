import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { onlineRetailLines } from '../../bench/import-lines'
import { useDatabase } from '../support/database'
import { useScratchFolder } from '../support/scratch-folder'

const root = path.join(__dirname, '../..')
const database = useDatabase()
const folder = useScratchFolder()

/** Starts the real entry, as `npm run regulars` does, in a process of its own. */
function start(line: readonly string[], env: Record<string, string> = {}) {
  const args = ['-r', path.join(root, 'test/support/swc-register.cjs'), path.join(root, 'src/cli/index.ts'), ...line]
  const child = spawn(process.execPath, args, {
    env: { ...process.env, DATABASE_URL: database.current().url, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString()
  })
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stderr }))
  return { child, ended }
}

test('every command is there', async () => {
  const { child, ended } = start(['--help'])
  let help = ''
  child.stdout.on('data', (data: Buffer) => {
    help += data.toString()
  })
  expect(await ended).toMatchObject({ code: 0 })
  for (const command of ['import', 'members', 'verify', 'chat', 'recommend', 'demo'])
    expect(help).toContain(`  ${command}`)
})

test('a reader that goes away ends the command quietly', async () => {
  const { child, ended } = start(['members'])
  child.stdout.destroy()
  const { code, stderr } = await ended
  expect(code).toBe(0)
  expect(stderr).not.toContain('EPIPE')
})

test('a database that is not there is one message', async () => {
  const { ended } = start(['members'], { DATABASE_URL: 'postgresql://postgres@127.0.0.1:1/regulars' })
  const { code, stderr } = await ended
  expect(code).toBe(1)
  expect(stderr).toContain('127.0.0.1:1')
  expect(stderr).not.toContain('    at ')
})

describe('as it was built, which reads a large file in a thread of its own', () => {
  const rows = 30_000
  const orders = Buffer.from([...onlineRetailLines(rows)].join(''))

  function importBuilt(name: string, content: Buffer): Promise<{ stdout: string; stderr: string; failed: boolean }> {
    const file = path.join(folder, name)
    writeFileSync(file, content)
    const line = [path.join(root, 'dist/src/cli/index.js'), 'import', file, '--format', 'online-retail']
    const env = { ...process.env, DATABASE_URL: database.current().url }
    return new Promise((resolve) => {
      execFile(process.execPath, line, { env }, (error, stdout, stderr) => {
        resolve({ stdout, stderr, failed: error !== null })
      })
    })
  }

  test('a file that breaks off leaves nothing, and is said to be damaged', async () => {
    // Not packed any smaller, so that what is left of it is worth a thread.
    const broken = gzipSync(orders, { level: 0 }).subarray(0, orders.length - 1_000)
    const { stderr, failed } = await importBuilt('broken.csv.gz', broken)
    expect({ failed, stack: stderr.includes('    at ') }).toEqual({ failed: true, stack: false })
    expect(stderr).toContain('unexpected end of file')
    const [row] = await database.current().sql<{ count: number }>`select count(*)::int as count from shop_order`
    expect(row?.count).toBe(0)
  })

  test('a whole one is imported to the last line', async () => {
    expect(orders.length).toBeGreaterThan(1_000_000)
    const { stdout } = await importBuilt('orders.csv', orders)
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ rows, refused: 0 })
  })
})
