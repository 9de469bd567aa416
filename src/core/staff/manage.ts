import type { Db, Tx } from '../../db/sql'
import type { Locale } from '../locale'
import { normalEmail } from './account'
import { recordStaffEvent } from './events'
import type { Role } from './role'
import { endSessions } from './session'
import { endInvitations } from './ticket'

/** What an administrator says of somebody new. */
export interface NewStaff {
  readonly email: string
  readonly displayName: string
  readonly role: Role
  readonly locale: Locale
  /** Absent: both. */
  readonly languages?: readonly Locale[] | undefined
}

/** Adds somebody, who cannot sign in yet: that takes an invitation or a sign-in elsewhere. Refuses with `email-taken`. */
export async function addStaff(
  db: Db,
  { email, displayName, role, locale, languages, actorId, at }: NewStaff & { actorId?: number | undefined; at: Date },
): Promise<{ ok: true; staffId: number } | { ok: false; code: 'email-taken' }> {
  const [row] = await db.sql<{ id: number }>`
    insert into staff (email, display_name, role, locale, languages, created_at)
    values (${normalEmail(email)}, ${displayName}, ${role}, ${locale}, ${languages ?? ['en', 'zh']}::text[], ${at})
    on conflict (email) do nothing returning id`
  if (!row) return { ok: false, code: 'email-taken' }
  await recordStaffEvent(db, { kind: 'added', staffId: row.id, actorId, detail: { role }, at })
  return { ok: true, staffId: row.id }
}

/** What of an account can be changed; what is absent stays. */
export interface StaffChange {
  readonly displayName?: string | undefined
  readonly locale?: Locale | undefined
  readonly role?: Role | undefined
  readonly disabled?: boolean | undefined
  readonly capacity?: number | undefined
  readonly languages?: readonly Locale[] | undefined
  readonly topics?: readonly string[] | undefined
  readonly tiers?: readonly string[] | undefined
  readonly team?: string | null | undefined
  readonly autoAccept?: boolean | undefined
}

export type ChangeStaffResult = { ok: true } | { ok: false; code: 'unknown-staff' | 'last-administrator' }

/**
 * Changes an account. Another role, or being disabled, ends its sessions; `disabled: false` also ends a pause after
 * failures. Refuses with `last-administrator` what would leave nobody who can sign in as one.
 */
export async function changeStaff(
  tx: Tx,
  { staffId, change, actorId, at }: { staffId: number; change: StaffChange; actorId?: number | undefined; at: Date },
): Promise<ChangeStaffResult> {
  await lockStaff(tx)
  const [before] = await tx.sql<{ role: Role; isDisabled: boolean; isAble: boolean }>`
    select role, disabled_at is not null as "isDisabled", password_hash is not null or oidc_subject is not null as "isAble"
    from staff where id = ${staffId} for update`
  if (!before) return { ok: false, code: 'unknown-staff' }
  const { role = before.role, disabled = before.isDisabled } = change
  const wasAdministrator = before.role === 'administrator' && !before.isDisabled
  const isAdministrator = role === 'administrator' && !disabled
  if (wasAdministrator && !isAdministrator && !(await hasOtherAdministrator(tx, { staffId, isAble: before.isAble }))) {
    return { ok: false, code: 'last-administrator' }
  }
  await store(tx, { staffId, change, at })
  await recordChange(tx, { staffId, change, before, actorId, at })
  if (role !== before.role || disabled !== before.isDisabled) await endSessions(tx, { staffId })
  if (disabled) await endInvitations(tx, { staffId, at })
  return { ok: true }
}

/** One change of who may do what at a time, so that two cannot each be the last administrator's only colleague. */
export async function lockStaff(tx: Tx): Promise<void> {
  await tx.sql`select pg_advisory_xact_lock(hashtextextended('staff', 0))`
}

/** Another one who is as able to sign in: somebody who was only invited cannot stand in for who has a password. */
async function hasOtherAdministrator(
  tx: Tx,
  { staffId, isAble }: { staffId: number; isAble: boolean },
): Promise<boolean> {
  const rows = await tx.sql`
    select id from staff
    where role = 'administrator' and disabled_at is null and id <> ${staffId}
      and (password_hash is not null or oidc_subject is not null or not ${isAble}::boolean)
    limit 1`
  return rows.length > 0
}

async function store(
  tx: Tx,
  { staffId, change, at }: { staffId: number; change: StaffChange; at: Date },
): Promise<void> {
  const { displayName, locale, role, disabled, capacity, languages, topics, tiers, team, autoAccept } = change
  await tx.sql`
    update staff set
      display_name = coalesce(${displayName ?? null}, display_name),
      locale = coalesce(${locale ?? null}, locale),
      role = coalesce(${role ?? null}, role),
      disabled_at = case ${disabled ?? null}::boolean when true then coalesce(disabled_at, ${at}) when false then null else disabled_at end,
      failed_logins = case ${disabled ?? null}::boolean when false then 0 else failed_logins end,
      locked_until = case ${disabled ?? null}::boolean when false then null else locked_until end,
      capacity = coalesce(${capacity ?? null}::int, capacity),
      languages = coalesce(${languages ?? null}::text[], languages),
      topics = coalesce(${topics ?? null}::text[], topics),
      tiers = coalesce(${tiers ?? null}::text[], tiers),
      team = case when ${team !== undefined}::boolean then ${team ?? null} else team end,
      auto_accept = coalesce(${autoAccept ?? null}::boolean, auto_accept)
    where id = ${staffId}`
}

async function recordChange(
  tx: Tx,
  options: {
    staffId: number
    change: StaffChange
    before: { role: Role; isDisabled: boolean }
    actorId?: number | undefined
    at: Date
  },
): Promise<void> {
  const { change, before, ...who } = options
  const { role, disabled, ...rest } = change
  if (role !== undefined && role !== before.role) {
    await recordStaffEvent(tx, { ...who, kind: 'role-changed', detail: { from: before.role, to: role } })
  }
  if (disabled !== undefined && disabled !== before.isDisabled) {
    await recordStaffEvent(tx, { ...who, kind: disabled ? 'disabled' : 'enabled' })
  }
  const fields = Object.entries(rest).flatMap(([field, value]) => (value === undefined ? [] : [field]))
  if (fields.length > 0) await recordStaffEvent(tx, { ...who, kind: 'changed', detail: { fields } })
}
