import { readMigrations } from './db/migrate'
import type { Database } from './db/open'
import type { Readiness } from './http/api/health'

/** Asks the database for its newest table, unless we are on our way out. */
export function readinessOf({ database, config }: { database: Database; config: { migrationsFolder: string } }): {
  check: Readiness
  drain(): void
} {
  const newest = readMigrations(config.migrationsFolder).at(-1)?.name ?? ''
  let draining = false
  return {
    async check() {
      if (draining) return { ok: false, reason: 'stopping' }
      try {
        const [row] = await database.sql<{ found: boolean }>`
          select exists (
            select from _prisma_migrations where migration_name = ${newest} and finished_at is not null
          ) as found`
        return row?.found ? { ok: true } : { ok: false, reason: `migration ${newest} is missing` }
      } catch {
        return { ok: false, reason: 'the database does not answer' }
      }
    },
    drain() {
      draining = true
    },
  }
}
