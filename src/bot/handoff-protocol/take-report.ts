import type { Clock } from '../../core/clock'
import { findExternal, moveExternal } from '../../core/handoff/external-desk'
import { type HeldRequest, lockConversation } from '../../core/handoff/held-request'
import { appendEntry } from '../../core/handoff/messages'
import type { Database } from '../../db/open'
import type { Tx } from '../../db/sql'
import { botSpeaks, sayAll, type Voice } from '../handoff/bot-speaks'
import type { DeskHub } from '../handoff/desk-hub'
import { type Handed, handOver } from '../handoff/hand-over'
import { plainAsMarkdown } from '../kit/markdown'
import type { HelpDeskReport } from './help-desk'
import { failedReply } from './words'

export interface ReportDeps extends Voice {
  readonly database: Database
  readonly clock: Clock
  readonly deskHub: Pick<DeskHub, 'appended' | 'listChanged'>
}

/**
 * `duplicate`: this report was taken before. `unknown`: no desk elsewhere has, or was asked for, the conversation: it never
 * was, or it is over.
 */
export type ReportOutcome = 'taken' | 'duplicate' | 'unknown'

type Told = { readonly outcome: ReportOutcome; readonly request?: HeldRequest; readonly handed: readonly Handed[] }

/** Does what a desk elsewhere reports, and says to the member what follows from it, in one transaction. */
export async function takeReport(deps: ReportDeps, report: HelpDeskReport): Promise<ReportOutcome> {
  const { outcome, request, handed } = await deps.database.tx((tx) => take(tx, deps, report))
  for (const each of handed) each.committed()
  if (request) {
    deps.deskHub.appended(request.id, null)
    deps.deskHub.listChanged()
  }
  return outcome
}

async function take(tx: Tx, deps: ReportDeps, report: HelpDeskReport): Promise<Told> {
  const { channel, conversationId, key, fromId } = report
  const at = deps.clock()
  await lockConversation(tx, { channel, conversationId })
  const request = await findExternal(tx, { channel, conversationId })
  if (!request || (await isMembers(tx, { channel, conversationId, fromId }))) return { outcome: 'unknown', handed: [] }
  // Claimed like any other activity: a report that comes late and twice must not move the conversation's next request.
  const claimed = await tx.sql`
    insert into inbox (channel, conversation_id, activity_id, received_at)
    values (${channel}, ${conversationId}, ${key}, ${at}) on conflict do nothing returning activity_id`
  if (claimed.length === 0) return { outcome: 'duplicate', handed: [] }
  if (report.kind === 'message') {
    return { outcome: 'taken', request, handed: await passOn(tx, deps, { request, report, at }) }
  }
  const moved = await moveExternal(tx, { channel, conversationId, state: report.kind, at })
  if (!moved.ok) return { outcome: 'unknown', handed: [] }
  const handed = moved.isNews ? await tellMember(tx, deps, { request: moved.request, kind: report.kind, at }) : []
  return { outcome: 'taken', request: moved.request, handed }
}

/** Whether it comes from the very user whom the conversation is with. */
async function isMembers(
  tx: Tx,
  { channel, conversationId, fromId }: { channel: string; conversationId: string; fromId?: string },
): Promise<boolean> {
  if (fromId === undefined) return false
  const rows = await tx.sql`
    select from conversation_state
    where channel = ${channel} and conversation_id = ${conversationId} and reference #>> '{user,id}' = ${fromId}`
  return rows.length > 0
}

async function tellMember(
  tx: Tx,
  deps: ReportDeps,
  { request, kind, at }: { request: HeldRequest; kind: 'accepted' | 'failed' | 'completed'; at: Date },
): Promise<readonly Handed[]> {
  switch (kind) {
    case 'accepted':
      // The hub's people greet for themselves.
      return []
    case 'failed': {
      const reply = failedReply(request.locale)
      const words = { request, replies: [reply], locale: request.locale, isGroup: false, at }
      const handed = await sayAll(tx, deps, words)
      await note(tx, { request, text: reply.text, at })
      return handed
    }
    case 'completed': {
      const action = { verb: 'rate-service', args: {} }
      const { handed, text } = await botSpeaks(tx, deps, { request, action, at })
      await note(tx, { request, text, at })
      return handed
    }
  }
}

async function note(tx: Tx, { request, text, at }: { request: HeldRequest; text: string; at: Date }): Promise<void> {
  if (text === '') return
  await appendEntry(tx, { requestId: request.id, author: 'desk', text, key: `told ${request.version}`, at })
}

/** Words of the desk's people go out as our agents' do. */
async function passOn(
  tx: Tx,
  deps: ReportDeps,
  { request, report, at }: { request: HeldRequest; report: Extract<HelpDeskReport, { kind: 'message' }>; at: Date },
): Promise<readonly Handed[]> {
  const { channel, conversationId, text, name, key } = report
  const activity = { type: 'message', text: plainAsMarkdown(text), textFormat: 'markdown' }
  const from = { id: 'agent:external', name, role: 'bot' }
  const handed = await handOver(tx, deps, { channel, conversationId, activity, from, at })
  const sent = handed.outboxId === null ? {} : { outboxId: handed.outboxId }
  const delivery = handed.reachable ? {} : { data: { delivery: 'failed' } }
  await appendEntry(tx, { requestId: request.id, author: 'agent', text, key, at, ...sent, ...delivery })
  return [handed]
}
