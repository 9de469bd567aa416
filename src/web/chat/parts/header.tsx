import type { Chat } from '../chat'
import type { ChatState } from '../chat-state'
import type { ChatWords } from '../words'
import { BrandIcon, CloseIcon } from './icons'

/** Whose chat it is, whether it stands, the other language, and the way out. */
export function Header(props: { chat: Chat; state: ChatState; words: ChatWords; closable: boolean }) {
  const { chat, state, words, closable } = props
  const status = state.offline && state.connection !== 'online' ? 'reconnecting' : state.connection
  return (
    <header class="header">
      <span class="avatar">
        <BrandIcon />
      </span>
      <div class="heading">
        <h1 dir="auto">{state.title?.[state.locale] ?? words.title}</h1>
        <p class="status" data-status={status} role="status">
          {words[status]}
        </p>
      </div>
      <button
        type="button"
        class="language"
        lang={state.locale === 'zh' ? 'en' : 'zh-CN'}
        aria-label={words.switchLanguage}
        title={words.switchLanguage}
        onClick={() => chat.switchLocale(state.locale === 'zh' ? 'en' : 'zh')}
      >
        {words.otherLanguage}
      </button>
      {closable && (
        <button
          type="button"
          class="icon-button"
          aria-label={words.close}
          title={words.close}
          onClick={() => chat.close()}
        >
          <CloseIcon />
        </button>
      )}
    </header>
  )
}
