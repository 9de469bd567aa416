import type { Db } from '../../db/sql'
import type { Locale } from '../locale'
import { isAtLeast, type Role } from '../staff/role'

/** Who of the merchant's people asks. */
export interface Asking {
  readonly id: number
  readonly displayName: string
  readonly role: Role
}

/** A request for a person as far as assistance needs it. */
export interface DeskRequest {
  readonly id: number
  readonly channel: string
  readonly conversationId: string
  readonly memberId: string | null
  readonly locale: Locale
  readonly reason: string
  readonly said: string
  readonly status: 'waiting' | 'agent' | 'returned' | 'closed'
  readonly staffId: number | null
  readonly requestedAt: Date
  readonly closedAt: Date | null
  /** When the request of the conversation before this one ended; what was said until then belongs to that one. */
  readonly previousEndedAt: Date | null
}

export type DeskRequestResult =
  | { readonly ok: true; readonly request: DeskRequest }
  | { readonly ok: false; readonly code: 'unknown-request' | 'not-yours' }

/**
 * The request, if this person may see it: agents see what waits, what is theirs and what has ended; an open conversation
 * of a colleague is for supervisors and above. Refusals: unknown-request, not-yours.
 */
export async function findDeskRequest(
  db: Db,
  { requestId, staff }: { requestId: number; staff: Asking },
): Promise<DeskRequestResult> {
  const [request] = await db.sql<DeskRequest>`
    select request.id, request.channel, request.conversation_id as "conversationId", request.member_id as "memberId",
      request.locale, request.reason, request.said, request.status, request.staff_id as "staffId",
      request.requested_at as "requestedAt", request.closed_at as "closedAt", (
        select max(earlier.closed_at) from handoff_request earlier
        where earlier.channel = request.channel and earlier.conversation_id = request.conversation_id
          and earlier.requested_at < request.requested_at
      ) as "previousEndedAt"
    from handoff_request request where request.id = ${requestId}`
  if (!request) return { ok: false, code: 'unknown-request' }
  const isColleagues = request.status === 'agent' && request.staffId !== staff.id
  if (isColleagues && !isAtLeast(staff.role, 'supervisor')) return { ok: false, code: 'not-yours' }
  return { ok: true, request }
}
