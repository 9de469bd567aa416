import type { Tx } from '../../db/sql'
import { isHeldOut } from '../experiments/assign'
import { readMerchant } from '../merchant'
import { type CampaignDefinition, campaignDefinition } from './definition'
import { type DropReason, type GateFacts, passGate } from './gate'

/** A message whose time has come and that may go. */
export interface Sendable {
  readonly id: number
  readonly memberId: string
  readonly displayName: string | null
  readonly locale: string | null
  readonly arm: string
  readonly definition: CampaignDefinition
  readonly channel: string
  readonly conversationId: string
  /** How the channel is reached; null for web chat. */
  readonly reference: object | null
  /** Nothing was ever sent to this member before. */
  readonly isFirst: boolean
}

interface DueRow extends Omit<Sendable, 'definition' | 'channel' | 'conversationId'> {
  campaignStatus: string
  campaignEndsAt: Date | null
  definition: unknown
  channel: string | null
  conversationId: string | null
  hasBought: boolean
  hasConsent: boolean | null
  hadMessage: boolean
  isWithPerson: boolean
  timeZone: string | null
}

/** What the gate said of a batch. */
export interface Gated {
  readonly sendable: readonly Sendable[]
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>
  readonly deferred: number
}

/**
 * Takes messages whose time has come, at most `limit`, and puts each through the gate: what may not be sent is dropped with
 * its reason or put off, the rest is the caller's to send and mark in the same transaction. One caller at a time: another one
 * gets nothing.
 */
export async function takeDue(tx: Tx, { at, limit }: { at: Date; limit: number }): Promise<Gated> {
  const nothing: Gated = { sendable: [], dropped: {}, deferred: 0 }
  const [lock] = await tx.sql<{ isOurs: boolean }>`
    select pg_try_advisory_xact_lock(hashtext('regulars sending')) as "isOurs"`
  if (!lock?.isOurs) return nothing
  const merchant = await readMerchant(tx)
  const { messageEveryDays, globalHoldoutShare, quietHours } = merchant.settings
  const rows = await readDue(tx, { at, limit, messageEveryDays })
  const sendable: Sendable[] = []
  const dropped: { id: number; reason: DropReason }[] = []
  const deferred: { id: number; until: Date }[] = []
  const members = new Set<string>()
  for (const row of rows) {
    const facts: GateFacts = {
      ...row,
      isHeldOut: isHeldOut(row.memberId, globalHoldoutShare),
      isReachable: row.channel !== null,
      hasConsent: row.hasConsent === true,
      // Two campaigns in one batch: the second hears of the first.
      hadMessage: row.hadMessage || (messageEveryDays > 0 && members.has(row.memberId)),
      timeZone: row.timeZone ?? merchant.timeZone,
      quietHours,
    }
    const gate = passGate(facts, at)
    if (gate.kind === 'drop') dropped.push({ id: row.id, reason: gate.reason })
    else if (gate.kind === 'defer') deferred.push({ id: row.id, until: gate.until })
    else if (row.channel !== null && row.conversationId !== null) {
      members.add(row.memberId)
      const { channel, conversationId } = row
      sendable.push({ ...row, channel, conversationId, definition: campaignDefinition.parse(row.definition) })
    }
  }
  await drop(tx, dropped)
  await putOff(tx, deferred)
  const counts: Partial<Record<DropReason, number>> = {}
  for (const { reason } of dropped) counts[reason] = (counts[reason] ?? 0) + 1
  return { sendable, dropped: counts, deferred: deferred.length }
}

