import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Client } from 'pg'

/** The advisory lock that Prisma Migrate takes, so that our runner and `prisma migrate deploy` exclude each other. */
const PRISMA_MIGRATE_LOCK = 72707369

const CREATE_TABLE = `
  create table if not exists _prisma_migrations (
    id varchar(36) primary key not null,
    checksum varchar(64) not null,
    finished_at timestamptz,
    migration_name varchar(255) not null,
    logs text,
    rolled_back_at timestamptz,
    started_at timestamptz not null default now(),
    applied_steps_count integer not null default 0
  )`

interface Migration {
  name: string
  sql: string
  checksum: string
}

/** Reads the migrations of a folder in the order of their names. */
export function readMigrations(folder: string): Migration[] {
  return readdirSync(folder)
    .filter((name) => existsSync(path.join(folder, name, 'migration.sql')))
    .sort()
    .map((name) => {
      const sql = readFileSync(path.join(folder, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })
}

/**
 * Applies what is missing, each migration in its own transaction, and records it as Prisma Migrate does. Safe with
 * several processes at once: the others wait for the lock and then find nothing to do.
 * Throws when an earlier migration failed half-way or an applied one was changed since.
 * @returns the names of the migrations applied by this call
 */
export async function migrate(url: string, folder: string): Promise<string[]> {
  const migrations = readMigrations(folder)
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [PRISMA_MIGRATE_LOCK])
    await client.query(CREATE_TABLE)
    const { rows } = await client.query<{ migration_name: string; checksum: string; finished_at: Date | null }>(
      'select migration_name, checksum, finished_at from _prisma_migrations where rolled_back_at is null',
    )
    const applied = new Map(rows.map((row) => [row.migration_name, row]))
    const missing = migrations.filter((migration) => !isApplied(migration, applied.get(migration.name)))
    for (const migration of missing) await apply(client, migration)
    return missing.map((migration) => migration.name)
  } finally {
    await client.end()
  }
}

function isApplied(migration: Migration, row: { checksum: string; finished_at: Date | null } | undefined): boolean {
  if (!row) return false
  if (!row.finished_at) {
    throw new Error(
      `migration ${migration.name} failed half-way earlier; mend the database, then mark it with "prisma migrate resolve"`,
    )
  }
  if (row.checksum !== migration.checksum) {
    throw new Error(
      `migration ${migration.name} was changed after it was applied: ` +
        `applied ${row.checksum.slice(0, 12)}, now ${migration.checksum.slice(0, 12)}; add a new migration instead`,
    )
  }
  return true
}

async function apply(client: Client, migration: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(migration.sql)
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       values ($1, $2, $3, now(), 1)`,
      [randomUUID(), migration.checksum, migration.name],
    )
    await client.query('commit')
  } catch (cause) {
    await client.query('rollback')
    throw new Error(`migration ${migration.name} failed: ${(cause as Error).message}`, { cause })
  }
}
