import type { Locale } from '../shared/locale'
import { type Link, openLink } from './direct-line'
import type { Memory } from './memory'
import { backoffMs, randomFraction } from './model/backoff'
import type { IncomingActivity, Outgoing } from './model/transcript'
import { openSession, renewStored, ServerTrouble, type Session } from './session'
import { readUnsent, writeUnsent } from './unsent'

export type ConnectionState = 'connecting' | 'online' | 'reconnecting'

export interface ConnectionOptions {
  readonly memory: Memory
  /** Where the chat server is. */
  readonly origin: string
  readonly memberToken?: string
  locale(): Locale
  /** `kindSentence`: what the server itself says about a trouble of its own. */
  onState(state: ConnectionState, kindSentence?: string): void
  /** A conversation stands. `replaced`: the one before it could not go on. */
  onSession(session: Session, replaced: boolean): void
  onActivity(activity: IncomingActivity): void
  /** A message that an earlier load of this page had not got rid of. */
  onUnsent(outgoing: Outgoing): void
  onDelivery(clientId: string, delivery: 'sending' | 'sent' | 'failed', kindSentence?: string): void
}

const openWaitMs = 10_000
const triesMax = 4
/** A socket that does not bring one's own message back after the server has taken it is dead without knowing. */
const echoWaitMs = 5_000

interface Waiting {
  readonly outgoing: Outgoing
  tries: number
}

/** A conversation with the server that survives broken connections, until it is ended. */
export class Connection {
  private link: Link | undefined
  private session: Session | undefined
  private watermark = ''
  private online = false
  private ended = false
  private posting = false
  private failures = 0
  private socketFailures = 0
  /** Counts tries to connect; what belongs to an earlier one is too late. */
  private attempt = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private queue: Waiting[] = []
  private readonly echoed = new Set<string>()

  constructor(private readonly options: ConnectionOptions) {
    window.addEventListener('online', this.tryNow)
    window.addEventListener('offline', this.goOffline)
    document.addEventListener('visibilitychange', this.comeBack)
    options.onState('connecting')
    void this.open()
  }

  /** Sends in order, one at a time; again, with the same id, while it is unknown whether it arrived. */
  send(outgoing: Outgoing): void {
    this.queue.push({ outgoing, tries: 0 })
    this.remember()
    void this.post()
  }

  /** Says in passing that something is being written; where that gets lost, nothing is. */
  sayTyping(): void {
    if (this.online && this.session) {
      void this.link?.post({ type: 'typing', from: { id: this.session.userId, role: 'user' } })
    }
  }

  /** Tries at once instead of after the wait. */
  readonly tryNow = (): void => {
    if (!this.ended && !this.online) void this.open()
  }

  end(): void {
    this.ended = true
    clearTimeout(this.timer)
    this.link?.close()
    window.removeEventListener('online', this.tryNow)
    window.removeEventListener('offline', this.goOffline)
    document.removeEventListener('visibilitychange', this.comeBack)
  }

  private readonly comeBack = (): void => {
    if (document.visibilityState === 'visible') this.tryNow()
  }

  private readonly goOffline = (): void => {
    if (this.online) this.lose()
  }

  private lose(kindSentence?: string): void {
    if (this.ended) return
    this.attempt += 1
    this.online = false
    this.dropLink()
    this.options.onState('reconnecting', kindSentence)
    this.later(backoffMs(this.failures, randomFraction()), () => void this.open())
    this.failures += 1
  }

  private dropLink(): void {
    if (this.link) this.watermark = this.link.watermark()
    this.link?.close()
    this.link = undefined
  }

