import type { Database } from '../../db/open'
import { findStaffId, normalEmail } from './account'
import { recordStaffEvent } from './events'
import type { PasswordHasher } from './password-hash'

/** After so many failures signing in pauses, 30 s at first and twice as long after each further one, up to an hour. */
const FREE_FAILURES = 5
const PAUSE_SECONDS = 30
const PAUSE_SECONDS_MAX = 3_600

export interface PasswordCheckOptions {
  readonly email: string
  readonly password: string
  /** The network address of whoever tries, for the record. */
  readonly address: string
  readonly at: Date
}

export type PasswordCheckResult =
  | { readonly ok: true; readonly staffId: number; readonly passwordHash: string }
  | { readonly ok: false; readonly code: 'wrong-credentials' }

/**
 * Checks an address and a password. `wrong-credentials` says nothing more on purpose: unknown, disabled, paused and
 * wrong look and last alike. Throws `TooManyHashes`; then nothing was counted.
 */
export type PasswordCheck = (options: PasswordCheckOptions) => Promise<PasswordCheckResult>

export function createPasswordCheck({
  database,
  hasher,
}: {
  database: Database
  hasher: PasswordHasher
}): PasswordCheck {
  const inTurn = createTurns()
  return (options) => {
    const email = normalEmail(options.email)
    return inTurn(email, () => check(database, hasher, { ...options, email }))
  }
}

async function check(
  database: Database,
  hasher: PasswordHasher,
  { email, password, address, at }: PasswordCheckOptions,
): Promise<PasswordCheckResult> {
  const paid = await payForTry(database, { email, at })
  const isRight = await hasher.verify(password, paid?.passwordHash ?? null).catch(async (error) => {
    if (paid) await giveBack(database, paid.id)
    throw error
  })
  if (paid && isRight) {
    const cleared = await clearFailures(database, paid)
    if (cleared) return { ok: true, staffId: paid.id, passwordHash: paid.passwordHash }
  }
  const staffId = paid?.id ?? (await findStaffId(database, { email })) ?? null
  const reason = paid ? 'password' : staffId === null ? 'unknown' : 'closed'
  await recordStaffEvent(database, { kind: 'sign-in-failed', staffId, detail: { address, reason }, at })
  if (paid?.lockedUntil) {
    const detail = { address, failures: paid.failures, until: paid.lockedUntil.toISOString() }
    await recordStaffEvent(database, { kind: 'locked', staffId, detail, at })
  }
  return { ok: false, code: 'wrong-credentials' }
}

interface PaidTry {
  readonly id: number
  readonly passwordHash: string
  readonly failures: number
  readonly lockedUntil: Date | null
}

/** Counts the try as failed before it is looked at, so that guesses in parallel, here or in another process, cannot share one. */
async function payForTry(database: Database, { email, at }: { email: string; at: Date }): Promise<PaidTry | undefined> {
  const [row] = await database.sql<PaidTry>`
    update staff set failed_logins = failed_logins + 1,
      locked_until = case when failed_logins + 1 >= ${FREE_FAILURES}::int then ${at}::timestamptz + interval '1 second'
        * least(${PAUSE_SECONDS}::int * power(2, least(failed_logins + 1 - ${FREE_FAILURES}::int, 20)), ${PAUSE_SECONDS_MAX}::int) end
    where email = ${email} and disabled_at is null and password_hash is not null
      and (locked_until is null or locked_until <= ${at})
    returning id, password_hash as "passwordHash", failed_logins as failures, locked_until as "lockedUntil"`
  return row
}

/** False where the password was changed, or the person disabled, while we were counting. */
async function clearFailures(database: Database, { id, passwordHash }: PaidTry): Promise<boolean> {
  const rows = await database.sql`
    update staff set failed_logins = 0, locked_until = null
    where id = ${id} and password_hash = ${passwordHash} and disabled_at is null returning id`
  return rows.length > 0
}

async function giveBack(database: Database, staffId: number): Promise<void> {
  await database.sql`
    update staff set failed_logins = greatest(failed_logins - 1, 0), locked_until = null where id = ${staffId}`
}

/** One after the other for each key: several right passwords at once must not count as a row of failures. */
function createTurns() {
  const last = new Map<string, Promise<unknown>>()
  return async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const before = last.get(key) ?? Promise.resolve()
    const mine = before.then(work, work)
    last.set(key, mine)
    try {
      return await mine
    } finally {
      if (last.get(key) === mine) last.delete(key)
    }
  }
}
