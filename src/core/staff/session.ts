import type { Db } from '../../db/sql'
import type { SecretBytes } from '../clock'
import { type StaffAccount, type StaffAccountRow, staffAccountOf } from './account'
import { hashToken, newToken } from './token'

const IDLE_MS = 12 * 3_600_000
export const SESSION_LIFETIME_MS = 7 * 24 * 3_600_000
/** A sign of life is written at most this often: requests come every second, and need no write each. */
const SEEN_EVERY_MS = 60_000

/**
 * Begins a session, for 7 days or until 12 hours pass without a request; resolves to its token, of which only a hash is
 * kept. `replaces`: the token that the browser had before, which ends.
 */
export async function openSession(
  db: Db,
  {
    staffId,
    replaces,
    secretBytes,
    at,
  }: { staffId: number; replaces?: string | undefined; secretBytes: SecretBytes; at: Date },
): Promise<string> {
  const { token, hash } = newToken(secretBytes)
  await db.sql`
    with replaced as (delete from staff_session where token_hash = ${replaces ? hashToken(replaces) : null})
    insert into staff_session (token_hash, staff_id, created_at, seen_at, expires_at)
    values (${hash}, ${staffId}, ${at}, ${at}, ${new Date(at.getTime() + SESSION_LIFETIME_MS)})`
  return token
}

/** Who has a session in force by this token; undefined for a token that is unknown or over, and for who is disabled. */
export async function findSession(
  db: Db,
  { token, at }: { token: string; at: Date },
): Promise<StaffAccount | undefined> {
  const hash = hashToken(token)
  const [row] = await db.sql<StaffAccountRow & { seenAt: Date }>`
    select staff.id, email, display_name as "displayName", role, locale, password_hash as "passwordHash",
      languages, topics, tiers, team, capacity, auto_accept as "autoAccept", presence,
      disabled_at as "disabledAt", locked_until as "lockedUntil", session.seen_at as "seenAt"
    from staff_session session join staff on staff.id = session.staff_id
    where session.token_hash = ${hash} and session.expires_at > ${at}
      and session.seen_at > ${new Date(at.getTime() - IDLE_MS)} and staff.disabled_at is null`
  if (!row) return undefined
  if (at.getTime() - row.seenAt.getTime() > SEEN_EVERY_MS) {
    await db.sql`update staff_session set seen_at = greatest(seen_at, ${at}) where token_hash = ${hash}`
  }
  return staffAccountOf(row)
}

/** Ends one session. */
export async function endSession(db: Db, { token }: { token: string }): Promise<void> {
  const ended = await db.sql<{ staffId: number }>`
    delete from staff_session where token_hash = ${hashToken(token)} returning staff_id as "staffId"`
  for (const { staffId } of ended) await leaveWithoutSessions(db, staffId)
}

/** Ends all sessions of a person. */
export async function endSessions(db: Db, { staffId }: { staffId: number }): Promise<void> {
  await db.sql`delete from staff_session where staff_id = ${staffId}`
  await leaveWithoutSessions(db, staffId)
}

/** Nobody is given conversations who has no console any more. */
async function leaveWithoutSessions(db: Db, staffId: number): Promise<void> {
  await db.sql`
    update staff set presence = 'offline'
    where id = ${staffId} and presence <> 'offline'
      and not exists (select from staff_session session where session.staff_id = staff.id)`
}
