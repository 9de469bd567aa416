import { scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { Db } from '../../db/sql'
import type { NewId, SecretBytes } from '../clock'
import type { Locale } from '../locale'
import { type ChannelUser, linkIdentity } from './identity'
import { linkCodeMail } from './link-code-mail'

const CODE_DIGITS = 6
const LIFETIME_MINUTES = 10
const TRIES = 5
/** Codes that one chat user may ask for, and that one member is sent, within an hour. */
const REQUESTS_PER_HOUR = 5
/** Codes that one member is sent within a day: with 5 tries each, who knows 1,000 addresses guesses one in a month. */
const REQUESTS_PER_DAY = 8

const derive = promisify<string, string, number, Buffer>(scrypt)

export interface RequestLinkCode extends ChannelUser {
  email: string
  locale: Locale
  at: Date
  newId: NewId
  secretBytes: SecretBytes
}

/**
 * Sends a one-time code to the address on file, if it is one: valid 10 minutes, 5 tries, only its hash kept. An earlier
 * code of this chat user ends. The answer is the same whether or not the address is known, and so is the work done.
 * Refuses with `too-many-requests` after 5 requests of this chat user in an hour; a member who was sent 5 codes in an
 * hour, or 8 in a day, silently gets no more.
 */
export async function requestLinkCode(
  db: Db,
  { channel, tenantId, userId, email, locale, at, newId, secretBytes }: RequestLinkCode,
): Promise<{ ok: true } | { ok: false; code: 'too-many-requests' }> {
  const id = newId()
  const code = randomDigits(secretBytes)
  const codeHash = await hashCode(code, id)
  const hourAgo = new Date(at.getTime() - 3_600_000)
  const dayAgo = new Date(at.getTime() - 24 * 3_600_000)
  const expiresAt = new Date(at.getTime() + LIFETIME_MINUTES * 60_000)
  const mail = linkCodeMail({ code, locale, lifetimeMinutes: LIFETIME_MINUTES })
  const rows = await db.sql<{ id: string }>`
    with recent as (
      select count(*) as n from link_code
      where channel = ${channel} and tenant_id = ${tenantId} and user_id = ${userId} and created_at > ${hourAgo}
    ), target as (
      select m.id, m.email from member m
      where lower(m.email) = lower(${email}) and m.erased_at is null
        and (select count(*) from link_code c where c.member_id = m.id and c.created_at > ${hourAgo}) < ${REQUESTS_PER_HOUR}
        and (select count(*) from link_code c where c.member_id = m.id and c.created_at > ${dayAgo}) < ${REQUESTS_PER_DAY}
      order by m.id limit 1
    ), ended as (
      update link_code set ended_at = ${at}
      where channel = ${channel} and tenant_id = ${tenantId} and user_id = ${userId} and ended_at is null
        and (select n from recent) < ${REQUESTS_PER_HOUR}
    ), mailed as (
      insert into mail (recipient, subject, body, status, created_at)
      select email, ${mail.subject}, ${mail.body}, 'pending', ${at} from target
      where (select n from recent) < ${REQUESTS_PER_HOUR}
    )
    insert into link_code (id, channel, tenant_id, user_id, member_id, code_hash, tries_left, created_at, expires_at)
    select ${id}, ${channel}, ${tenantId}, ${userId}, (select id from target), ${codeHash}, ${TRIES}, ${at}, ${expiresAt}
    where (select n from recent) < ${REQUESTS_PER_HOUR}
    returning id`
  return rows.length > 0 ? { ok: true } : { ok: false, code: 'too-many-requests' }
}

export type ConfirmLinkCodeResult =
  | { readonly ok: true; readonly memberId: string }
  | { readonly ok: false; readonly code: 'wrong-code'; readonly triesLeft: number }
  | { readonly ok: false; readonly code: 'no-code' | 'code-expired' | 'too-many-tries' }

/**
 * Tries a code. The right one links the chat user to the member and ends the code; each wrong one costs a try, and the
 * transaction must commit for that to count. Refusals: `no-code` (none was asked for, or it was used), `code-expired`,
 * `too-many-tries`, `wrong-code` with the tries that are left. The code of an unknown address is never right.
 */
export async function confirmLinkCode(
  db: Db,
  { channel, tenantId, userId, code, at }: ChannelUser & { code: string; at: Date },
): Promise<ConfirmLinkCodeResult> {
  // One statement locks the row and pays for the try, so that guesses in parallel cannot share one.
  const [row] = await db.sql<OpenCode>`
    update link_code set tries_left = greatest(tries_left - 1, -1)
    where id = (
      select id from link_code
      where channel = ${channel} and tenant_id = ${tenantId} and user_id = ${userId} and ended_at is null
      order by created_at desc limit 1
    ) and ended_at is null
    returning id, member_id as "memberId", code_hash as "codeHash", tries_left as "triesLeft", expires_at as "expiresAt"`
  if (!row) return { ok: false, code: 'no-code' }
  if (row.expiresAt <= at) return { ok: false, code: 'code-expired' }
  if (row.triesLeft < 0) return { ok: false, code: 'too-many-tries' }
  const matches = timingSafeEqual(await hashCode(code.replace(/\D/g, ''), row.id), row.codeHash)
  if (!matches || row.memberId === null) {
    if (row.triesLeft === 0) return { ok: false, code: 'too-many-tries' }
    return { ok: false, code: 'wrong-code', triesLeft: row.triesLeft }
  }
  await db.sql`update link_code set ended_at = ${at} where id = ${row.id}`
  const linked = await linkIdentity(db, { channel, tenantId, userId, memberId: row.memberId, by: 'code', at })
  // The member was erased since the code was sent.
  if (!linked.ok) return { ok: false, code: 'no-code' }
  return { ok: true, memberId: row.memberId }
}

interface OpenCode {
  id: string
  memberId: string | null
  codeHash: Buffer
  triesLeft: number
  expiresAt: Date
}

function randomDigits(secretBytes: SecretBytes): string {
  // 48 random bits modulo 10^6: the bias is below one in 10^8.
  const value = secretBytes(6).readUIntBE(0, 6) % 10 ** CODE_DIGITS
  return String(value).padStart(CODE_DIGITS, '0')
}

/** Slow on purpose (scrypt, RFC 7914): six digits would not withstand a fast hash if the table leaked. */
function hashCode(code: string, salt: string): Promise<Buffer> {
  return derive(code, salt, 32)
}
