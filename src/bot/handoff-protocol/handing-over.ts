import type { Clock } from '../../core/clock'
import { readEarlier } from '../../core/handoff/earlier'
import {
  askExternal,
  type ConversationAddress,
  findLatestRequest,
  noteCancelled,
} from '../../core/handoff/external-desk'
import type { Locale } from '../../core/locale'
import type { Tx } from '../../db/sql'
import { addressedTo } from '../connector/addressed'
import type { Reference } from '../connector/client'
import { type Handover, type HelpDesk, ownConsole } from './help-desk'

/** Looks after a turn whether a desk elsewhere is to be asked, or asked no more. */
export interface HandingOver {
  /** What leaves in the member's channel besides the bot's replies, addressed; mostly nothing. In the turn's transaction. */
  activitiesAfter(tx: Tx, conversation: ConversationAddress, reference: object | undefined): Promise<readonly object[]>
}

/** The first of the desks that takes a channel has its people; our own console has the rest. */
export function createHandingOver({ desks, clock }: { desks: readonly HelpDesk[]; clock: Clock }): HandingOver {
  return {
    async activitiesAfter(tx, { channel, conversationId }, reference) {
      const desk = desks.find((each) => each.takes(channel)) ?? ownConsole
      if (desk.name === null) return []
      const latest = await findLatestRequest(tx, { channel, conversationId })
      const isNew = latest?.status === 'waiting' && latest.externalDesk === null && !latest.isLeft && !latest.wasAsked
      if (!latest || !(isNew || latest.isToBeCancelled)) return []
      const at = clock()
      const requestId = latest.id
      const known = reference as Reference | undefined
      const handover = await readHandover(tx, { requestId, channel, conversationId, reference: known, at })
      if (isNew) await askExternal(tx, { requestId, desk: desk.name, at })
      else await noteCancelled(tx, { requestId, at })
      const activities = isNew ? await desk.initiate(tx, handover) : await desk.cancel(tx, handover)
      const address = known ? addressedTo(known, undefined) : {}
      return activities.map((activity) => ({ ...activity, ...address }))
    },
  }
}

interface RequestRow {
  locale: Locale
  reason: string
  topic: string | null
  memberTier: string | null
  said: string
}

async function readHandover(
  tx: Tx,
  known: Pick<Handover, 'requestId' | 'channel' | 'conversationId' | 'reference' | 'at'>,
): Promise<Handover> {
  const { requestId } = known
  const [row] = await tx.sql<RequestRow>`
    select locale, reason, topic, tier_code as "memberTier", said from handoff_request where id = ${requestId}`
  if (!row) throw new Error(`request ${requestId} is not there to be handed over`)
  const { entries } = await readEarlier(tx, { requestId, all: false })
  return { ...known, ...row, transcript: entries }
}
