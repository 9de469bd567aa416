import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const root = path.join(__dirname, '../..')

/** What a run of setup did. */
export interface SetupRun {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A small checkout with our scripts, real TypeScript, and stand-ins for npm, Prisma and Vite that count their runs. */
export interface Checkout {
  readonly folder: string
  write(file: string, text: string): void
  remove(file: string): void
  read(file: string): string
  has(file: string): boolean
  setup(): Promise<SetupRun>
  /** How often a stand-in ran. */
  runs(name: 'npm' | 'prisma' | 'vite'): number
}

const lock = {
  packages: { '': { name: 'sample' }, 'node_modules/typescript': { version: '7.0.0', integrity: 'sha512-a' } },
}

const buildSettings = {
  compilerOptions: {
    target: 'es2023',
    module: 'node20',
    moduleResolution: 'node16',
    strict: true,
    rootDir: '.',
    types: [],
  },
  include: ['src', 'dialogs'],
  exclude: ['src/web'],
}

/** A stand-in program: counts, waits a little (so that two at once would overlap), then does its own part. */
function standIn(name: string, body: string): string {
  return `const fs = require('node:fs'); fs.appendFileSync(${JSON.stringify(name)} + '.runs', 'x')
console.log('${name} talks on stdout')
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
${body}\n`
}

const npm = standIn(
  'npm',
  `if (process.argv[2] !== 'ci') process.exit(2)
if (fs.existsSync('npm-fails')) process.exit(7)
fs.mkdirSync('node_modules', { recursive: true })
fs.cpSync('package-lock.json', 'node_modules/.package-lock.json')`,
)
const prisma = standIn(
  'prisma',
  `fs.mkdirSync('src/db/generated', { recursive: true })
fs.writeFileSync('src/db/generated/client.ts', 'export const schema = ' + JSON.stringify(fs.readFileSync('prisma/schema.prisma', 'utf8')) + '\\n')`,
)
const vite = standIn(
  'vite',
  `fs.mkdirSync('dist/web', { recursive: true }); fs.writeFileSync('dist/web/index.html', '<p>page</p>')`,
)

/** Makes one in `folder`, where nothing is set up yet. */
export function makeCheckout(folder: string): Checkout {
  const checkout = checkoutAt(folder)
  const { write } = checkout
  const at = (file: string) => path.join(folder, file)
  cpSync(path.join(root, 'scripts'), at('scripts'), { recursive: true })
  write('package.json', '{"name":"sample"}')
  write('package-lock.json', JSON.stringify(lock))
  write('tsconfig.json', JSON.stringify(buildSettings))
  write('tsconfig.build.json', JSON.stringify(buildSettings))
  write('prisma.config.ts', '')
  write('prisma/schema.prisma', 'model One {}')
  write('src/main.ts', 'export const answer: number = 42\n')
  write('dialogs/help/dialog.ts', 'export const title: string = "help"\n')
  write('dialogs/help/page.en.md', '# Help\n')
  mkdirSync(at('node_modules'))
  symlinkSync(path.join(root, 'node_modules', 'typescript'), at('node_modules/typescript'))
  write('node_modules/prisma/build/index.js', prisma)
  write('node_modules/prisma/package.json', '{"version":"7.10.0"}')
  write('node_modules/vite/bin/vite.js', vite)
  write('npm-cli.js', npm)
  return checkout
}

/** Copies one as it stands, set up or not. */
export function copyCheckout({ folder: from }: Checkout, folder: string): Checkout {
  cpSync(from, folder, { recursive: true, verbatimSymlinks: true })
  return checkoutAt(folder)
}

function checkoutAt(folder: string): Checkout {
  const at = (file: string) => path.join(folder, file)
  return {
    folder,
    write(file, text) {
      mkdirSync(path.dirname(at(file)), { recursive: true })
      writeFileSync(at(file), text)
    },
    remove: (file) => rmSync(at(file), { recursive: true }),
    read: (file) => readFileSync(at(file), 'utf8'),
    has: (file) => existsSync(at(file)),
    setup: () => runSetup(folder),
    runs: (name) => (existsSync(at(`${name}.runs`)) ? readFileSync(at(`${name}.runs`), 'utf8').length : 0),
  }
}

function runSetup(folder: string): Promise<SetupRun> {
  return new Promise((resolve) => {
    const env = { ...process.env, npm_execpath: path.join(folder, 'npm-cli.js') }
    const child = spawn(process.execPath, [path.join(folder, 'scripts/setup.mjs')], { env })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString()
    })
    child.stderr.on('data', (data: Buffer) => {
      stderr += data.toString()
    })
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
}
