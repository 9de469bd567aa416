import type { Database } from '../../db/open'
import type { Db } from '../../db/sql'
import type { SecretBytes } from '../clock'
import type { Locale } from '../locale'
import { readMerchant } from '../merchant'
import { findStaff, type StaffAccount } from './account'
import { recordStaffEvent } from './events'
import { invitationMail } from './invitation-mail'
import type { PasswordHasher } from './password-hash'
import { type PasswordRefusal, passwordRefusal } from './password-rules'
import { endSessions, openSession } from './session'
import type { SignedIn } from './sign-in'
import { endInvitations, findTicket, INVITATION_HOURS, issueTicket, takeTicket } from './ticket'

/**
 * Invites somebody who was added, by e-mail and by the address that it resolves to: it is valid for 72 hours, works once,
 * and ends an earlier one. For who has a password already it is the way to a new one. Refuses with `unknown-staff`, and
 * with `disabled`.
 */
export async function inviteStaff(
  db: Db,
  options: { staffId: number; publicUrl: string; actorId?: number | undefined; secretBytes: SecretBytes; at: Date },
): Promise<{ ok: true; invitationUrl: string } | { ok: false; code: 'unknown-staff' | 'disabled' }> {
  const { staffId, publicUrl, actorId, secretBytes, at } = options
  const account = await findStaff(db, { staffId })
  if (!account) return { ok: false, code: 'unknown-staff' }
  if (account.isDisabled) return { ok: false, code: 'disabled' }
  await endInvitations(db, { staffId, at })
  const token = await issueTicket(db, { kind: 'invitation', staffId, secretBytes, at })
  // Behind a "#", which browsers send to nobody: it stays out of every log.
  const invitationUrl = `${publicUrl}/console#invitation=${token}`
  const { name: merchant } = await readMerchant(db)
  const mail = invitationMail({ ...account, url: invitationUrl, merchant, lifetimeHours: INVITATION_HOURS })
  await db.sql`
    insert into mail (recipient, subject, body, status, created_at)
    values (${account.email}, ${mail.subject}, ${mail.body}, 'pending', ${at})`
  await recordStaffEvent(db, { kind: 'invited', staffId, actorId, at })
  return { ok: true, invitationUrl }
}

export interface AcceptInvitation {
  readonly token: string
  readonly password: string
  readonly displayName?: string | undefined
  readonly locale?: Locale | undefined
  readonly replaces?: string | undefined
  readonly hasher: PasswordHasher
  readonly secretBytes: SecretBytes
  readonly at: Date
}

/**
 * Uses an invitation: sets the password, ends sessions and pauses, and signs in. Refusals: `ticket-unknown` (unknown,
 * used, expired, or the person is disabled), and those of the password's rules, which use nothing up.
 */
export async function acceptInvitation(
  database: Database,
  { token, password, displayName, locale, replaces, hasher, secretBytes, at }: AcceptInvitation,
): Promise<SignedIn | { ok: false; code: 'ticket-unknown' | PasswordRefusal }> {
  const account = await invitedBy(database, { token, at })
  if (!account) return { ok: false, code: 'ticket-unknown' }
  const refusal = passwordRefusal({ password, email: account.email, displayName: displayName ?? account.displayName })
  if (refusal) return { ok: false, code: refusal }
  const hash = await hasher.hash(password)
  return database.tx(async (tx) => {
    const staffId = account.id
    const over = { ok: false, code: 'ticket-unknown' } as const
    if (!(await takeTicket(tx, { kind: 'invitation', token, at }))) return over
    const stored = await tx.sql`
      update staff set password_hash = ${hash}, failed_logins = 0, locked_until = null,
        display_name = coalesce(${displayName ?? null}, display_name), locale = coalesce(${locale ?? null}, locale)
      where id = ${staffId} and disabled_at is null returning id`
    if (stored.length === 0) return over
    await endSessions(tx, { staffId })
    const session = await openSession(tx, { staffId, replaces, secretBytes, at })
    await recordStaffEvent(tx, { kind: 'invitation-used', staffId, actorId: staffId, at })
    return { ok: true, staffId, token: session }
  })
}

async function invitedBy(db: Db, { token, at }: { token: string; at: Date }): Promise<StaffAccount | undefined> {
  const ticket = await findTicket(db, { kind: 'invitation', token, at })
  const account = ticket?.staffId ? await findStaff(db, { staffId: ticket.staffId }) : undefined
  return account?.isDisabled ? undefined : account
}
