import { rmSync } from 'node:fs'

/** Stops the run's PostgreSQL and removes its folder. */
const globalTeardown = async (): Promise<void> => {
  const running = globalThis.testServer
  if (!running) return
  await running.server.stop()
  rmSync(running.folder, { recursive: true, force: true })
}

export default globalTeardown
