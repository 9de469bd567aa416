import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SetupFailure, say } from './say.mjs'

const HEARTBEAT_MS = 1_000
/** An owner without a heartbeat for this long is dead, or stopped for good. Counted on our own monotonic clock. */
const STALE_MS = 30_000
const POLL_MS = 100

/**
 * Runs `work` while holding a lock folder; waits for another holder. A holder that was killed is noticed by its process
 * being gone (same machine) or by its heartbeat standing still (a container, a reused process id).
 */
export async function withLock(folder, work) {
  const token = await acquire(folder)
  const heartbeat = setInterval(() => beat(folder), HEARTBEAT_MS)
  // Ctrl-C ends us between two steps of no importance to the lock; the next one must not wait for a dead owner.
  const releaseAndLeave = (signal) => {
    release(folder, token)
    process.exit(signal === 'SIGINT' ? 130 : 143)
  }
  process.once('SIGINT', releaseAndLeave).once('SIGTERM', releaseAndLeave)
  try {
    await work()
  } finally {
    clearInterval(heartbeat)
    process.off('SIGINT', releaseAndLeave).off('SIGTERM', releaseAndLeave)
    release(folder, token)
  }
}

async function acquire(folder) {
  const token = randomUUID()
  const seen = { mark: '', since: performance.now() }
  let waiting = false
  while (!take(folder, token)) {
    const owner = look(folder)
    if (owner.mark !== seen.mark) Object.assign(seen, { mark: owner.mark, since: performance.now() })
    const unchangedMs = performance.now() - seen.since
    if (isDead(owner) || unchangedMs > STALE_MS) {
      breakLock(folder, owner)
      continue
    }
    if (!waiting && unchangedMs > 0) {
      waiting = true
      say('another setup is at work here; waiting for it …')
    }
    await sleep(POLL_MS)
  }
  return token
}

function take(folder, token) {
  try {
    mkdirSync(path.dirname(folder), { recursive: true })
    mkdirSync(folder)
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw new SetupFailure(`cannot write to ${path.dirname(folder)} (${error.code}), and there is something to set up`)
  }
  writeFileSync(path.join(folder, 'owner.json'), JSON.stringify({ token, pid: process.pid, host: os.hostname() }))
  return true
}

function look(folder) {
  const file = path.join(folder, 'owner.json')
  try {
    const owner = JSON.parse(readFileSync(file, 'utf8'))
    return { ...owner, mark: `${owner.token} ${statSync(file).mtimeMs}` }
  } catch {
    // Just taken and not yet written, just released, or killed in between: the mark stands still only in the last case.
    return { mark: 'nobody' }
  }
}

function isDead({ pid, host }) {
  if (pid === undefined || host !== os.hostname()) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

/** Takes away the lock of a dead owner. Renamed first, so that of several who try only one gets it. */
function breakLock(folder, owner) {
  const aside = `${folder}-stale-${randomUUID()}`
  try {
    renameSync(folder, aside)
  } catch {
    return // Somebody else was quicker.
  }
  if (look(aside).token !== owner.token) {
    // Between our look and our rename somebody else broke it and took it anew: give it back.
    renameSync(aside, folder)
    return
  }
  rmSync(aside, { recursive: true, force: true })
}

function beat(folder) {
  try {
    const now = new Date()
    utimesSync(path.join(folder, 'owner.json'), now, now)
  } catch {
    // The lock was taken from us while the machine slept; the work goes on, and its results are swapped in whole.
  }
}

function release(folder, token) {
  if (look(folder).token === token) rmSync(folder, { recursive: true, force: true })
}
