import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { drawCard } from '../card-host'
import type { Chat } from '../chat'
import type { ChatWords } from '../words'

export const adaptiveCardType = 'application/vnd.microsoft.card.adaptive'

/** An Adaptive Card of a message. */
export function AdaptiveCard({ chat, content, words }: { chat: Chat; content: unknown; words: ChatWords }) {
  const place = useRef<HTMLDivElement>(null)
  const [failed, setFailed] = useState(false)
  useLayoutEffect(() => {
    const drawn = drawCard(content, ({ value, title }) => chat.press({ text: '', value, displayText: title }))
    setFailed(!drawn)
    if (drawn) place.current?.replaceChildren(drawn)
  }, [chat, content])
  return (
    <div class="card" dir="auto">
      <div ref={place} />
      {failed && <p class="card-failed">{words.cardFailed}</p>}
    </div>
  )
}
