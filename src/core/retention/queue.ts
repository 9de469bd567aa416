import type { Tx } from '../../db/sql'
import { isHeldOut } from '../experiments/assign'
import { type Merchant, readMerchant } from '../merchant'
import { countFreeSlots } from '../sending/bucket'
import { type ChannelLimits, type LimitsTable, limitsOf, scopeOf } from '../sending/limits'
import { AHEAD_MAX_MS, type SendWindow } from '../sending/slots'
import { readThreadFreeAt } from '../sending/threads'
import { type CampaignDefinition, campaignDefinition } from './definition'
import { NOTICE_DAYS } from './expiry-notice'
import { type DropReason, type GateFacts, passGate } from './gate'
import { keysOf, type MessageKey } from './message-key'

const DAY_MS = 24 * 3_600_000

/** A message whose time has come and that may go. */
export interface Sendable extends MessageKey {
  readonly displayName: string | null
  readonly locale: string | null
  readonly arm: string
  readonly definition: CampaignDefinition
  readonly channel: string
  readonly conversationId: string
  readonly tenantId: string
  /** How the channel is reached; null for web chat. */
  readonly reference: object | null
  /** Tries before this one. */
  readonly attempts: number
  /** The points that expire soonest; null where none do within the time of a notice. */
  readonly expiring: { readonly points: number; readonly at: string } | null
  /** Nothing was ever sent to this member before. */
  readonly isFirst: boolean
  /** The share of members that is held out of all campaigns now. */
  readonly holdoutShare: number
}

interface DueRow extends Omit<Sendable, 'definition' | 'channel' | 'conversationId' | 'isFirst' | 'holdoutShare'> {
  campaignStatus: string
  campaignEndsAt: Date | null
  definition: unknown
  channel: string | null
  conversationId: string | null
  /** Erased, or not known any more. */
  isGone: boolean
  hasBought: boolean
  hasConsent: boolean | null
  lastSentAt: Date | null
  isWithPerson: boolean
  timeZone: string | null
}

/** What the gate said of a batch. */
export interface Gated {
  readonly sendable: readonly Sendable[]
  /** They may go, but their channel has no slot for them within the horizon. */
  readonly line: readonly Sendable[]
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>
  readonly deferred: number
  /** What could not be judged, since something stored is broken: it is settled as failed. */
  readonly failed: readonly FailedRow[]
}

export interface FailedRow extends MessageKey {
  readonly error: string
}

export interface TakeOptions {
  readonly at: Date
  readonly limits: LimitsTable
  /** From when and how far ahead slots are taken. */
  readonly leadMs: number
  readonly horizonMs: number
  /** How many messages are looked at, and how many of a channel with limits the caller can send by then. */
  readonly limit: number
  readonly room: number
}

/**
 * Takes messages whose time has come and puts each through the gate: what may not be sent is dropped with its reason or put
 * off. The rest is the caller's to send and mark in the same transaction; on a channel with limits no more than there are
 * slots within the horizon, which are still to be taken (places.ts). One caller at a time: another one gets nothing.
 */
export async function takeDue(tx: Tx, options: TakeOptions): Promise<Gated> {
  const nothing: Gated = { sendable: [], line: [], dropped: {}, deferred: 0, failed: [] }
  const [lock] = await tx.sql<{ isOurs: boolean }>`
    select pg_try_advisory_xact_lock(hashtext('regulars sending')) as "isOurs"`
  if (!lock?.isOurs) return nothing
  await lookAgain(tx, options.at)
  const rows = await readDue(tx, options)
  if (rows.length === 0) return nothing
  const { passed, dropped, deferred, failed } = gateAll(rows, await readMerchant(tx), options.at)
  const { sendable, waiting, line } = await findPlaces(tx, passed, options)
  await drop(tx, dropped)
  await fail(tx, failed)
  await putOff(tx, { rows: [...deferred, ...waiting], at: options.at })
  const counts: Partial<Record<DropReason, number>> = {}
  for (const { reason } of dropped) counts[reason] = (counts[reason] ?? 0) + 1
  return { sendable, line, dropped: counts, deferred: deferred.length, failed }
}

interface Verdicts {
  readonly passed: Sendable[]
  readonly dropped: DroppedRow[]
  readonly deferred: PutOff[]
  readonly failed: FailedRow[]
}

interface DroppedRow extends MessageKey {
  readonly reason: DropReason
}

/** A message that is looked at again not before an instant. */
export interface PutOff extends MessageKey {
  readonly until: Date
}

