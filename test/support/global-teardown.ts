import { existsSync, rmSync } from 'node:fs'
import path from 'node:path'

/** Stops the run's PostgreSQL and removes its folder. */
const globalTeardown = async (): Promise<void> => {
  const running = globalThis.testServer
  if (!running) return
  await running.server.stop()
  // A process that a test left behind may still use the server; the undertaker then ends it.
  if (!existsSync(path.join(running.folder, 'postgres', 'postmaster.pid'))) {
    rmSync(running.folder, { recursive: true, force: true })
  }
  running.undertaker.stdin?.end()
}

export default globalTeardown
