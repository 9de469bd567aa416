import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Client } from 'pg'
import type { Database } from '../../src/db/open'
import { type DatabaseSettings, DatabaseUnavailable, openConfiguredDatabase } from '../../src/db/open-configured'
import { useScratchFolder } from '../support/scratch-folder'

const folder = useScratchFolder()
const migrationsFolder = path.join(__dirname, '../../prisma/migrations')
const names: string[] = []

afterAll(async () => {
  const client = new Client({ connectionString: process.env.REGULARS_TEST_SERVER })
  await client.connect()
  for (const name of names) await client.query(`drop database if exists ${name} with (force)`)
  await client.end()
})

/** Settings for a database that is not there yet, on the run's server. */
function onTestServer(change: (url: URL) => void = () => undefined): DatabaseSettings {
  const name = `c_${randomBytes(6).toString('hex')}`
  names.push(name)
  const url = new URL(process.env.REGULARS_TEST_SERVER ?? '')
  url.pathname = `/${name}`
  change(url)
  return { databaseUrl: url.toString(), databaseConnectionsMax: 2, dataDir: folder, migrationsFolder }
}

async function using<T>(settings: DatabaseSettings, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openConfiguredDatabase(settings)
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

async function refusalOf(settings: DatabaseSettings): Promise<string> {
  const error = await using(settings, async () => undefined).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(DatabaseUnavailable)
  return (error as Error).message
}

const countMembers = (database: Database) => database.sql<{ count: number }>`select count(*) from member`

describe('the configured database', () => {
  test('is made and migrated when it is missing, and then found', async () => {
    const settings = onTestServer()
    await using(settings, async (database) => {
      expect(await countMembers(database)).toEqual([{ count: 0 }])
      await database.sql`create table kept as select 42 as answer`
    })
    await using(settings, async (database) => {
      expect(await database.sql`select answer from kept`).toEqual([{ answer: 42 }])
    })
  })

  test('is made once by several that start at the same time', async () => {
    const settings = onTestServer()
    const databases = await Promise.all([1, 2, 3, 4].map(() => openConfiguredDatabase(settings)))
    for (const database of databases) expect(await countMembers(database)).toEqual([{ count: 0 }])
    await Promise.all(databases.map((database) => database.close()))
  })

  test('speaks UTC whatever the server does, and is read alike by Prisma', async () => {
    const settings = onTestServer((url) => url.searchParams.set('options', '-c timezone=Asia/Shanghai'))
    await using(settings, async (database) => {
      const at = new Date('2026-03-01T00:30:00.000Z')
      expect(await database.sql`select date_trunc('day', ${at}::timestamptz) as day`).toEqual([
        { day: new Date('2026-03-01T00:00:00.000Z') },
      ])
      await database.sql`insert into source (name, imported_at) values ('shop', ${at})`
      expect(await database.prisma().source.findMany()).toEqual([{ name: 'shop', horizonAt: null, importedAt: at }])
    })
  })

  test('that cannot be reached is refused by place, without the password', async () => {
    const unreachable = onTestServer((url) => {
      url.port = '1'
      url.password = 'hunter2'
    })
    const message = await refusalOf(unreachable)
    expect(message).toMatch(/^cannot open database "c_\w+" at 127\.0\.0\.1:1 \(DATABASE_URL\): nothing listens there/)
    expect(message).not.toContain('hunter2')
  })

  test('that refuses us is refused with the reason', async () => {
    const wrongPassword = onTestServer((url) => {
      url.password = 'hunter2'
    })
    expect(await refusalOf(wrongPassword)).toMatch(/refuses this user or password/)
  })

  test('whose certificate is not there is refused with its name', async () => {
    const noCertificate = onTestServer((url) => url.searchParams.set('sslrootcert', '/nowhere/ca.pem'))
    expect(await refusalOf(noCertificate)).toMatch(/: ENOENT: no such file or directory, open '\/nowhere\/ca\.pem'$/)
  })

  test('whose socket is not there is refused as one that nothing listens at', async () => {
    const noSocket = onTestServer((url) => url.searchParams.set('host', folder))
    expect(await refusalOf(noSocket)).toMatch(/: nothing listens there; is the server running\?$/)
  })

  test('with a migration that is not ours any more is refused', async () => {
    const settings = onTestServer()
    await using(settings, async (database) => {
      await database.sql`update _prisma_migrations set checksum = 'other' where migration_name like '%_init'`
    })
    expect(await refusalOf(settings)).toMatch(/_init was changed after it was applied/)
  })
})

describe('without DATABASE_URL', () => {
  test('a PostgreSQL of our own is started, kept for others, and stopped at the end', async () => {
    const settings = { databaseConnectionsMax: 2, dataDir: path.join(folder, 'own'), migrationsFolder }
    const [first, second] = await Promise.all([openConfiguredDatabase(settings), openConfiguredDatabase(settings)])
    expect(first.url).toBe(second.url)
    await first.close()
    expect(await countMembers(second)).toEqual([{ count: 0 }])
    await second.close()
    // The server has left, and its socket with it.
    const gone = { code: 'ENOENT', syscall: 'connect' }
    await expect(new Client({ connectionString: second.url }).connect()).rejects.toMatchObject(gone)
  })

  test('one that does not start is refused with the reason', async () => {
    const dataDir = path.join(folder, 'old')
    mkdirSync(path.join(dataDir, 'postgres'), { recursive: true })
    writeFileSync(path.join(dataDir, 'postgres', 'PG_VERSION'), '9\n')
    const settings = { databaseConnectionsMax: 2, dataDir, migrationsFolder }
    expect(await refusalOf(settings)).toMatch(/written by PostgreSQL 9/)
  })
})
