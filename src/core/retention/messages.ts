import type { Db } from '../../db/sql'

export const messageStatuses = ['queued', 'sending', 'sent', 'dropped', 'failed', 'unknown', 'dead'] as const
export type MessageStatus = (typeof messageStatuses)[number]

/** A message of a campaign, and what became of it. */
export interface CampaignMessageRow {
  readonly memberId: string
  readonly arm: string
  readonly status: MessageStatus
  readonly dropReason: string | null
  readonly channel: string | null
  readonly attempts: number
  readonly nextAttemptAt: Date
  readonly sentAt: Date | null
  readonly error: string | null
}

/** How many messages of a campaign came to what, with the reason of those that were dropped. */
export interface MessageCount {
  readonly status: MessageStatus
  readonly dropReason: string | null
  readonly messages: number
}

/** The messages of a campaign, those with these statuses only where some are named, the earliest first. */
export function listMessages(
  db: Db,
  { code, statuses, limit }: { code: string; statuses: readonly MessageStatus[]; limit: number },
): Promise<CampaignMessageRow[]> {
  return db.sql<CampaignMessageRow>`
    select member_id as "memberId", arm, message.status, drop_reason as "dropReason", channel, attempts,
      next_attempt_at as "nextAttemptAt", sent_at as "sentAt", last_error as error
    from campaign_message message join campaign on campaign.id = message.campaign_id
    where campaign.code = ${code} and (cardinality(${[...statuses]}::text[]) = 0 or message.status = any (${[...statuses]}::text[]))
    order by message.due_at, message.member_id limit ${limit}`
}

export function countMessages(db: Db, { code }: { code: string }): Promise<MessageCount[]> {
  return db.sql<MessageCount>`
    select message.status, drop_reason as "dropReason", count(*)::int as messages
    from campaign_message message join campaign on campaign.id = message.campaign_id
    where campaign.code = ${code} group by message.status, drop_reason order by 3 desc, 1, 2`
}
