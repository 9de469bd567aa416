import { secretBytes } from '../../../src/core/clock'
import { addStaff } from '../../../src/core/staff/manage'
import { createPasswordHasher } from '../../../src/core/staff/password-hash'
import type { Role } from '../../../src/core/staff/role'
import type { Database } from '../../../src/db/open'

/** Hashes that take no time worth speaking of. */
export const cheapCost = { log2N: 4, r: 8, p: 1 }
export const cheapHasher = createPasswordHasher({ secretBytes, cost: cheapCost })

export const GOOD_PASSWORD = 'nine green kettles'

export interface Person {
  readonly email: string
  readonly role?: Role
  readonly displayName?: string
  /** Null: was added, and has none yet. */
  readonly password?: string | null
  readonly at?: Date
}

/** Puts somebody in, with the password that everybody in the tests has; resolves to the id. */
export async function addPerson(
  database: Database,
  {
    email,
    role = 'agent',
    displayName = 'Ana Pereira',
    password = GOOD_PASSWORD,
    at = new Date('2026-03-01T10:00:00Z'),
  }: Person,
): Promise<number> {
  const added = await addStaff(database, { email, displayName, role, locale: 'en', at })
  if (!added.ok) throw new Error(`${email} is there already`)
  const hash = password === null ? null : await cheapHasher.hash(password)
  await database.sql`update staff set password_hash = ${hash} where id = ${added.staffId}`
  return added.staffId
}

/** What was written down about somebody, in order. */
export async function eventsOf(database: Database, staffId: number | null): Promise<string[]> {
  const rows = await database.sql<{ kind: string }>`
    select kind from staff_event where staff_id is not distinct from ${staffId}::bigint order by id`
  return rows.map(({ kind }) => kind)
}