function gateAll(rows: readonly DueRow[], merchant: Merchant, at: Date): Verdicts {
  const verdicts: Verdicts = { passed: [], dropped: [], deferred: [], failed: [] }
  const members = new Set<string>()
  const definitions = new Map<number, CampaignDefinition>()
  for (const row of rows) {
    try {
      // Read once a campaign: a batch is mostly of one.
      const definition = definitions.get(row.campaignId) ?? campaignDefinition.parse(row.definition)
      definitions.set(row.campaignId, definition)
      gateOne(row, { definition, merchant, at, members, verdicts })
    } catch (error) {
      // One broken row may not hold up all that come after it.
      verdicts.failed.push({ ...keyOf(row), error: `it could not be judged: ${(error as Error).message}` })
    }
  }
  return verdicts
}

function gateOne(
  row: DueRow,
  {
    definition,
    merchant,
    at,
    members,
    verdicts,
  }: { definition: CampaignDefinition; merchant: Merchant; at: Date; members: Set<string>; verdicts: Verdicts },
): void {
  const { settings, timeZone } = merchant
  const { messageEveryDays, globalHoldoutShare, quietHours } = settings
  const since = new Date(at.getTime() - messageEveryDays * DAY_MS)
  const facts: GateFacts = {
    ...row,
    hasBought: row.hasBought && !definition.notice,
    isOutdated: definition.notice !== undefined && row.expiring === null,
    isHeldOut: isHeldOut(row.memberId, globalHoldoutShare),
    isReachable: row.channel !== null && !row.isGone,
    hasConsent: row.hasConsent === true,
    // Two campaigns in one batch: the second hears of the first.
    hadMessage:
      (row.lastSentAt !== null && row.lastSentAt > since) || (messageEveryDays > 0 && members.has(row.memberId)),
    timeZone: row.timeZone ?? timeZone,
    quietHours,
  }
  const gate = passGate(facts, at)
  if (gate.kind === 'drop') verdicts.dropped.push({ ...keyOf(row), reason: gate.reason })
  else if (gate.kind === 'defer') verdicts.deferred.push({ ...keyOf(row), until: gate.until })
  else if (row.channel !== null && row.conversationId !== null) {
    members.add(row.memberId)
    const { channel, conversationId, lastSentAt } = row
    verdicts.passed.push({
      ...row,
      channel,
      conversationId,
      definition,
      isFirst: lastSentAt === null,
      holdoutShare: globalHoldoutShare,
    })
  }
}

/** Whom of those that passed their channel has a place for: the threads' windows hold, and a slot is free. */
async function findPlaces(
  tx: Tx,
  passed: readonly Sendable[],
  { at, limits, leadMs, horizonMs, room }: TakeOptions,
): Promise<{ sendable: Sendable[]; waiting: PutOff[]; line: Sendable[] }> {
  const places: { sendable: Sendable[]; waiting: PutOff[]; line: Sendable[] } = { sendable: [], waiting: [], line: [] }
  const scopes = new Map<string, { window: SendWindow; messages: Sendable[] }>()
  for (const [limited, group] of byLimits(passed, limits)) {
    if (!limited) {
      places.sendable.push(...group)
      continue
    }
    const freeAt = await readThreadFreeAt(tx, { threads: group, windows: limited.thread, at })
    for (const [place, message] of group.entries()) {
      const until = freeAt[place]
      if (until) places.waiting.push({ ...keyOf(message), until })
      else {
        const scope = scopeOf(message.channel, message.tenantId)
        const known = scopes.get(scope) ?? { window: limited.tenant, messages: [] }
        known.messages.push(message)
        scopes.set(scope, known)
      }
    }
  }
  let left = room
  for (const [scope, { window, messages }] of scopes) {
    const wanted = Math.min(messages.length, left)
    const free = wanted > 0 ? await countFreeSlots(tx, { scope, window, wanted, at, leadMs, horizonMs }) : 0
    left -= free
    places.sendable.push(...messages.slice(0, free))
    places.line.push(...messages.slice(free))
  }
  return places
}

function keyOf({ campaignId, memberId }: MessageKey): MessageKey {
  return { campaignId, memberId }
}

function byLimits(passed: readonly Sendable[], limits: LimitsTable): Map<ChannelLimits | null, Sendable[]> {
  const groups = new Map<ChannelLimits | null, Sendable[]>()
  for (const message of passed) {
    const limited = limitsOf(limits, message.channel)
    groups.set(limited, [...(groups.get(limited) ?? []), message])
  }
  return groups
}

