import type { Logger } from 'pino'
import { words } from '../../../dialogs/talk-to-person/queue-reply'
import type { Clock } from '../../core/clock'
import { listUnanswered, takeFromOutside } from '../../core/handoff/external-desk'
import {
  type DeskActor,
  type DeskRefusal,
  type HeldRequest,
  holdRequest,
  type Moved,
  readHeld,
} from '../../core/handoff/held-request'
import { appendEntry, type DeskEntry, holdToSay, readEntries } from '../../core/handoff/messages'
import { markGone } from '../../core/handoff/presence'
import { type Assignment, routeWaiting } from '../../core/handoff/routing'
import { listSilent, takeFromSilent } from '../../core/handoff/transitions'
import { readMerchant } from '../../core/merchant'
import type { Database } from '../../db/open'
import type { Tx } from '../../db/sql'
import { escapeMarkdown, plainAsMarkdown } from '../kit/markdown'
import { botSpeaks, sayAll, type Voice } from './bot-speaks'
import type { DeskHub } from './desk-hub'
import { type Handed, handOver } from './hand-over'

export interface DeskStepsDeps extends Voice {
  readonly database: Database
  readonly deskHub: DeskHub
  readonly clock: Clock
  readonly logger: Logger
}

/** Somebody of the merchant's, as the desk speaks of them to members. */
export interface DeskPerson extends DeskActor {
  readonly displayName: string
}

export interface FromDesk {
  readonly requestId: number
  /** Plain text, checked by the caller. */
  readonly text: string
  readonly key: string
}

const SILENT_AT_ONCE = 50

/** Who speaks, as the web chat shows it. */
function fromAgent({ staffId, displayName }: DeskPerson): object {
  return { id: `agent:${staffId}`, name: displayName, role: 'bot' }
}

type After = (tx: Tx, request: HeldRequest, who: DeskPerson) => Promise<readonly Handed[]>

/** Each step in one transaction with the words that go with it. */
export class DeskSteps {
  constructor(private readonly deps: DeskStepsDeps) {}

