import type { Db } from '../../db/sql'

/** The open request of a conversation: waiting, left as a message, or with an agent. */
export interface OpenRequest {
  readonly id: number
  readonly status: 'waiting' | 'agent'
  readonly staffId: number | null
  readonly leftAt: Date | null
}

export async function findOpenRequest(
  db: Db,
  { channel, conversationId }: { readonly channel: string; readonly conversationId: string },
): Promise<OpenRequest | undefined> {
  const [row] = await db.sql<OpenRequest>`
    select id, status, staff_id as "staffId", left_at as "leftAt" from handoff_request
    where channel = ${channel} and conversation_id = ${conversationId} and status in ('waiting', 'agent')`
  return row
}
