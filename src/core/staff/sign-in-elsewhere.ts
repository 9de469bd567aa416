import type { Tx } from '../../db/sql'
import type { SecretBytes } from '../clock'
import { normalEmail } from './account'
import { recordStaffEvent } from './events'
import { openSession } from './session'
import type { SignedIn } from './sign-in'

/** Whom an OpenID provider vouches for. */
export interface Vouched {
  readonly issuer: string
  /** The provider's own id of the person, which stays when the address changes. */
  readonly subject: string
  readonly email?: string | undefined
  /** Whether the provider says that the address is the person's. */
  readonly isEmailVerified: boolean
}

/**
 * Signs in whom a provider vouches for, if they were added before: by their subject, or the first time by a verified
 * address, after which the subject is kept. Refusals: `not-added` (also for who is disabled, and for an address that
 * belongs to another subject), `email-unverified`.
 */
export async function signInElsewhere(
  tx: Tx,
  options: { vouched: Vouched; replaces?: string | undefined; secretBytes: SecretBytes; at: Date },
): Promise<SignedIn | { ok: false; code: 'not-added' | 'email-unverified' }> {
  const { vouched, replaces, secretBytes, at } = options
  const subject = `${vouched.issuer} ${vouched.subject}`
  const found = (await bySubject(tx, subject)) ?? (await byEmail(tx, vouched, subject, at))
  if (!found || found.isDisabled) {
    const code = !found && vouched.email && !vouched.isEmailVerified ? 'email-unverified' : 'not-added'
    await recordStaffEvent(tx, { kind: 'oidc-refused', staffId: found?.id ?? null, detail: { code, subject }, at })
    return { ok: false, code }
  }
  const staffId = found.id
  const token = await openSession(tx, { staffId, replaces, secretBytes, at })
  await recordStaffEvent(tx, { kind: 'signed-in', staffId, actorId: staffId, detail: { by: 'oidc' }, at })
  return { ok: true, staffId, token }
}

interface Found {
  readonly id: number
  readonly isDisabled: boolean
}

async function bySubject(tx: Tx, subject: string): Promise<Found | undefined> {
  const [row] = await tx.sql<Found>`
    select id, disabled_at is not null as "isDisabled" from staff where oidc_subject = ${subject}`
  return row
}

/** Links and returns who has this address and no subject yet. */
async function byEmail(tx: Tx, vouched: Vouched, subject: string, at: Date): Promise<Found | undefined> {
  if (!vouched.email || !vouched.isEmailVerified) return undefined
  const [row] = await tx.sql<Found>`
    update staff set oidc_subject = ${subject}
    where email = ${normalEmail(vouched.email)} and oidc_subject is null and disabled_at is null
    returning id, false as "isDisabled"`
  if (row)
    await recordStaffEvent(tx, { kind: 'oidc-linked', staffId: row.id, actorId: row.id, detail: { subject }, at })
  return row
}