  private later(ms: number, work: () => void): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(work, ms)
  }

  private async open(): Promise<void> {
    this.attempt += 1
    const attempt = this.attempt
    clearTimeout(this.timer)
    this.dropLink()
    const { memory, memberToken, locale } = this.options
    try {
      const session = await openSession(memory, { memberToken, locale: locale() })
      if (!this.ended && attempt === this.attempt) this.enter(session, attempt)
    } catch (error) {
      if (attempt === this.attempt) this.lose(error instanceof ServerTrouble ? error.kindSentence : undefined)
    }
  }

  private enter(session: Session, attempt: number): void {
    const before = this.session
    this.session = session
    if (before?.conversationId !== session.conversationId) {
      this.watermark = ''
      if (before) this.failAll()
      this.options.onSession(session, before !== undefined)
      if (!before) this.takeUpUnsent(session)
    }
    this.openLink(session, attempt)
  }

  private openLink(session: Session, attempt: number): void {
    const webSocket = this.socketFailures < 2
    this.later(openWaitMs, () => this.lose())
    this.link = openLink({
      domain: new URL('v3/directline', this.options.origin).href,
      token: session.token,
      conversationId: session.conversationId,
      watermark: this.watermark,
      webSocket,
      onOpen: () => {
        clearTimeout(this.timer)
        this.failures = 0
        this.socketFailures = 0
        this.online = true
        this.options.onState('online')
        void this.post()
      },
      onActivity: (activity) => {
        const { clientActivityID } = (activity.channelData ?? {}) as { clientActivityID?: string }
        if (clientActivityID) this.echoed.add(clientActivityID)
        this.options.onActivity(activity)
      },
      onBroken: ({ opened }) => {
        if (attempt !== this.attempt) return
        // Some networks let no websocket through; then polling serves.
        if (!opened && webSocket) this.socketFailures += 1
        this.lose()
      },
    })
  }

  private async post(): Promise<void> {
    if (this.posting) return
    this.posting = true
    for (let item = this.next(); item; item = this.next()) await this.postOne(item.waiting, item.link, item.session)
    this.posting = false
  }

  private next(): { waiting: Waiting; link: Link; session: Session } | undefined {
    const { link, session } = this
    const [waiting] = this.queue
    return waiting && link && session && this.online && !this.ended ? { waiting, link, session } : undefined
  }

  private async postOne(waiting: Waiting, link: Link, session: Session): Promise<void> {
    const { outgoing } = waiting
    this.options.onDelivery(outgoing.clientId, 'sending')
    waiting.tries += 1
    const posted = await link.post(activityOf(outgoing, session, this.options.locale()))
    if (this.ended) return
    renewStored(this.options.memory, link.token())
    if (posted.ok) {
      this.settle(waiting)
      this.options.onDelivery(outgoing.clientId, 'sent')
      this.expectEcho(outgoing.clientId, link)
    } else if (posted.code === 'refused' || waiting.tries >= triesMax) {
      this.settle(waiting)
      this.options.onDelivery(outgoing.clientId, 'failed', posted.kindSentence)
    } else if (this.online) {
      await new Promise((resolve) => setTimeout(resolve, backoffMs(waiting.tries, randomFraction())))
    }
  }

  private expectEcho(clientId: string, link: Link): void {
    setTimeout(() => {
      if (!this.ended && this.link === link && !this.echoed.has(clientId)) this.lose()
    }, echoWaitMs)
  }

  private settle(waiting: Waiting): void {
    this.queue = this.queue.filter((other) => other !== waiting)
    this.remember()
  }

  /** What was meant for one conversation is not said in another. */
  private failAll(): void {
    for (const { outgoing } of this.queue) this.options.onDelivery(outgoing.clientId, 'failed')
    this.queue = []
    this.remember()
  }

  private remember(): void {
    if (!this.session) return
    const unsent = this.queue.map(({ outgoing }) => outgoing)
    writeUnsent(this.options.memory, { conversationId: this.session.conversationId, unsent })
  }

  private takeUpUnsent(session: Session): void {
    const unsent = readUnsent(this.options.memory, session.conversationId)
    for (const outgoing of unsent) this.options.onUnsent(outgoing)
    this.queue = [...unsent.map((outgoing) => ({ outgoing, tries: 0 })), ...this.queue]
    this.remember()
  }
}

function activityOf({ clientId, text, value, displayText }: Outgoing, session: Session, locale: Locale): object {
  return {
    type: 'message',
    from: { id: session.userId, role: 'user' },
    locale: locale === 'zh' ? 'zh-CN' : 'en-GB',
    text,
    textFormat: 'plain',
    ...(value === undefined ? {} : { value }),
    channelData: { clientActivityID: clientId, ...(displayText === undefined ? {} : { messageBack: { displayText } }) },
  }
}
