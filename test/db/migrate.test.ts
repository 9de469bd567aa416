import path from 'node:path'
import { migrate, readMigrations } from '../../src/db/migrate'
import { useDatabase } from '../support/database'

const folder = path.join(__dirname, '../../prisma/migrations')

describe('migrations', () => {
  const database = useDatabase()

  it('are all applied in the template, and a second run finds nothing to do', async () => {
    expect(await migrate(database.current().url, folder)).toEqual([])
    const rows = await database.current().sql<{ migration_name: string }>`
      select migration_name from _prisma_migrations order by migration_name`
    expect(rows.map((row) => row.migration_name)).toEqual(readMigrations(folder).map((migration) => migration.name))
  })

  it('can be started by several processes at once', async () => {
    const results = await Promise.all([1, 2, 3, 4].map(() => migrate(database.current().url, folder)))
    expect(results).toEqual([[], [], [], []])
  })
})
