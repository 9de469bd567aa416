import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { startEmbeddedServer } from '../src/db/embedded-server'
import { migrate } from '../src/db/migrate'
import { type Database, openDatabase } from '../src/db/open'

/** Databases for one benchmark, and what takes them away again. */
export interface Scratch {
  database(options?: { connectionsMax?: number }): Promise<Database>
  remove(): Promise<void>
}

/** Makes servers in temporary folders on demand; `remove` closes, stops and deletes all of them. */
export function openScratch(): Scratch {
  const undo: (() => Promise<void>)[] = []
  return {
    async database({ connectionsMax } = {}) {
      const folder = mkdtempSync(path.join(os.tmpdir(), 'regulars-bench-'))
      // PostgreSQL may run as another user than we do.
      chmodSync(folder, 0o711)
      undo.push(async () => rmSync(folder, { recursive: true, force: true }))
      const server = await startEmbeddedServer({
        dataDir: path.join(folder, 'postgres'),
        settings: { max_connections: '300', shared_buffers: '256MB' },
      })
      undo.push(() => server.stop())
      await migrate(server.url('postgres'), path.join(projectRoot(), 'prisma', 'migrations'))
      const database = openDatabase({ url: server.url('postgres'), connectionsMax })
      undo.push(() => database.close())
      return database
    },
    async remove() {
      const failures: unknown[] = []
      // A step that fails (a pool that the benchmark closed itself) must not leave a server running.
      for (const step of undo.splice(0).reverse()) await step().catch((error: unknown) => failures.push(error))
      if (failures.length > 0) throw new AggregateError(failures, 'the scratch database could not be removed cleanly')
    },
  }
}

/** The folder with package.json: this file runs from bench/ and from dist/bench/. */
export function projectRoot(): string {
  let folder = __dirname
  while (!existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder)
  return folder
}
