import type { ReplyExperiment } from '../../core/experiments/experiment'
import type { MerchantRow } from '../../core/merchant'
import { type Balance, type BalanceRow, balanceOfRow } from '../../core/points/balance'
import type { Db } from '../../db/sql'
import type { Incoming } from './incoming'
import { storableJson } from './storable-json'

/** What a turn starts from. `version` is 0 and `state` null for a conversation that has just begun. */
export interface TurnStart {
  readonly answered: boolean
  /** What a duplicate is answered with. */
  readonly response: unknown
  readonly version: number
  readonly state: unknown
  readonly memberId: string | null
  readonly displayName: string | null
  readonly memberLocale: string | null
  /** The open request for a person, other than a message that was left; null while the bot has the conversation. */
  readonly requestId: number | null
  readonly requestStatus: 'waiting' | 'agent' | null
  /** Null where nobody has set the merchant up. */
  readonly merchant: MerchantRow | null
  /** The experiments on replies that run, for a member. */
  readonly experiments: readonly ReplyExperiment[]
  /** The member's balance, where it was asked for and the lock did not have to be waited for. */
  readonly balance?: Balance
}

/**
 * Takes the conversation's lock until the transaction ends, and loads the state and who the person is, in one round trip.
 * Statements of this transaction are cancelled after `timeoutMs` from here on. `balanceAt`: brings the member's balance along.
 */
export async function beginTurn(
  db: Db,
  incoming: Incoming,
  { timeoutMs, balanceAt }: { timeoutMs: number; balanceAt?: Date },
): Promise<TurnStart> {
  const { channel, conversationId, activityId, tenantId, userId, asMemberId } = incoming
  const [row] = await db.sql<{ begun: Begun }>`
    select turn_begin(${channel}, ${conversationId}, ${activityId}, ${tenantId}, ${userId}, ${asMemberId ?? null},
      ${timeoutMs}, ${balanceAt ?? null}) as begun`
  if (!row) throw new Error('turn_begin returned no row')
  const { start, balance, experiments } = row.begun
  return { ...start, experiments: experiments ?? [], ...(balance ? { balance: balanceOfRow(balance) } : {}) }
}

interface Begun {
  readonly start: Omit<TurnStart, 'balance' | 'experiments'>
  readonly balance: BalanceRow | null
  readonly experiments: readonly ReplyExperiment[] | null
}

export interface TurnEnd {
  readonly expectedVersion: number
  /** Absent: the stored state stays as it is. */
  readonly state?: object
  readonly reference?: object
  readonly response?: object
  /** Replies to be sent through a connector, in order. */
  readonly outbox?: readonly object[]
  /** Activities for the Direct Line log, in order. */
  readonly log?: readonly object[]
  readonly at: Date
  readonly leasedUntil: Date
  /** What was said and answered, where the channel keeps no log of its own. */
  readonly spoken?: { readonly said: string; readonly replies: readonly object[] }
}

export interface TurnStored {
  readonly outboxIds: readonly number[]
  /** Rows of the conversation that were stored before and still wait to be sent. */
  readonly earlierIds: readonly number[]
  /** Until then the outbox rows are this process's to send. */
  readonly leasedUntil: Date
  /** Number in the log of the first activity. */
  readonly firstSeq: number
}

/** Saves all that a turn leaves in one round trip. Throws (SQLSTATE 40001) when the state is not at the expected version. */
export async function endTurn(db: Db, incoming: Incoming, end: TurnEnd): Promise<TurnStored> {
  const { channel, conversationId, activityId } = incoming
  const [row] = await db.sql<{
    left: { outboxIds: number[] | null; earlierIds: number[] | null; firstSeq: number | null }
  }>`
    select turn_end(${channel}, ${conversationId}, ${activityId}, ${end.expectedVersion},
      ${json(end.state)}, ${json(end.reference)}, ${json(end.response)},
      ${list(end.outbox)}, ${list(end.log)}, ${end.at}, ${end.leasedUntil},
      ${end.spoken?.said ?? null}, ${json(end.spoken?.replies)}) as "left"`
  if (!row) throw new Error('turn_end returned no row')
  const { outboxIds, earlierIds, firstSeq } = row.left
  return {
    outboxIds: outboxIds ?? [],
    earlierIds: earlierIds ?? [],
    leasedUntil: end.leasedUntil,
    firstSeq: firstSeq ?? 0,
  }
}

function json(value: object | undefined): string | null {
  return value === undefined ? null : storableJson(value)
}

function list(values: readonly object[] | undefined): string | null {
  return values === undefined || values.length === 0 ? null : storableJson(values)
}
