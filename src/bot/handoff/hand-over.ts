import type { Tx } from '../../db/sql'
import { addressedTo } from '../connector/addressed'
import type { Reference } from '../connector/client'
import type { Outbox } from '../connector/outbox'
import type { OutboxRow } from '../connector/outbox-store'
import type { Hub } from '../directline/hub'
import type { LoggedActivity } from '../directline/log'
import { OWN_CHANNEL } from '../reading'
import { storableJson } from '../turn/storable-json'

/** The ways in which messages leave that are no answer of a turn. */
export interface Outlets {
  readonly hub: Pick<Hub, 'published'>
  readonly outbox: Pick<Outbox, 'enqueue'>
}

/** A message that was stored to leave with the transaction. */
export interface Handed {
  /** The outbox's row; null where it is in the web chat's log, or can't leave at all. */
  readonly outboxId: number | null
  /** False where nobody knows how to reach the conversation. */
  readonly reachable: boolean
  /** Sends it on its way, once the transaction is committed. */
  committed(): void
}

const LEASE_MS = 30_000

/**
 * Stores a message for a conversation in a transaction that holds its lock: in the web chat's log, elsewhere in the outbox, which sees
 * to order, retries and doubtful answers. `activity` has no addresses; `from` is for the web chat.
 */
export async function handOver(
  tx: Tx,
  outlets: Outlets,
  {
    channel,
    conversationId,
    activity,
    from,
    at,
  }: { channel: string; conversationId: string; activity: object; from: object; at: Date },
): Promise<Handed> {
  if (channel === OWN_CHANNEL) {
    const logged: LoggedActivity = { ...activity, from, timestamp: at.toISOString() }
    const [row] = await tx.sql<{ seq: number | null }>`
      select directline_append(${conversationId}, ${storableJson(logged)}::jsonb, ${at}) as seq`
    const seq = row?.seq ?? null
    const committed = () => (seq === null ? undefined : outlets.hub.published(conversationId, seq, [logged]))
    return { outboxId: null, reachable: seq !== null, committed }
  }
  const [state] = await tx.sql<{ reference: Reference | null }>`
    select reference from conversation_state where channel = ${channel} and conversation_id = ${conversationId}`
  if (!state?.reference) return { outboxId: null, reachable: false, committed: () => undefined }
  return enqueue(tx, outlets, { channel, conversationId, reference: state.reference, activity, at })
}

async function enqueue(
  tx: Tx,
  { outbox }: Outlets,
  {
    channel,
    conversationId,
    reference,
    activity,
    at,
  }: { channel: string; conversationId: string; reference: Reference; activity: object; at: Date },
): Promise<Handed> {
  const leasedUntil = new Date(at.getTime() + LEASE_MS)
  const addressed = { ...activity, ...addressedTo(reference, undefined) }
  const [row] = await tx.sql<{ id: number; earlierIds: number[] | null }>`
    with earlier as (
      select id from outbox where channel = ${channel} and conversation_id = ${conversationId} and status = 'pending'
      order by id limit 100
    )
    insert into outbox (channel, conversation_id, reference, activity, status, next_attempt_at, created_at)
    values (${channel}, ${conversationId}, ${JSON.stringify(reference)}::jsonb, ${storableJson(addressed)}::jsonb, 'pending',
      ${leasedUntil}, ${at})
    returning id, (select array_agg(id) from earlier) as "earlierIds"`
  if (!row) throw new Error('the outbox took nothing')
  const { id } = row
  const sending: OutboxRow = { id, channel, conversationId, reference, activity: addressed, attempts: 0, leasedUntil }
  return {
    outboxId: id,
    reachable: true,
    committed: () => outbox.enqueue([sending], row.earlierIds?.map(Number) ?? []),
  }
}
