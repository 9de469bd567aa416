import type { Logger } from 'pino'
import type { NewId } from '../../core/clock'
import type { DeskRefusal, Moved } from '../../core/handoff/held-request'
import { readHeld } from '../../core/handoff/held-request'
import { type DeskEntry, markRead } from '../../core/handoff/messages'
import { findOpenRequest } from '../../core/handoff/open-request'
import { markSeen, type Presence, setPresence } from '../../core/handoff/presence'
import { takeConversation, takeNext } from '../../core/handoff/routing'
import {
  acceptRequest,
  closeRequest,
  returnToBot,
  type TransferTo,
  transferRequest,
} from '../../core/handoff/transitions'
import type { Hub } from '../directline/hub'
import { type Loop, repeating } from '../loop'
import { OWN_CHANNEL } from '../reading'
import { type DeskPerson, DeskSteps, type DeskStepsDeps, type FromDesk } from './desk-steps'
import type { DeskNews } from './desk-turn'

export interface DeskDeps extends DeskStepsDeps {
  readonly hub: Pick<Hub, 'published' | 'whisper'>
  readonly newId: NewId
}

export interface DeskStep {
  readonly requestId: number
  readonly version: number
}

/** What people do with conversations, with everything that follows: words to the member, and news to every console. */
export interface Desk extends DeskNews {
  accept(who: DeskPerson, step: DeskStep): Promise<Moved>
  next(who: DeskPerson): Promise<Moved>
  take(who: DeskPerson, conversation: { channel: string; conversationId: string }): Promise<Moved>
  transfer(who: DeskPerson, step: DeskStep, how: { to: TransferTo; note?: string }): Promise<Moved>
  returnToBot(who: DeskPerson, step: DeskStep): Promise<Moved>
  close(who: DeskPerson, step: DeskStep, end: { contactReason: string; isResolved: boolean }): Promise<Moved>
  say(who: DeskPerson, message: FromDesk): Promise<{ ok: true; entry: DeskEntry } | DeskRefusal>
  note(who: DeskPerson, message: FromDesk): Promise<{ ok: true; entry: DeskEntry } | DeskRefusal>
  /** The agent types: the member and colleagues see it. */
  typing(who: DeskPerson, requestId: number): Promise<void>
  /** The member types: whoever has the conversation sees it. */
  memberTyping(conversation: { channel: string; conversationId: string }): Promise<void>
  read(who: DeskPerson, at: { requestId: number; seq: number }): Promise<void>
  setPresence(who: DeskPerson, presence: Presence): Promise<void>
  /** These have an open console. */
  seen(staffIds: readonly number[]): Promise<void>
  /** Gives waiting requests to who is free. Resolves to how many. */
  route(): Promise<number>
  /** What time brings: who is gone is offline, who is silent loses the request, who is free gets one. */
  tick(): Promise<void>
  /** The loop that calls `tick`. */
  readonly loop: Loop
}

const TICK_EVERY_MS = 3_000
/** Looks again where a colleague was faster; so many tries mean that the queue is emptied by others. */
const NEXT_TRIES_MAX = 5

export function createDesk(deps: DeskDeps): Desk {
  const { database, deskHub, clock, logger } = deps
  const steps = new DeskSteps(deps)
  const routeSoon = oneAtATime(() => steps.route(), logger)
  const loop = repeating({ firstAfterMs: TICK_EVERY_MS, everyMs: TICK_EVERY_MS }, () =>
    steps.tick().catch((error) => logger.warn({ err: error }, 'the desk could not be looked after')),
  )
  showTyping(deps)
  return {
    ...transitionsOf(deps, steps, routeSoon),
    say: (who, message) => steps.say(who, message),
    note: (who, message) => steps.note(who, message),
    typing: (who, requestId) => agentTypes(deps, who, requestId),
    async memberTyping(conversation) {
      const open = await findOpenRequest(database, conversation)
      if (open) deskHub.typing({ requestId: open.id, who: 'member', staffId: null, displayName: null, webChat: null })
    },
    async read({ staffId }, { requestId, seq }) {
      if (await markRead(database, { requestId, staffId, seq })) deskHub.appended(requestId, staffId)
    },
    async setPresence({ staffId }, presence) {
      await setPresence(database, { staffId, presence, at: clock() })
      deskHub.listChanged()
      routeSoon()
    },
    seen: (staffIds) => markSeen(database, { staffIds, at: clock() }),
    route: () => steps.route(),
    tick: () => steps.tick(),
    turnEnded(_conversation, requestId) {
      steps
        .news(requestId)
        .then(({ mayRoute }) => (mayRoute ? routeSoon() : undefined))
        .catch((error) => logger.warn({ err: error }, 'the desk was not told'))
    },
    loop,
  }
}

