import { nowMs } from '../shared/clock'
import type { ChatSettings, ToPage } from '../shared/frame-messages'
import { type Locale, localeOf } from '../shared/locale'
import { type ChatState, initialState } from './chat-state'
import { Connection, type ConnectionState } from './connection'
import type { Memory } from './memory'
import { newClientId } from './model/backoff'
import { subjectOf } from './model/member-token'
import { createStore, type Store } from './model/store'
import {
  accepted,
  agentOf,
  delivering,
  emptyTranscript,
  type IncomingActivity,
  isLogged,
  isWithPerson,
  type Outgoing,
  received,
  sending,
} from './model/transcript'

const typingMaxMs = 20_000
/** A person who types says so again and again, and the bot answers within seconds once it has a message. */
const shortTypingMs = 8_000
const ownTypingEveryMs = 3_000
const settleMs = 250
const troubleAfterMs = 4_000
/** One press of a button that looks like two. */
const doublePressMs = 800

/** The chat behind the screen: its state, and what can be done with it. */
export class Chat {
  readonly store: Store<ChatState>
  private connection: Connection | undefined
  private memberToken: string | undefined
  private typingTimer: ReturnType<typeof setTimeout> | undefined
  private troubleTimer: ReturnType<typeof setTimeout> | undefined
  private settleTimer: ReturnType<typeof setTimeout> | undefined
  private lastPress = { what: '', atMs: 0 }
  private saidTypingMs = 0

  constructor(
    locale: Locale,
    theme: ChatState['theme'],
    private readonly memory: Memory,
    private readonly tellPage: (message: ToPage) => void,
  ) {
    this.store = createStore(initialState(locale, theme))
    window.addEventListener('online', () => this.patch({ offline: false }))
    window.addEventListener('offline', () => this.patch({ offline: true }))
  }

  /** Takes the page's settings. Another person's token, or none any more, begins another conversation. */
  configure(settings: ChatSettings): void {
    const { token, ...shown } = settings
    this.patch(shown)
    const samePerson = (token ? subjectOf(token) : '') === (this.memberToken ? subjectOf(this.memberToken) : '')
    const refused = this.store.get().notice === 'stranger' && token !== this.memberToken
    this.memberToken = token
    if (this.connection && samePerson && !refused) return
    this.start()
  }

  sendText(text: string): void {
    const trimmed = text.trim()
    if (trimmed !== '') this.send({ clientId: newClientId(), text: trimmed })
  }

  /** Tells the person who has the conversation that something is being written; the bot need not know. */
  write(): void {
    const { transcript, typist, connection } = this.store.get()
    const withPerson = isWithPerson(transcript) || typist !== undefined
    if (!withPerson || connection !== 'online' || nowMs() - this.saidTypingMs < ownTypingEveryMs) return
    this.saidTypingMs = nowMs()
    this.connection?.sayTyping()
  }

  /** Presses a button: its value goes to the bot, its words into the conversation. */
  press(button: { text: string; value: unknown; displayText: string }): void {
    const what = JSON.stringify([button.text, button.value, button.displayText])
    const atMs = nowMs()
    if (what === this.lastPress.what && atMs - this.lastPress.atMs < doublePressMs) return
    this.lastPress = { what, atMs }
    this.send({ clientId: newClientId(), ...button })
  }

  /** Sends a failed message again under its first id, so that it counts once if it had arrived after all. */
  retry(outgoing: Outgoing): void {
    this.change((state) => ({ ...state, transcript: delivering(state.transcript, outgoing.clientId, 'sending') }))
    this.connection?.send(outgoing)
  }

  tryNow(): void {
    this.connection?.tryNow()
  }

  /** Changes the interface's language, and asks the bot to speak it too. */
  switchLocale(locale: Locale): void {
    if (locale === this.store.get().locale) return
    this.followLocale(locale)
    const displayText = locale === 'zh' ? '中文' : 'English'
    this.press({ text: displayText, value: { verb: 'change-language', args: { locale } }, displayText })
  }

  /** Changes the interface's language when the bot has changed its own. */
  private followLocale(locale: Locale): void {
    this.patch({ locale })
    this.tellPage({ regulars: 'locale', locale })
  }

  show(takeFocus: boolean): void {
    this.change((state) => ({ ...state, shown: true, unread: 0, focusAsked: state.focusAsked + (takeFocus ? 1 : 0) }))
    this.tellPage({ regulars: 'unread', count: 0 })
  }

  hide(): void {
    this.patch({ shown: false })
  }

  close(): void {
    this.tellPage({ regulars: 'close' })
  }

