import type { Chat } from '../chat'
import type { ChatState } from '../chat-state'
import type { ChatWords } from '../words'
import { AlertIcon } from './icons'

/** Says what is wrong with the connection, in the server's own words where it sent some, or what else one should know. */
export function Banner({ chat, state, words }: { chat: Chat; state: ChatState; words: ChatWords }) {
  const trouble = troubleOf(state, words)
  const notice =
    state.notice === 'stranger'
      ? words.stranger
      : state.notice === 'conversation-replaced'
        ? words.conversationReplaced
        : undefined
  return (
    <div class="banners" role="alert">
      {trouble && (
        <p class="banner trouble">
          <AlertIcon />
          <span dir="auto">{trouble}</span>
          {state.connection !== 'online' && !state.offline && (
            <button type="button" onClick={() => chat.tryNow()}>
              {words.tryNow}
            </button>
          )}
        </p>
      )}
      {notice && (
        <p class="banner">
          <AlertIcon />
          <span>{notice}</span>
        </p>
      )}
    </div>
  )
}

function troubleOf(state: ChatState, words: ChatWords): string | undefined {
  if (state.offline && state.connection !== 'online') return words.offline
  if (state.kindSentence) return state.kindSentence
  return state.troubled ? words.noServer : undefined
}