function transitionsOf(
  { clock, deskHub, newId }: DeskDeps,
  steps: DeskSteps,
  routeSoon: () => void,
): Pick<Desk, 'accept' | 'next' | 'take' | 'transfer' | 'returnToBot' | 'close'> {
  const moved = (result: Moved): Moved => {
    if (result.ok) deskHub.listChanged()
    return result
  }
  /** Somebody has room again, or somebody waits. */
  const freed = (result: Moved): Moved => {
    if (result.ok) routeSoon()
    return moved(result)
  }
  return {
    accept: async (who, step) =>
      moved(await steps.transition(who, (tx) => acceptRequest(tx, { ...step, at: clock() }, who), steps.joined)),
    async next(who) {
      const taken = () => steps.transition(who, (tx) => takeNext(tx, who, { at: clock() }), steps.joined)
      let result = await taken()
      for (let tries = 1; tries < NEXT_TRIES_MAX && !result.ok && result.code === 'changed'; tries++)
        result = await taken()
      return moved(result)
    },
    async take(who, conversation) {
      const key = `desk|${newId()}`
      const step = { ...conversation, key, at: clock() }
      return moved(await steps.transition(who, (tx) => takeConversation(tx, step, who), steps.joined))
    },
    transfer: async (who, step, how) =>
      freed(
        await steps.transition(who, (tx) => transferRequest(tx, { ...step, at: clock() }, how, who), steps.handedOn),
      ),
    async returnToBot(who, step) {
      const told = steps.given('returned-to-bot')
      return freed(await steps.transition(who, (tx) => returnToBot(tx, { ...step, at: clock() }, who), told))
    },
    async close(who, step, end) {
      const told = steps.given('rate-service')
      return freed(await steps.transition(who, (tx) => closeRequest(tx, { ...step, at: clock() }, end, who), told))
    },
  }
}

/** The member sees that somebody writes to them; colleagues who look at the same request see it, too. */
async function agentTypes({ database, deskHub }: DeskDeps, who: DeskPerson, requestId: number): Promise<void> {
  const request = await readHeld(database, { requestId })
  if (request?.status !== 'agent' && request?.status !== 'waiting') return
  const { staffId, displayName } = who
  const webChat = request.staffId === staffId && request.channel === OWN_CHANNEL ? request.conversationId : null
  deskHub.typing({ requestId, who: 'agent', staffId, displayName, webChat })
}

/** Shows members in this process's web chats that an agent types, whichever process the agent is in. */
function showTyping({ hub, deskHub, clock, newId }: DeskDeps): void {
  deskHub.listen({
    onList: () => undefined,
    onTyping({ webChat, staffId, displayName }) {
      if (webChat === null || staffId === null) return
      const from = { id: `agent:${staffId}`, name: displayName, role: 'bot' }
      const id = `${webChat}|${newId()}`
      const place = { id, conversation: { id: webChat }, channelId: 'directline' }
      hub.whisper(webChat, { type: 'typing', ...place, from, timestamp: clock().toISOString() })
    },
  })
}

/** Runs again where it was asked for meanwhile; never twice at once. */
function oneAtATime(work: () => Promise<unknown>, logger: Logger): () => void {
  let running = false
  let again = false
  return function start(): void {
    if (running) {
      again = true
      return
    }
    running = true
    void work()
      .catch((error) => logger.warn({ err: error }, 'waiting requests could not be given out'))
      .finally(() => {
        running = false
        if (!again) return
        again = false
        start()
      })
  }
}
