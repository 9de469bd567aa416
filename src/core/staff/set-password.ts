import type { Database } from '../../db/open'
import type { StaffAccount } from './account'
import { findStaff } from './account'
import { recordStaffEvent } from './events'
import type { PasswordHasher } from './password-hash'
import { type PasswordRefusal, passwordRefusal } from './password-rules'
import { endSessions, openSession } from './session'
import type { SignedIn, SignInTools } from './sign-in'
import { endInvitations } from './ticket'

/**
 * Changes one's own password; all sessions and invitations end, and a new session begins here. Refusals: those of the rules,
 * `no-password` (signs in elsewhere, or by invitation first), `wrong-password` (guesses count as failed sign-ins).
 */
export async function changePassword(
  database: Database,
  { check, hasher, secretBytes }: SignInTools,
  {
    account,
    current,
    next,
    address,
    at,
  }: { account: StaffAccount; current: string; next: string; address: string; at: Date },
): Promise<SignedIn | { ok: false; code: PasswordRefusal | 'no-password' | 'wrong-password' }> {
  if (!account.hasPassword) return { ok: false, code: 'no-password' }
  const refusal = passwordRefusal({ ...account, password: next })
  if (refusal) return { ok: false, code: refusal }
  const checked = await check({ email: account.email, password: current, address, at })
  if (!checked.ok) return { ok: false, code: 'wrong-password' }
  const hash = await hasher.hash(next)
  return database.tx(async (tx) => {
    const stored = await tx.sql`
      update staff set password_hash = ${hash}
      where id = ${account.id} and password_hash = ${checked.passwordHash} and disabled_at is null returning id`
    if (stored.length === 0) return { ok: false, code: 'wrong-password' }
    await endSessions(tx, { staffId: account.id })
    await endInvitations(tx, { staffId: account.id, at })
    const token = await openSession(tx, { staffId: account.id, secretBytes, at })
    await recordStaffEvent(tx, { kind: 'password-changed', staffId: account.id, actorId: account.id, at })
    return { ok: true, staffId: account.id, token }
  })
}

/** Gives somebody a password from the command line: sessions, invitations and pauses end. Refuses by the rules, and `unknown-staff`. */
export async function givePassword(
  database: Database,
  { staffId, password, hasher, at }: { staffId: number; password: string; hasher: PasswordHasher; at: Date },
): Promise<{ ok: true } | { ok: false; code: PasswordRefusal | 'unknown-staff' }> {
  const account = await findStaff(database, { staffId })
  if (!account) return { ok: false, code: 'unknown-staff' }
  const refusal = passwordRefusal({ ...account, password })
  if (refusal) return { ok: false, code: refusal }
  const hash = await hasher.hash(password)
  await database.tx(async (tx) => {
    await tx.sql`
      update staff set password_hash = ${hash}, failed_logins = 0, locked_until = null where id = ${staffId}`
    await endSessions(tx, { staffId })
    await endInvitations(tx, { staffId, at })
    await recordStaffEvent(tx, { kind: 'password-changed', staffId, at })
  })
  return { ok: true }
}
