import type { Role } from '../../../src/core/staff/role'
import type { Db } from '../../../src/db/sql'
import type { Staff, StaffAccess } from '../../../src/http/api/console/access'
import { failure } from '../../../src/http/route'

export interface StaffFixture {
  name: string
  role?: Role
  team?: string
  capacity?: number
  autoAccept?: boolean
  languages?: string[]
  topics?: string[]
  tiers?: string[]
  presence?: 'online' | 'away' | 'offline'
  seenAt?: Date
}

/** Somebody of the merchant's; resolves to their number. */
export async function addStaff(db: Db, staff: StaffFixture): Promise<number> {
  const {
    name,
    role = 'agent',
    team,
    capacity = 4,
    autoAccept = false,
    languages = [],
    topics = [],
    tiers = [],
  } = staff
  const { presence = 'offline', seenAt } = staff
  const [row] = await db.sql<{ id: number }>`
    insert into staff (email, display_name, role, locale, team, capacity, auto_accept, languages, topics, tiers, presence, seen_at, created_at)
    values (${`${name.toLowerCase()}@shop.example`}, ${name}, ${role}, 'en', ${team ?? null}, ${capacity}, ${autoAccept},
      ${languages}::text[], ${topics}::text[], ${tiers}::text[], ${presence}, ${seenAt ?? null}, '2026-11-01')
    returning id`
  return row!.id
}

/** Lets in whoever has a cookie `staff=ID` of these. */
export function accessFor(staff: ReadonlyMap<number, Staff>): StaffAccess {
  return async ({ cookie }) => {
    const known = staff.get(Number(/staff=(\d+)/.exec(cookie)?.[1]))
    return known ? { ok: true, staff: known } : { ok: false, response: failure(401, 'signed-out', 'sign in') }
  }
}
