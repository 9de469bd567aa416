import type { Database } from '../../db/open'
import type { SecretBytes } from '../clock'
import { recordStaffEvent } from './events'
import type { PasswordCheck, PasswordCheckOptions } from './password-check'
import type { PasswordHasher } from './password-hash'
import { openSession } from './session'

/** What a sign-in gives: the token of a new session, never one that the browser brought along. */
export interface SignedIn {
  readonly ok: true
  readonly staffId: number
  readonly token: string
}

export interface SignInTools {
  readonly check: PasswordCheck
  readonly hasher: PasswordHasher
  readonly secretBytes: SecretBytes
}

/** Signs in by address and password. Refuses with `wrong-credentials`; throws `TooManyHashes`. */
export async function signIn(
  database: Database,
  { check, hasher, secretBytes }: SignInTools,
  { replaces, ...options }: PasswordCheckOptions & { readonly replaces?: string | undefined },
): Promise<SignedIn | { readonly ok: false; readonly code: 'wrong-credentials' }> {
  const checked = await check(options)
  if (!checked.ok) return checked
  const { staffId, passwordHash } = checked
  const { at, address } = options
  // Only now the password is known, so only now an old hash can be made anew.
  const newHash = hasher.isDated(passwordHash) ? await hasher.hash(options.password) : passwordHash
  return database.tx(async (tx) => {
    const stored = await tx.sql`
      update staff set password_hash = ${newHash}
      where id = ${staffId} and password_hash = ${passwordHash} and disabled_at is null returning id`
    if (stored.length === 0) return { ok: false, code: 'wrong-credentials' }
    const token = await openSession(tx, { staffId, replaces, secretBytes, at })
    await recordStaffEvent(tx, {
      kind: 'signed-in',
      staffId,
      actorId: staffId,
      detail: { by: 'password', address },
      at,
    })
    return { ok: true, staffId, token }
  })
}
