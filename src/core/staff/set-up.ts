import type { Database } from '../../db/open'
import type { Db } from '../../db/sql'
import type { SecretBytes } from '../clock'
import type { Locale } from '../locale'
import { recordStaffEvent } from './events'
import { addStaff, lockStaff } from './manage'
import type { PasswordHasher } from './password-hash'
import { type PasswordRefusal, passwordRefusal } from './password-rules'
import { openSession } from './session'
import type { SignedIn } from './sign-in'
import { findTicket, issueTicket, takeTicket } from './ticket'

/** Whether nobody can sign in yet: neither by a password nor elsewhere. */
export async function needsSetUp(db: Db): Promise<boolean> {
  const rows = await db.sql`
    select id from staff where disabled_at is null and (password_hash is not null or oidc_subject is not null) limit 1`
  return rows.length === 0
}

/** The code for the first set-up, to be told to whoever starts the server; undefined when there is nothing to set up. */
export async function issueSetUpCode(
  db: Db,
  { secretBytes, at }: { secretBytes: SecretBytes; at: Date },
): Promise<string | undefined> {
  return (await needsSetUp(db)) ? issueTicket(db, { kind: 'setup', secretBytes, at }) : undefined
}

export interface SetUp {
  /** Undefined: this machine's own demo, which needs none. */
  readonly code: string | undefined
  readonly needsCode: boolean
  readonly email: string
  readonly displayName: string
  readonly password: string
  readonly locale: Locale
  readonly replaces?: string | undefined
  readonly hasher: PasswordHasher
  readonly secretBytes: SecretBytes
  readonly at: Date
}

/**
 * Makes the first administrator, and signs in. Refusals: `set-up-already`, `wrong-code` (also for one that is over),
 * `email-taken`, and those of the password's rules, which use nothing up.
 */
export async function setUp(
  database: Database,
  { code, needsCode, email, displayName, password, locale, replaces, hasher, secretBytes, at }: SetUp,
): Promise<SignedIn | { ok: false; code: 'set-up-already' | 'wrong-code' | 'email-taken' | PasswordRefusal }> {
  if (!(await needsSetUp(database))) return { ok: false, code: 'set-up-already' }
  const ticket = { kind: 'setup', token: code ?? '', at } as const
  if (needsCode && !(await findTicket(database, ticket))) return { ok: false, code: 'wrong-code' }
  const refusal = passwordRefusal({ password, email, displayName })
  if (refusal) return { ok: false, code: refusal }
  const hash = await hasher.hash(password)
  return database.tx(async (tx) => {
    await lockStaff(tx)
    if (!(await needsSetUp(tx))) return { ok: false, code: 'set-up-already' }
    const added = await addStaff(tx, { email, displayName, role: 'administrator', locale, at })
    if (!added.ok) return added
    if (needsCode && !(await takeTicket(tx, ticket))) throw new Error('a set-up code was used by who set nothing up')
    const { staffId } = added
    await tx.sql`update staff set password_hash = ${hash} where id = ${staffId}`
    const token = await openSession(tx, { staffId, replaces, secretBytes, at })
    await recordStaffEvent(tx, { kind: 'set-up', staffId, actorId: staffId, at })
    return { ok: true, staffId, token }
  })
}
