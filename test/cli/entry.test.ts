import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { useDatabase } from '../support/database'

const root = path.join(__dirname, '../..')
const database = useDatabase()

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