function readDue(tx: Tx, { at, limit }: { at: Date; limit: number }): Promise<DueRow[]> {
  return tx.sql<DueRow>`
    with due as materialized (
      select * from campaign_member where status = 'queued' and next_attempt_at <= ${at}
      order by next_attempt_at limit ${limit}
    )
    select due.campaign_id as "campaignId", due.member_id as "memberId", due.arm, member.display_name as "displayName", member.locale,
      member.time_zone as "timeZone", campaign.status as "campaignStatus", campaign.ends_at as "campaignEndsAt",
      campaign.definition, due.attempts, way.channel, way.tenant_id as "tenantId", way.conversation_id as "conversationId",
      way.reference, (member.id is null or member.erased_at is not null) as "isGone",
      way."hasConsent",
      exists (select from shop_order bought where bought.member_id = due.member_id and bought.kind = 'sale'
        and bought.status <> 'cancelled' and bought.placed_at > due.assigned_at and bought.placed_at <= ${at}) as "hasBought",
      (select max(earlier.sent_at) from campaign_member earlier
        where earlier.member_id = due.member_id and earlier.sent_at is not null) as "lastSentAt",
      (select json_build_object('points', sum(lot.remaining), 'at', lot.expires_at) from lot
        where lot.member_id = due.member_id and lot.remaining > 0 and lot.available_at <= ${at}
          and lot.expires_at > ${at} and lot.expires_at <= ${at}::timestamptz + make_interval(days => ${NOTICE_DAYS})
        group by lot.expires_at order by lot.expires_at limit 1) as expiring,
      is_with_person(due.member_id, way.channel, way.conversation_id) as "isWithPerson"
    from due
      join campaign on campaign.id = due.campaign_id
      left join member on member.id = due.member_id
      left join lateral (
        -- A chat where they agreed to this before one where they did not, then the one they spoke in last.
        select chat.channel, chat.tenant_id, chat.conversation_id, chat.reference, agreed.member_id is not null as "hasConsent"
        from member_chat chat
          left join message_consent agreed on agreed.member_id = chat.member_id and agreed.kind = campaign.kind
            and agreed.channel = chat.channel and agreed.status = 'granted'
        where chat.member_id = due.member_id
        order by (agreed.member_id is not null) desc, chat.seen_at desc limit 1
      ) way on true
    order by due.next_attempt_at, due.campaign_id, due.member_id`
}

async function drop(tx: Tx, rows: readonly DroppedRow[]): Promise<void> {
  if (rows.length === 0) return
  const [campaignIds, memberIds] = keysOf(rows)
  await tx.sql`
    update campaign_message message set status = 'dropped', drop_reason = gone.reason
    from unnest(${campaignIds}::bigint[], ${memberIds}::text[], ${rows.map(({ reason }) => reason)}::text[])
      gone (campaign_id, member_id, reason)
    where message.campaign_id = gone.campaign_id and message.member_id = gone.member_id and message.status = 'queued'`
}

async function fail(tx: Tx, rows: readonly FailedRow[]): Promise<void> {
  if (rows.length === 0) return
  const [campaignIds, memberIds] = keysOf(rows)
  await tx.sql`
    update campaign_message message set status = 'failed', last_error = broken.error
    from unnest(${campaignIds}::bigint[], ${memberIds}::text[], ${rows.map(({ error }) => error)}::text[])
      broken (campaign_id, member_id, error)
    where message.campaign_id = broken.campaign_id and message.member_id = broken.member_id and message.status = 'queued'`
}

/** Looks at messages now that were put off before the clock was set back: what was said then does not hold. */
async function lookAgain(tx: Tx, at: Date): Promise<void> {
  await tx.sql`
    update campaign_message set next_attempt_at = ${at}, put_off_at = ${at}
    where status = 'queued' and put_off_at > ${new Date(at.getTime() + AHEAD_MAX_MS)}`
}

/** Looks at messages again not before these instants, as was said at `at`. */
export async function putOff(tx: Tx, { rows, at }: { rows: readonly PutOff[]; at: Date }): Promise<void> {
  if (rows.length === 0) return
  const [campaignIds, memberIds] = keysOf(rows)
  await tx.sql`
    update campaign_message message set next_attempt_at = later.until, put_off_at = ${at}
    from unnest(${campaignIds}::bigint[], ${memberIds}::text[], ${rows.map(({ until }) => until.toISOString())}::timestamptz[])
      later (campaign_id, member_id, until)
    where message.campaign_id = later.campaign_id and message.member_id = later.member_id and message.status = 'queued'`
}
