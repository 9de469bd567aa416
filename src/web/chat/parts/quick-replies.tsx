import type { Chat } from '../chat'
import type { SuggestedAction } from '../model/transcript'
import type { ChatWords } from '../words'

/** The answers that the bot offers to its last message. */
export function QuickReplies(props: {
  chat: Chat
  actions: readonly SuggestedAction[]
  words: ChatWords
  onPressed: () => void
}) {
  const { chat, actions, words, onPressed } = props
  if (actions.length === 0) return null
  return (
    <ul class="quick-replies" aria-label={words.quickReplies}>
      {actions.map((action) => (
        <li key={action.title}>
          <button
            type="button"
            dir="auto"
            onClick={() => {
              pressSuggested(chat, action)
              onPressed()
            }}
          >
            {action.title}
          </button>
        </li>
      ))}
    </ul>
  )
}

/** imBack says its value; messageBack and postBack bring a value back and show their words. */
function pressSuggested(chat: Chat, action: SuggestedAction): void {
  if (action.type === 'imBack') {
    chat.sendText(typeof action.value === 'string' ? action.value : action.title)
    return
  }
  const displayText = action.displayText ?? action.title
  chat.press({ text: action.text ?? '', value: action.value, displayText })
}
