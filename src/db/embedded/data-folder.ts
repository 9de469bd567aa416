import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { isAlive } from './alive'
import { type Account, type Binaries, SHARED_HOME } from './binaries'

const PASSWORD_FILE = 'regulars-password'

/** The superuser's password of a data folder; undefined where the server trusts every local user (made by other means). */
export function passwordOf(dataDir: string): string | undefined {
  const file = path.join(dataDir, PASSWORD_FILE)
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
}

/** Throws when the data folder is another user's: PostgreSQL would refuse it, and its password cannot be read. */
export function requireOwner(dataDir: string, uid: number | undefined): void {
  // Root starts the server as the folder's owner.
  if (uid === undefined || uid === 0 || !existsSync(dataDir)) return
  const owner = statSync(dataDir).uid
  if (owner === uid) return
  throw new Error(
    `${dataDir} belongs to user ${owner}, and this process runs as user ${uid}; ` +
      'start it as that user, or set REGULARS_DATA_DIR to a folder of your own',
  )
}

/**
 * The real place of a data folder. Where `account` cannot reach the wanted place (root's checkout in /root), the data
 * goes to SHARED_HOME and a link to it stands in the wanted place, so that it is found again and moves with the checkout.
 */
export function placeOf(dataDir: string, account: Account, onNotice: (text: string) => void): string {
  if (existsSync(dataDir)) return realpathSync(dataDir)
  const link = lstatSync(dataDir, { throwIfNoEntry: false })
  // A link whose target is not there yet: a start that was killed before it made the data.
  if (link?.isSymbolicLink()) return realpathOfMissing(dataDir)
  const parent = path.dirname(dataDir)
  if (!existsSync(parent)) {
    mkdirSync(parent, { recursive: true })
    chmodSync(parent, account.uid === undefined ? 0o700 : 0o711)
  }
  if (account.uid === undefined || canReach(parent, account))
    return path.join(realpathSync(parent), path.basename(dataDir))
  const home = path.join(SHARED_HOME, `data-${randomBytes(6).toString('hex')}`)
  mkdirSync(home, { recursive: true })
  for (const folder of [SHARED_HOME, home]) chmodSync(folder, 0o755)
  try {
    symlinkSync(path.join(home, 'postgres'), dataDir)
  } catch (error) {
    // Another process that starts at the same time has chosen a place.
    rmSync(home, { recursive: true })
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return placeOf(dataDir, account, onNotice)
  }
  onNotice(`PostgreSQL may not run as root, and no other user can reach ${parent}; its data is kept in ${home}`)
  return path.join(home, 'postgres')
}

/** Makes the data folder unless it is there. It appears whole or not at all, whoever is killed and however many try. */
export function ensureInitialised(
  binaries: Binaries,
  dataDir: string,
  account: Account,
  settings: Readonly<Record<string, string>>,
): void {
  if (existsSync(dataDir)) {
    if (existsSync(path.join(dataDir, 'PG_VERSION'))) {
      requireSameMajor(binaries, dataDir)
      return
    }
    if (readdirSync(dataDir).length > 0) {
      throw new Error(
        `${dataDir} has files in it and is no PostgreSQL data folder; move it away or name another folder`,
      )
    }
  }
  removeAbandonedDrafts(dataDir)
  const draft = `${dataDir}.new-${process.pid}-${randomBytes(3).toString('hex')}`
  const passwordDraft = `${draft}-password`
  try {
    ownedFolder(draft, account)
    ownedFile(passwordDraft, `${randomBytes(24).toString('base64url')}\n`, account)
    const args = ['-D', draft, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordDraft}`, '-E', 'UTF8']
    // A test's server, which may forget at a power cut, need not wait for the disk.
    const sync = settings.fsync === 'off' ? ['--no-sync'] : []
    const result = spawnSync(binaries.initdb, [...args, '--locale=C', ...sync], { ...account, encoding: 'utf8' })
    if (result.status !== 0) throw initdbFailure(dataDir, (result.stderr ?? '').trim(), result.error)
    renameSync(passwordDraft, path.join(draft, PASSWORD_FILE))
    renameSync(draft, dataDir)
  } catch (error) {
    // Another process that started at the same time was quicker.
    if (!existsSync(path.join(dataDir, 'PG_VERSION'))) throw error
  } finally {
    rmSync(draft, { recursive: true, force: true })
    rmSync(passwordDraft, { force: true })
  }
}

function initdbFailure(dataDir: string, stderr: string, cause: Error | undefined): Error {
  const nameless = stderr.includes('could not look up effective user ID')
  const hint = nameless ? '. PostgreSQL needs a name for its user: add one to /etc/passwd, or set DATABASE_URL' : ''
  return new Error(`initdb for ${dataDir} failed: ${stderr}${hint}`, cause ? { cause } : undefined)
}

function requireSameMajor(binaries: Binaries, dataDir: string): void {
  const major = readFileSync(path.join(dataDir, 'PG_VERSION'), 'utf8').trim()
  if (major === binaries.major) return
  throw new Error(
    `${dataDir} was written by PostgreSQL ${major}, and this version of Regulars brings PostgreSQL ${binaries.major}. ` +
      `Run a PostgreSQL ${major} server on it and set DATABASE_URL, or dump it there and restore it here, ` +
      'or move the folder away to begin with an empty database',
  )
}

function canReach(folder: string, account: Account): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd -- "$0"', folder], { ...account, stdio: 'ignore' }).status === 0
}

function realpathOfMissing(link: string): string {
  const target = path.resolve(path.dirname(link), readlinkSync(link))
  mkdirSync(path.dirname(target), { recursive: true })
  return path.join(realpathSync(path.dirname(target)), path.basename(target))
}

function ownedFolder(folder: string, { uid, gid }: Account): void {
  mkdirSync(folder, { mode: 0o700 })
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid)
}

function ownedFile(file: string, text: string, { uid, gid }: Account): void {
  writeFileSync(file, text, { mode: 0o600, flag: 'wx' })
  if (uid !== undefined && gid !== undefined) chownSync(file, uid, gid)
}

/** What an initdb that was killed left beside the data folder. */
function removeAbandonedDrafts(dataDir: string): void {
  const parent = path.dirname(dataDir)
  const prefix = `${path.basename(dataDir)}.new-`
  for (const name of readdirSync(parent).filter((name) => name.startsWith(prefix))) {
    const owner = Number.parseInt(name.slice(prefix.length), 10)
    if (!isAlive(owner)) rmSync(path.join(parent, name), { recursive: true, force: true })
  }
}
