import type { Db, Tx } from '../../db/sql'
import type { Locale } from '../locale'
import { isAtLeast, type Role } from '../staff/role'

/** Somebody of the merchant's who does something with a request. */
export interface DeskActor {
  readonly staffId: number
  readonly role: Role
}

/** A request as those who change it need it, read under its conversation's lock. */
export interface HeldRequest {
  readonly id: number
  readonly version: number
  readonly status: 'waiting' | 'agent' | 'returned' | 'closed'
  readonly channel: string
  readonly conversationId: string
  readonly memberId: string | null
  readonly locale: Locale
  readonly staffId: number | null
  readonly team: string | null
  readonly externalDesk: string | null
  readonly leftAt: Date | null
  readonly resolution: 'confirmed' | 'assumed' | 'reopened' | null
}

/**
 * Why a request was not changed. `changed`: somebody was faster, read it again; `not-open`: it has ended;
 * `not-yours`: a colleague has it, and only a supervisor may take it from them.
 */
export type DeskRefusalCode =
  | 'unknown-request'
  | 'unknown-conversation'
  | 'unknown-staff'
  | 'unknown-team'
  | 'changed'
  | 'not-open'
  | 'not-yours'
  | 'nothing-waiting'
  | 'key-used'

export interface DeskRefusal {
  readonly ok: false
  readonly code: DeskRefusalCode
}

export type Moved = { readonly ok: true; readonly request: HeldRequest } | DeskRefusal

export function refused(code: DeskRefusalCode): DeskRefusal {
  return { ok: false, code }
}

/** Takes a conversation's lock until the transaction ends: the one that its turns take. */
export async function lockConversation(
  tx: Tx,
  { channel, conversationId }: { channel: string; conversationId: string },
): Promise<void> {
  await tx.sql`select pg_advisory_xact_lock(hashtextextended(${channel} || E'\\x1f' || ${conversationId}, 0))`
}

/** Takes the lock of a request's conversation and reads the request as it is from then on; undefined for an unknown one. */
export async function holdRequest(tx: Tx, { requestId }: { requestId: number }): Promise<HeldRequest | undefined> {
  await tx.sql`
    select pg_advisory_xact_lock(hashtextextended(channel || E'\\x1f' || conversation_id, 0))
    from handoff_request where id = ${requestId}`
  return readHeld(tx, { requestId })
}

export async function readHeld(tx: Db, { requestId }: { requestId: number }): Promise<HeldRequest | undefined> {
  const [row] = await tx.sql<HeldRequest>`
    select id, version, status, channel, conversation_id as "conversationId", member_id as "memberId", locale,
      staff_id as "staffId", team, external_desk as "externalDesk", left_at as "leftAt", resolution
    from handoff_request where id = ${requestId}`
  return row
}

/** Whether somebody may end, hand on or speak in a request that an agent has. */
export function mayHandle({ staffId }: HeldRequest, actor: DeskActor): boolean {
  return staffId === actor.staffId || isAtLeast(actor.role, 'supervisor')
}
