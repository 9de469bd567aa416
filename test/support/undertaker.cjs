// Waits for the test run that started it to end, and clears up after one that was killed: every PostgreSQL on a data
// folder in the run's folder, then the folder itself.
const { existsSync, readdirSync, readFileSync, readlinkSync, rmSync } = require('node:fs')
const path = require('node:path')
const { setTimeout: sleep } = require('node:timers/promises')

const [folder] = process.argv.slice(2)
/** Data folders lie in the run's folder or in a test file's folder there. */
const DEPTH_MAX = 3

process.stdin.resume().once('close', async () => {
  // More than once, since a server that was just being started, or a child that starts it again, shows a moment later.
  for (let round = 0; round < 4 && existsSync(folder); round++) {
    for (const pid of postmasters(folder, DEPTH_MAX)) end(pid)
    await sleep(500)
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
})

function postmasters(place, depth) {
  const found = []
  for (const entry of readdirSync(place, { withFileTypes: true })) {
    const at = path.join(place, entry.name)
    if (entry.name === 'postmaster.pid') found.push(Number(readFileSync(at, 'utf8').split('\n')[0]))
    else if (entry.isDirectory() && depth > 0) found.push(...postmasters(at, depth - 1))
  }
  return found
}

function end(pid) {
  try {
    // A process id in an old file may be a stranger's by now. A server works in its data folder.
    if (process.platform === 'linux' && !readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)) return
    // SIGQUIT: at once; nothing here needs to be kept.
    process.kill(pid, 'SIGQUIT')
  } catch (error) {
    if (error.code !== 'ESRCH' && error.code !== 'ENOENT') throw error
  }
}
