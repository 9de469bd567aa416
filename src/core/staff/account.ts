import type { Db } from '../../db/sql'
import type { Locale } from '../locale'
import type { Role } from './role'

/** Somebody of the merchant's who may sign in (or might, were they not disabled). */
export interface StaffAccount {
  readonly id: number
  /** In lower case. */
  readonly email: string
  readonly displayName: string
  readonly role: Role
  readonly locale: Locale
  readonly languages: readonly Locale[]
  /** Empty: all. */
  readonly topics: readonly string[]
  /** Empty: all. */
  readonly tiers: readonly string[]
  readonly team: string | null
  /** Conversations at a time. */
  readonly capacity: number
  readonly autoAccept: boolean
  readonly presence: 'online' | 'away' | 'offline'
  readonly hasPassword: boolean
  readonly isDisabled: boolean
  readonly lockedUntil: Date | null
}

/** An account as it is stored. */
export interface StaffAccountRow extends Omit<StaffAccount, 'hasPassword' | 'isDisabled'> {
  readonly passwordHash: string | null
  readonly disabledAt: Date | null
}

export function staffAccountOf(row: StaffAccountRow): StaffAccount {
  const { id, email, displayName, role, locale, languages, topics, tiers, team, capacity, autoAccept, presence } = row
  return {
    id,
    email,
    displayName,
    role,
    locale,
    languages,
    topics,
    tiers,
    team,
    capacity,
    autoAccept,
    presence,
    hasPassword: row.passwordHash !== null,
    isDisabled: row.disabledAt !== null,
    lockedUntil: row.lockedUntil,
  }
}

/** Everybody, or one, with the number of conversations in hand; by name. */
export async function listStaff(
  db: Db,
  { staffId = null }: { staffId?: number | null } = {},
): Promise<(StaffAccount & { readonly load: number })[]> {
  const rows = await db.sql<StaffAccountRow & { load: number }>`
    select id, email, display_name as "displayName", role, locale, password_hash as "passwordHash",
      languages, topics, tiers, team, capacity, auto_accept as "autoAccept", presence,
      disabled_at as "disabledAt", locked_until as "lockedUntil",
      (select count(*)::int from handoff_request request where request.staff_id = staff.id and request.status = 'agent') as load
    from staff where ${staffId}::bigint is null or id = ${staffId}
    order by display_name, id`
  return rows.map((row) => ({ ...staffAccountOf(row), load: row.load }))
}

export async function findStaff(db: Db, { staffId }: { staffId: number }): Promise<StaffAccount | undefined> {
  const [found] = await listStaff(db, { staffId })
  if (!found) return undefined
  const { load: _, ...account } = found
  return account
}

/** The id of who has this address, in any spelling of its case. */
export async function findStaffId(db: Db, { email }: { email: string }): Promise<number | undefined> {
  const [row] = await db.sql<{ id: number }>`select id from staff where email = ${normalEmail(email)}`
  return row?.id
}

/** The one spelling in which an address is kept. */
export function normalEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase()
}
