import type { ChatSettings, Theme } from '../shared/frame-messages'
import type { Locale } from '../shared/locale'
import type { ConnectionState } from './connection'
import { emptyTranscript, type Transcript } from './model/transcript'

/** Everything the chat shows. */
export interface ChatState {
  readonly transcript: Transcript
  readonly userId: string
  readonly connection: ConnectionState
  /** The server's own sentence about its trouble. */
  readonly kindSentence?: string
  /** The connection has been away for longer than a blink. */
  readonly troubled: boolean
  /** The browser itself says that there is no network. */
  readonly offline: boolean
  readonly notice?: 'conversation-replaced' | 'stranger'
  readonly locale: Locale
  readonly theme: Theme
  readonly title?: ChatSettings['title']
  readonly accent?: string
  readonly typing: boolean
  /** The person who types; absent for the bot. */
  readonly typist?: string
  readonly shown: boolean
  /** Counts how often the message box was asked to take the focus. */
  readonly focusAsked: number
  /** Messages that came while the chat was closed. */
  readonly unread: number
  /** The conversation's past has arrived; what comes now is new. */
  readonly settled: boolean
}

export function initialState(locale: Locale, theme: Theme): ChatState {
  return {
    transcript: emptyTranscript,
    userId: '',
    connection: 'connecting',
    troubled: false,
    offline: !navigator.onLine,
    locale,
    theme,
    typing: false,
    shown: false,
    focusAsked: 0,
    unread: 0,
    settled: false,
  }
}
