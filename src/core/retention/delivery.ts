import type { Db, Tx } from '../../db/sql'
import { backOffMs } from '../sending/back-off'
import { AHEAD_MAX_MS } from '../sending/slots'
import type { DropReason } from './gate'
import { keysOf, type MessageKey, wordOf } from './message-key'
import type { Sendable } from './queue'

/** Tries after which a message is a dead letter. */
const ATTEMPTS_MAX = 8

/** What became of one try. */
export type Delivery =
  | { readonly kind: 'sent' }
  /** It was not written, because its slot was missed or the channel told us to wait: like never tried. */
  | { readonly kind: 'given-back'; readonly until: Date }
  /** They opted out, or the campaign was ended, in the moment between the gate and its leaving. */
  | { readonly kind: 'unwanted'; readonly reason: DropReason }
  /** It did not arrive, and may be tried again, not before `afterMs` when the channel named a time. */
  | { readonly kind: 'retry'; readonly isThrottled: boolean; readonly afterMs?: number; readonly error: string }
  | { readonly kind: 'refused'; readonly error: string }
  | { readonly kind: 'unknown'; readonly error: string }

export interface Delivered {
  readonly message: Pick<Sendable, keyof MessageKey | 'attempts'>
  readonly delivery: Delivery
  readonly at: Date
}

/** Marks messages that are in the web chat's log by now. */
export async function markSent(tx: Tx, { leaving }: { leaving: readonly Leaving[] }): Promise<void> {
  await mark(tx, leaving, { status: 'sent', leasedUntil: null })
}

/**
 * Marks messages that are about to be sent, before anything is. From here on each of them counts as sent unless its outcome
 * says otherwise, and when this process dies as `unknown`.
 */
export async function markSending(
  tx: Tx,
  { leaving, leasedUntil }: { leaving: readonly Leaving[]; leasedUntil: Date },
): Promise<void> {
  await mark(tx, leaving, { status: 'sending', leasedUntil })
}

/** A message, and when it leaves (in ms). */
export interface Leaving {
  readonly message: Sendable
  readonly slotMs: number
}

async function mark(
  tx: Tx,
  leaving: readonly Leaving[],
  { status, leasedUntil }: { status: 'sent' | 'sending'; leasedUntil: Date | null },
): Promise<void> {
  if (leaving.length === 0) return
  const messages = leaving.map(({ message }) => message)
  const [campaignIds, memberIds] = keysOf(messages)
  await tx.sql`
    update campaign_message message set status = ${status}, attempts = attempts + 1, leased_until = ${leasedUntil},
      sent_at = gone.sent_at, channel = gone.channel, conversation_id = gone.conversation_id, last_error = null,
      holdout_share = gone.holdout_share
    from unnest(${campaignIds}::bigint[], ${memberIds}::text[], ${messages.map(({ channel }) => channel)}::text[],
      ${messages.map(({ conversationId }) => conversationId)}::text[],
      ${leaving.map(({ slotMs }) => new Date(slotMs).toISOString())}::timestamptz[],
      ${messages.map(({ holdoutShare }) => holdoutShare)}::float8[])
      gone (campaign_id, member_id, channel, conversation_id, sent_at, holdout_share)
    where message.campaign_id = gone.campaign_id and message.member_id = gone.member_id and message.status = 'queued'`
}

/** Writes down what became of messages that were being sent. Twice is like once. */
export async function settle(db: Db, delivered: readonly Delivered[]): Promise<void> {
  const rows = delivered.map(rowOf)
  const [campaignIds, memberIds] = keysOf(delivered.map(({ message }) => message))
  await db.sql`
    update campaign_message message set status = came.status, leased_until = null, last_error = came.error,
      drop_reason = came.drop_reason,
      next_attempt_at = coalesce(came.next_attempt_at, message.next_attempt_at),
      put_off_at = case when came.next_attempt_at is null then message.put_off_at else came.at end, attempts = message.attempts - came.untried,
      sent_at = case when came.status in ('sent', 'unknown') then message.sent_at end,
      -- Where it never went is nobody's address any more: whoever was erased would be found by it.
      conversation_id = case when came.status <> 'dropped' then message.conversation_id end
    from unnest(${campaignIds}::bigint[], ${memberIds}::text[], ${rows.map(({ status }) => status)}::text[],
      ${rows.map(({ error }) => error)}::text[], ${rows.map(({ nextAttemptAt }) => nextAttemptAt)}::timestamptz[],
      ${rows.map(({ untried }) => untried)}::int[], ${rows.map(({ dropReason }) => dropReason)}::text[], ${delivered.map(({ at }) => at.toISOString())}::timestamptz[])
      came (campaign_id, member_id, status, error, next_attempt_at, untried, drop_reason, at)
    where message.campaign_id = came.campaign_id and message.member_id = came.member_id and message.status = 'sending'`
}