function readDue(
  tx: Tx,
  { at, limit, messageEveryDays }: { at: Date; limit: number; messageEveryDays: number },
): Promise<DueRow[]> {
  return tx.sql<DueRow>`
    with due as materialized (
      select * from campaign_message where status = 'queued' and next_attempt_at <= ${at}
      order by next_attempt_at, id limit ${limit}
    )
    select due.id, due.member_id as "memberId", due.arm, member.display_name as "displayName", member.locale,
      member.time_zone as "timeZone", campaign.status as "campaignStatus", campaign.ends_at as "campaignEndsAt",
      campaign.definition, way.channel, way.conversation_id as "conversationId", way.reference,
      (select consent.status = 'granted' from message_consent consent
        where consent.member_id = due.member_id and consent.kind = campaign.kind and consent.channel = way.channel) as "hasConsent",
      exists (select from shop_order bought where bought.member_id = due.member_id and bought.kind = 'sale'
        and bought.status <> 'cancelled' and bought.placed_at > dealt.assigned_at and bought.placed_at <= ${at}) as "hasBought",
      exists (select from campaign_message earlier where earlier.member_id = due.member_id
        and earlier.sent_at > ${at}::timestamptz - make_interval(days => ${messageEveryDays})) as "hadMessage",
      not exists (select from campaign_message earlier where earlier.member_id = due.member_id and earlier.sent_at is not null)
        as "isFirst",
      exists (select from handoff_request waiting where waiting.status in ('waiting', 'agent')
        and (waiting.left_at is null or waiting.status = 'agent') and (waiting.member_id = due.member_id
        or (waiting.channel = way.channel and waiting.conversation_id = way.conversation_id))) as "isWithPerson"
    from due
      join campaign on campaign.id = due.campaign_id
      join campaign_member dealt on dealt.campaign_id = due.campaign_id and dealt.member_id = due.member_id
      join member on member.id = due.member_id and member.erased_at is null
      left join lateral (
        -- Where the member was last spoken with alone.
        select identity.channel, place.conversation_id, place.reference
        from channel_identity identity
          cross join lateral (
            select web.id as conversation_id, null::jsonb as reference, coalesce(spoken.updated_at, web.created_at) as seen_at
            from directline_conversation web
              left join conversation_state spoken on spoken.channel = 'directline' and spoken.conversation_id = web.id
            where identity.channel = 'directline' and web.user_id = identity.user_id
            union all
            select spoken.conversation_id, spoken.reference, spoken.updated_at
            from conversation_state spoken
            where identity.channel <> 'directline' and spoken.channel = identity.channel
              and spoken.reference #>> '{user,id}' = identity.user_id
              and coalesce(spoken.reference #>> '{conversation,tenantId}', '') = identity.tenant_id
              and coalesce(spoken.reference #>> '{conversation,isGroup}', 'false') = 'false'
              and coalesce(spoken.reference #>> '{conversation,conversationType}', 'personal') = 'personal'
          ) place
        where identity.member_id = due.member_id
        order by place.seen_at desc limit 1
      ) way on true
    order by due.next_attempt_at, due.id`
}

async function drop(tx: Tx, rows: readonly { id: number; reason: DropReason }[]): Promise<void> {
  if (rows.length === 0) return
  await tx.sql`
    update campaign_message message set status = 'dropped', drop_reason = gone.reason
    from unnest(${rows.map(({ id }) => id)}::bigint[], ${rows.map(({ reason }) => reason)}::text[]) gone (id, reason)
    where message.id = gone.id and message.status = 'queued'`
}

async function putOff(tx: Tx, rows: readonly { id: number; until: Date }[]): Promise<void> {
  if (rows.length === 0) return
  await tx.sql`
    update campaign_message message set next_attempt_at = later.until
    from unnest(${rows.map(({ id }) => id)}::bigint[], ${rows.map(({ until }) => until.toISOString())}::timestamptz[])
      later (id, until)
    where message.id = later.id and message.status = 'queued'`
}

/** Marks messages as sent, with what carries each. */
export async function markSent(
  tx: Tx,
  { sent, at }: { sent: readonly { message: Sendable; outboxId: number | null }[]; at: Date },
): Promise<void> {
  if (sent.length === 0) return
  await tx.sql`
    update campaign_message message set status = 'sent', sent_at = ${at}, attempts = 1, channel = gone.channel,
      conversation_id = gone.conversation_id, outbox_id = gone.outbox_id
    from unnest(${sent.map(({ message }) => message.id)}::bigint[], ${sent.map(({ message }) => message.channel)}::text[],
      ${sent.map(({ message }) => message.conversationId)}::text[], ${sent.map(({ outboxId }) => outboxId)}::bigint[])
      gone (id, channel, conversation_id, outbox_id)
    where message.id = gone.id`
}

/** Writes down which of the messages handed to the outbox did not arrive, or may not have. They are never sent again. */
export async function noteUndelivered(tx: Tx): Promise<void> {
  await tx.sql`
    update campaign_message message set status = carried.status, last_error = carried.last_error
    from outbox carried
    where carried.id = message.outbox_id and message.status = 'sent' and carried.status in ('failed', 'unknown')`
}
