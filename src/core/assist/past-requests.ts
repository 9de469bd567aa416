import type { Db } from '../../db/sql'

/** A request for a person that a member made before. */
export interface PastRequest {
  readonly id: number
  readonly requestedAt: Date
  readonly closedAt: Date | null
  readonly reason: string
  /** What the member said when it began. */
  readonly said: string
  readonly resolution: string | null
  /** 1 to 5. */
  readonly csatScore: number | null
  /** Who had it last. */
  readonly staff: string | null
}

/** The member's requests, newest first, without the one that is being looked at. */
export function listPastRequests(
  db: Db,
  { memberId, exceptId, limit }: { memberId: string; exceptId: number; limit: number },
): Promise<PastRequest[]> {
  return db.sql<PastRequest>`
    select request.id, request.requested_at as "requestedAt", request.closed_at as "closedAt", request.reason,
      request.said, request.resolution, request.csat_score as "csatScore", staff.display_name as staff
    from handoff_request request left join staff on staff.id = request.staff_id
    where request.member_id = ${memberId} and request.id <> ${exceptId}
    order by request.requested_at desc, request.id desc limit ${limit}`
}
