import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { readStamp, removeStamp, writeStamp } from './fingerprint.mjs'
import { runProgram } from './run.mjs'

/** `npm ci` when node_modules is not what package-lock.json says. */
export function dependenciesStep(root) {
  const stamp = path.join(root, 'node_modules', '.regulars-lock')
  const wanted = () =>
    createHash('sha256')
      .update(lockText(root))
      .update(process.platform + process.arch)
      .digest('hex')
  return {
    doing: 'installing packages (npm ci; the first time takes a minute)',
    done: 'installed packages',
    isDue() {
      if (readStamp(stamp) === wanted()) return false
      // Installed by hand, or the lock changed in a way that node_modules already follows.
      return !isInstalled(root)
    },
    async run() {
      removeStamp(stamp)
      const [command, ...first] = npmCommand()
      // Development packages build the server, so they are needed under NODE_ENV=production too.
      const args = [
        ...first,
        'ci',
        '--include=dev',
        '--include=optional',
        '--no-audit',
        '--no-fund',
        '--loglevel=error',
      ]
      await runProgram('npm ci', command, args, {
        cwd: root,
        shell: process.platform === 'win32' && first.length === 0,
      })
      writeStamp(stamp, wanted())
    },
  }
}

function lockText(root) {
  return readFileSync(path.join(root, 'package-lock.json'), 'utf8')
}

/**
 * Compares the lock with npm's own record of what it put into node_modules. Packages beyond the lock do no harm;
 * optional ones may be absent, being for other platforms.
 */
function isInstalled(root) {
  const record = path.join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(record)) return false
  const locked = JSON.parse(lockText(root)).packages
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages
  return Object.entries(locked).every(([place, wanted]) => {
    if (place === '') return true
    const found = installed[place]
    if (!found) return wanted.optional === true || wanted.devOptional === true || wanted.peer === true
    return found.version === wanted.version && found.integrity === wanted.integrity
  })
}

/** The npm that called us, else the one on the PATH. */
function npmCommand() {
  const caller = process.env.npm_execpath
  if (caller && path.basename(caller).startsWith('npm-cli')) return [process.execPath, caller]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm']
}