  dismissNotice(): void {
    this.patch({ notice: undefined })
  }

  private start(): void {
    this.connection?.end()
    this.patch({
      transcript: emptyTranscript,
      typing: false,
      settled: false,
      notice: undefined,
      kindSentence: undefined,
    })
    this.connection = new Connection({
      memory: this.memory,
      origin: document.baseURI,
      memberToken: this.memberToken,
      locale: () => this.store.get().locale,
      onState: (connection, kindSentence) => {
        this.patch({ connection, ...(connection === 'connecting' ? {} : { kindSentence }) })
        if (connection === 'online') this.settleSoon()
        else this.patch({ typing: false })
        this.watchTrouble(connection)
      },
      onSession: ({ userId, tokenRefused }, replaced) => {
        const notice = tokenRefused ? 'stranger' : replaced ? 'conversation-replaced' : undefined
        this.patch({ userId, notice, ...(replaced ? { transcript: emptyTranscript } : {}) })
        if (tokenRefused) this.tellPage({ regulars: 'token-needed' })
      },
      onActivity: (activity) => this.take(activity),
      onUnsent: (outgoing) =>
        this.change((state) => ({ ...state, transcript: sending(state.transcript, outgoing, nowMs()) })),
      onDelivery: (clientId, delivery, kindSentence) => this.note(clientId, delivery, kindSentence),
    })
  }

  private send(outgoing: Outgoing): void {
    this.change((state) => ({
      ...state,
      transcript: sending(state.transcript, outgoing, nowMs()),
      // A person takes their time, and says themselves when they type.
      typing: state.connection === 'online' && !isWithPerson(state.transcript),
      typist: undefined,
      settled: true,
    }))
    this.stopTypingAfter(typingMaxMs)
    this.saidTypingMs = 0
    this.connection?.send(outgoing)
  }

  /** Where nobody answers, as while one waits for a person, the dots should not go on for long. */
  private note(clientId: string, delivery: 'sending' | 'sent' | 'failed', kindSentence: string | undefined): void {
    if (delivery === 'sent') this.stopTypingAfter(shortTypingMs)
    this.change((state) => ({
      ...state,
      transcript:
        delivery === 'sent' ? accepted(state.transcript, clientId) : delivering(state.transcript, clientId, delivery),
      typing: delivery === 'failed' ? false : state.typing,
      kindSentence: delivery === 'failed' ? kindSentence : delivery === 'sent' ? undefined : state.kindSentence,
    }))
  }

  private take(activity: IncomingActivity): void {
    const before = this.store.get()
    const byBot = activity.from?.id !== before.userId && activity.from?.role !== 'user'
    if (activity.type === 'typing' && byBot) {
      const { agent } = agentOf(activity)
      this.patch({ typing: true, typist: agent })
      this.stopTypingAfter(agent === undefined ? typingMaxMs : shortTypingMs)
      return
    }
    if (byBot && activity.type === 'message' && !isLogged(activity)) {
      // The server apologises in passing; the message itself is tried again.
      this.patch({ kindSentence: activity.text, typing: false })
      return
    }
    const transcript = received(before.transcript, activity, before.userId, nowMs())
    if (transcript === before.transcript) return
    if (!before.settled) this.settleSoon()
    const unread = byBot && before.settled && !before.shown ? before.unread + 1 : before.unread
    this.patch({ transcript, unread, typing: byBot ? false : before.typing })
    const spoken = byBot ? localeOf(activity.locale) : undefined
    if (spoken && spoken !== before.locale) this.followLocale(spoken)
    if (unread !== before.unread) this.tellPage({ regulars: 'unread', count: unread })
  }

  private watchTrouble(connection: ConnectionState): void {
    if (connection === 'online') {
      clearTimeout(this.troubleTimer)
      this.troubleTimer = undefined
      this.patch({ troubled: false })
    } else {
      this.troubleTimer ??= setTimeout(() => this.patch({ troubled: true }), troubleAfterMs)
    }
  }

  private settleSoon(): void {
    clearTimeout(this.settleTimer)
    this.settleTimer = setTimeout(() => this.patch({ settled: true }), settleMs)
  }

  private stopTypingAfter(ms: number): void {
    clearTimeout(this.typingTimer)
    this.typingTimer = setTimeout(() => this.patch({ typing: false, typist: undefined }), ms)
  }

  private patch(part: Partial<ChatState>): void {
    this.change((state) => ({ ...state, ...part }))
  }

  private change(change: (state: ChatState) => ChatState): void {
    this.store.update(change)
  }
}