  committing<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.deps.database.tx(work)
  }

  /** A step of the state machine and what the member hears of it. */
  async transition(who: DeskPerson, step: (tx: Tx) => Promise<Moved>, after: After): Promise<Moved> {
    let handed: readonly Handed[] = []
    const moved = await this.committing(async (tx) => {
      const result = await step(tx)
      if (result.ok) handed = await after(tx, result.request, who)
      return result
    })
    for (const each of handed) each.committed()
    if (moved.ok) this.deps.deskHub.appended(moved.request.id, moved.request.staffId)
    return moved
  }

  joined: After = (tx, request, who) =>
    this.tell(tx, request, words(request).joined({ name: escapeMarkdown(who.displayName) }))

  handedOn: After = async (tx, request) => {
    if (request.staffId === null) return this.tell(tx, request, words(request).handedToTeam)
    const [to] = await tx.sql<{ name: string }>`select display_name as name from staff where id = ${request.staffId}`
    return this.tell(tx, request, words(request).handedOn({ name: escapeMarkdown(to?.name ?? '') }))
  }

  /** The bot has the conversation again and says so itself. */
  given(verb: 'returned-to-bot' | 'rate-service'): After {
    return async (tx, request, who) => {
      if (await this.isTold(tx, request)) return []
      const at = this.at()
      const action = { verb, args: { name: who.displayName } }
      const { handed, text } = await botSpeaks(tx, this.deps, { request, action, at })
      await appendEntry(tx, { requestId: request.id, author: 'desk', text, key: `told ${request.version}`, at })
      return handed
    }
  }

  async say(
    who: DeskPerson,
    { requestId, text, key }: FromDesk,
  ): Promise<{ ok: true; entry: DeskEntry } | DeskRefusal> {
    let handed: Handed | undefined
    const result = await this.committing(async (tx) => {
      const at = this.at()
      const may = await holdToSay(tx, { requestId, text, key, at }, { author: 'agent', actor: who })
      if (!may.ok) return may
      if (may.already) return { ok: true as const, entry: may.already }
      const { channel, conversationId } = may.request
      const activity = {
        type: 'message',
        text: plainAsMarkdown(text),
        textFormat: 'markdown',
        channelData: { desk: { requestId } },
      }
      handed = await handOver(tx, this.deps, { channel, conversationId, activity, from: fromAgent(who), at })
      const data = handed.reachable ? undefined : { delivery: 'failed' }
      const { outboxId } = handed
      return this.written(tx, who, { requestId, author: 'agent', text, key, data, outboxId, at })
    })
    handed?.committed()
    if (result.ok) this.deps.deskHub.appended(requestId, who.staffId)
    return result
  }

  async note(
    who: DeskPerson,
    { requestId, text, key }: FromDesk,
  ): Promise<{ ok: true; entry: DeskEntry } | DeskRefusal> {
    const result = await this.committing(async (tx) => {
      const at = this.at()
      const may = await holdToSay(tx, { requestId, text, key, at }, { author: 'note', actor: who })
      if (!may.ok) return may
      if (may.already) return { ok: true as const, entry: may.already }
      return this.written(tx, who, { requestId, author: 'note', text, key, outboxId: null, at })
    })
    if (result.ok) this.deps.deskHub.appended(requestId, who.staffId)
    return result
  }

  async route(): Promise<number> {
    const assigned = await this.committing((tx) => routeWaiting(tx, { at: this.at() }))
    for (const { requestId, staffId } of assigned) {
      await this.alone(requestId, () => this.greet({ requestId, staffId }))
      this.deps.deskHub.appended(requestId, staffId)
    }
    if (assigned.length > 0) this.deps.deskHub.listChanged()
    return assigned.length
  }

  async tick(): Promise<void> {
    const { database, deskHub } = this.deps
    if ((await markGone(database, { at: this.at() })).length > 0) deskHub.listChanged()
    const { silentMinutes } = (await readMerchant(database)).settings.desk
    const silent = await listSilent(database, { silentMinutes, at: this.at(), limit: SILENT_AT_ONCE })
    for (const requestId of silent) await this.alone(requestId, () => this.takeBack(requestId, silentMinutes))
    const unanswered = await listUnanswered(database, { at: this.at(), limit: SILENT_AT_ONCE })
    for (const requestId of unanswered) await this.alone(requestId, () => this.takeIn(requestId))
    await this.route()
  }

  /** Tells every console of a turn, and whether somebody may be given something after it. */
  async news(requestId: number | undefined): Promise<{ mayRoute: boolean }> {
    const { database, deskHub } = this.deps
    const request = requestId === undefined ? undefined : await readHeld(database, { requestId })
    if (requestId === undefined || !request) deskHub.listChanged()
    else deskHub.appended(requestId, request.status === 'agent' ? request.staffId : null)
    return { mayRoute: request?.status !== 'agent' }
  }

  /** What breaks over one request is logged and holds up no other. */
  private async alone(requestId: number, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.deps.logger.warn({ err: error, requestId }, 'the desk could not look after a request')
    }
  }

  /** An outside desk has let the member wait. */
  private async takeIn(requestId: number): Promise<void> {
    const isTaken = await this.committing((tx) => takeFromOutside(tx, { requestId, at: this.at() }))
    if (isTaken) this.deps.deskHub.appended(requestId, null)
  }

  private async takeBack(requestId: number, silentMinutes: number): Promise<void> {
    const handed = await this.committing(async (tx) => {
      const request = await takeFromSilent(tx, { requestId, silentMinutes, at: this.at() })
      return request ? this.tell(tx, request, words(request).silent) : undefined
    })
    if (!handed) return
    for (const each of handed) each.committed()
    this.deps.deskHub.appended(requestId, null)
  }

  /** Tells the member who was given their request, unless it has gone on meanwhile. */
  private async greet({ requestId, staffId }: Assignment): Promise<void> {
    const handed = await this.committing(async (tx) => {
      const request = await holdRequest(tx, { requestId })
      if (request?.status !== 'agent' || request.staffId !== staffId) return []
      const [staff] = await tx.sql<{ name: string }>`select display_name as name from staff where id = ${staffId}`
      return this.tell(tx, request, words(request).joined({ name: escapeMarkdown(staff?.name ?? '') }))
    })
    for (const each of handed) each.committed()
  }

  /** Words of the desk to the member, once for each version of a request. */
  private async tell(tx: Tx, request: HeldRequest, text: string): Promise<readonly Handed[]> {
    if (await this.isTold(tx, request)) return []
    const { id: requestId, version, locale } = request
    const at = this.at()
    const handed = await sayAll(tx, this.deps, { request, replies: [{ text }], locale, isGroup: false, at })
    const outboxId = handed[0]?.outboxId ?? undefined
    await appendEntry(tx, {
      requestId,
      author: 'desk',
      text,
      key: `told ${version}`,
      at,
      ...(outboxId ? { outboxId } : {}),
    })
    return handed
  }

  private async isTold(tx: Tx, { id: requestId, version }: HeldRequest): Promise<boolean> {
    return (await readEntries(tx, { requestId, key: `told ${version}` })).length > 0
  }

  private async written(
    tx: Tx,
    { staffId }: DeskPerson,
    entry: {
      requestId: number
      author: 'agent' | 'note'
      text: string
      key: string
      data?: object
      outboxId: number | null
      at: Date
    },
  ): Promise<{ ok: true; entry: DeskEntry }> {
    const { outboxId, ...rest } = entry
    await appendEntry(tx, { ...rest, staffId, ...(outboxId === null ? {} : { outboxId }) })
    const [written] = await readEntries(tx, { requestId: entry.requestId, key: entry.key })
    if (!written) throw new Error(`what was said in request ${entry.requestId} is not there`)
    return { ok: true, entry: written }
  }

  private at(): Date {
    return this.deps.clock()
  }
}
