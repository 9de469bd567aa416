import { render } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { drawCard } from '../card-host'
import type { Chat } from '../chat'
import type { ChatWords } from '../words'
import { CopyButton } from './copyable-code'

export const adaptiveCardType = 'application/vnd.microsoft.card.adaptive'

/** A coupon's code, printed alone. */
const codePattern = /^[0-9A-Z]{3,6}(?:-[0-9A-Z]{3,6}){2,6}$/

/** An Adaptive Card of a message. */
export function AdaptiveCard({ chat, content, words }: { chat: Chat; content: unknown; words: ChatWords }) {
  const place = useRef<HTMLDivElement>(null)
  const [failed, setFailed] = useState(false)
  useLayoutEffect(() => {
    const drawn = drawCard(content, ({ value, title }) => chat.press({ text: '', value, displayText: title }))
    setFailed(!drawn)
    if (drawn) place.current?.replaceChildren(drawn)
  }, [chat, content])
  useLayoutEffect(() => addCopyButtons(place.current, words), [content, words])
  return (
    <div class="card" dir="auto">
      <div ref={place} />
      {failed && <p class="card-failed">{words.cardFailed}</p>}
    </div>
  )
}

/** Puts a button beside each code, for codes are for taking elsewhere. */
function addCopyButtons(card: HTMLElement | null, words: ChatWords): () => void {
  const added = [...(card?.querySelectorAll('.ac-textBlock > p') ?? [])].flatMap((paragraph) => {
    const text = paragraph.textContent ?? ''
    if (!codePattern.test(text)) return []
    const button = document.createElement('span')
    paragraph.classList.add('coupon-code')
    paragraph.append(button)
    render(<CopyButton text={text} words={words} className="copy" />, button)
    return [button]
  })
  return () => {
    for (const button of added) {
      render(null, button)
      button.remove()
    }
  }
}