interface SettledRow {
  readonly status: 'sent' | 'queued' | 'dropped' | 'failed' | 'unknown' | 'dead'
  readonly error: string | null
  readonly nextAttemptAt: string | null
  /** 1 where the try does not count. */
  readonly untried: number
  readonly dropReason: DropReason | null
}

function rowOf({ message, delivery, at }: Delivered): SettledRow {
  const { attempts } = message
  const row = { error: null, nextAttemptAt: null, untried: 0, dropReason: null }
  switch (delivery.kind) {
    case 'sent':
      return { ...row, status: 'sent' }
    case 'given-back':
      return { ...row, status: 'queued', untried: 1, nextAttemptAt: delivery.until.toISOString() }
    case 'unwanted':
      return { ...row, status: 'dropped', untried: 1, dropReason: delivery.reason }
    case 'refused':
      return { ...row, status: 'failed', error: delivery.error }
    case 'unknown':
      return { ...row, status: 'unknown', error: delivery.error }
    case 'retry': {
      const { isThrottled, afterMs = 0, error } = delivery
      // Being told to wait says nothing about the message.
      const untried = isThrottled ? 1 : 0
      if (attempts + 1 - untried >= ATTEMPTS_MAX) return { ...row, status: 'dead', error }
      const waitMs = Math.max(afterMs, backOffMs(`campaign ${wordOf(message)}`, attempts + 1))
      return { ...row, status: 'queued', error, untried, nextAttemptAt: new Date(at.getTime() + waitMs).toISOString() }
    }
  }
}

/** A message that is not wanted any more; `reason` is null where it may be later: its campaign is paused. */
export interface Unwanted extends MessageKey {
  readonly reason: DropReason | null
}

/** Which of these messages, about to be sent, are not wanted any more. Who was erased agreed to nothing. */
export async function listUnwanted(
  db: Db,
  messages: readonly Pick<Sendable, keyof MessageKey | 'channel'>[],
): Promise<Unwanted[]> {
  if (messages.length === 0) return []
  const [campaignIds, memberIds] = keysOf(messages)
  return db.sql<Unwanted>`
    select asked.campaign_id as "campaignId", asked.member_id as "memberId", case when campaign.status = 'ended' then 'campaign-over'
      when consent.member_id is null then 'no-consent' end as reason
    from unnest(${campaignIds}::bigint[], ${memberIds}::text[], ${messages.map(({ channel }) => channel)}::text[])
        asked (campaign_id, member_id, channel)
      join campaign on campaign.id = asked.campaign_id
      left join message_consent consent on consent.member_id = asked.member_id and consent.kind = campaign.kind
        and consent.channel = asked.channel and consent.status = 'granted'
    where consent.member_id is null or campaign.status <> 'running'`
}

/**
 * What a dead process was sending may have arrived: it is never sent again. No lease is so long as one that was taken before
 * the clock was set back seems to be; who took it may still be there, and has a little time.
 */
export async function giveUpLeft(tx: Tx, { at }: { at: Date }): Promise<void> {
  const latest = new Date(at.getTime() + AHEAD_MAX_MS)
  await tx.sql`
    with shortened as (
      update campaign_message set leased_until = ${latest} where status = 'sending' and leased_until > ${latest}
    )
    update campaign_message set status = 'unknown', last_error = 'the process that was sending it ended'
    where status = 'sending' and leased_until < ${at}`
}

/**
 * Notes that a channel does not take messages to somebody any more: blocked, or gone. It holds until they speak there again.
 */
export async function markUnreachable(
  db: Db,
  { channel, tenantId, userId, at }: { channel: string; tenantId: string; userId: string; at: Date },
): Promise<void> {
  await db.sql`
    update channel_identity set unreachable_at = ${at}
    where channel = ${channel} and tenant_id = ${tenantId} and user_id = ${userId}`
}
