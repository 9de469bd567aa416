import type { Db } from '../../db/sql'
import type { SecretBytes } from '../clock'
import { hashToken, newToken } from './token'

export type TicketKind = 'setup' | 'invitation' | 'oidc'

const HOUR_MS = 3_600_000
export const INVITATION_HOURS = 72
const LIFETIMES_MS: Readonly<Record<TicketKind, number>> = {
  setup: 24 * HOUR_MS,
  invitation: INVITATION_HOURS * HOUR_MS,
  oidc: HOUR_MS / 6,
}

export interface Ticket {
  readonly staffId: number | null
  readonly data: unknown
}

/** Makes a single-use ticket, good for 24 hours (setup), 72 hours (invitation) or 10 minutes (oidc); resolves to its token. */
export async function issueTicket(
  db: Db,
  options: {
    kind: TicketKind
    staffId?: number
    data?: Readonly<Record<string, string>>
    secretBytes: SecretBytes
    at: Date
  },
): Promise<string> {
  const { kind, staffId = null, data, secretBytes, at } = options
  const { token, hash } = newToken(secretBytes)
  await db.sql`
    insert into staff_ticket (token_hash, kind, staff_id, data, created_at, expires_at)
    values (${hash}, ${kind}, ${staffId}, ${data ? JSON.stringify(data) : null}::jsonb, ${at},
      ${new Date(at.getTime() + LIFETIMES_MS[kind])})`
  return token
}

interface Presented {
  readonly kind: TicketKind
  readonly token: string
  readonly at: Date
}

/** The ticket, if it could be used now; it is not used up. */
export async function findTicket(db: Db, { kind, token, at }: Presented): Promise<Ticket | undefined> {
  const [row] = await db.sql<Ticket>`
    select staff_id as "staffId", data from staff_ticket
    where token_hash = ${hashToken(token)} and kind = ${kind} and used_at is null and expires_at > ${at}`
  return row
}

/** Uses the ticket up. Undefined: it is unknown, over, or was used; of several at once one gets it. */
export async function takeTicket(db: Db, { kind, token, at }: Presented): Promise<Ticket | undefined> {
  const [row] = await db.sql<Ticket>`
    update staff_ticket set used_at = ${at}
    where token_hash = ${hashToken(token)} and kind = ${kind} and used_at is null and expires_at > ${at}
    returning staff_id as "staffId", data`
  return row
}

/** Ends what a person was invited with before. */
export async function endInvitations(db: Db, { staffId, at }: { staffId: number; at: Date }): Promise<void> {
  await db.sql`
    update staff_ticket set used_at = ${at} where kind = 'invitation' and staff_id = ${staffId} and used_at is null`
}
