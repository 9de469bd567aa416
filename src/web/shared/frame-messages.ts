import type { Locale } from './locale'

export type Theme = 'light' | 'dark' | 'auto'

/** What the shop's page asks of the chat. The token never stands in an address. */
export interface ChatSettings {
  readonly token?: string
  readonly locale: Locale
  readonly theme: Theme
  /** The shop's name, in the chat's header. */
  readonly title?: Readonly<Record<Locale, string>>
  /** The shop's colour, as #rrggbb. */
  readonly accent?: string
}

/** What the page keeps for a frame that is allowed no storage of its own. */
export type Kept = Readonly<Record<string, string>>

/** From the shop's page to the chat's frame. */
export type ToFrame =
  | { readonly regulars: 'settings'; readonly settings: ChatSettings; readonly kept: Kept }
  /** Seen again; `takeFocus` when the customer opened it, not when a page begins with it open. */
  | { readonly regulars: 'shown'; readonly takeFocus: boolean }
  | { readonly regulars: 'hidden' }
  | { readonly regulars: 'speak'; readonly locale: Locale }
  | { readonly regulars: 'ask'; readonly text: string }

/** From the chat's frame to the shop's page. */
export type ToPage =
  | { readonly regulars: 'ready' }
  | { readonly regulars: 'close' }
  | { readonly regulars: 'remember'; readonly kept: Kept }
  | { readonly regulars: 'unread'; readonly count: number }
  | { readonly regulars: 'locale'; readonly locale: Locale }
  /** The token was refused or its session is over: the page may call `Regulars.setToken` with a fresh one. */
  | { readonly regulars: 'token-needed' }
