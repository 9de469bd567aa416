import type { RefObject } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Locale } from '../../shared/locale'
import type { Chat } from '../chat'
import { isComposing } from '../model/composing'
import { counterFrom, pasteInto, textLengthMax } from '../model/paste'
import type { ChatWords } from '../words'
import { SendIcon } from './icons'

const heightMaxPx = 132

/** Where one writes. Enter sends, Shift+Enter begins a line; while an input method composes, Enter is its own. */
export function Composer(props: {
  chat: Chat
  words: ChatWords
  locale: Locale
  input: RefObject<HTMLTextAreaElement | null>
}) {
  const { chat, words, locale, input } = props
  const { text, cut, write, onPaste } = useDraft(input)
  const left = textLengthMax - text.length
  const number = (value: number): string => value.toLocaleString(locale)

  const send = (): void => {
    if (text.trim() === '') return
    chat.sendText(text)
    write('')
    input.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return
    event.preventDefault()
    send()
  }

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <div class="composer-box">
        <textarea
          ref={input}
          rows={1}
          dir="auto"
          value={text}
          maxLength={textLengthMax}
          placeholder={words.placeholder}
          aria-label={words.inputLabel}
          aria-describedby="counter"
          enterkeyhint="send"
          autocomplete="off"
          onInput={({ currentTarget }) => {
            write(currentTarget.value)
            if (currentTarget.value.trim() !== '') chat.write()
          }}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        <button type="submit" class="send" aria-label={words.send} title={words.send} disabled={text.trim() === ''}>
          <SendIcon />
        </button>
      </div>
      <p id="counter" class="counter" aria-live="polite">
        {cut ? words.cut(number(textLengthMax)) : left <= counterFrom ? words.left(number(left)) : ''}
      </p>
    </form>
  )
}

/** What is being written: grows the box with it, and cuts a paste of megabytes before it gets into the page. */
function useDraft(input: RefObject<HTMLTextAreaElement | null>) {
  const [text, setText] = useState('')
  const [cut, setCut] = useState(false)

  useEffect(() => {
    const area = input.current
    if (!area) return
    area.style.height = 'auto'
    area.style.height = `${Math.min(area.scrollHeight, heightMaxPx)}px`
  }, [text, input])

  const write = (next: string): void => {
    setText(next)
    setCut(false)
  }
  const onPaste = (event: ClipboardEvent): void => {
    const area = input.current
    const pasted = event.clipboardData?.getData('text/plain')
    if (!area || !pasted || text.length + pasted.length <= textLengthMax) return
    event.preventDefault()
    const result = pasteInto(text, { from: area.selectionStart, to: area.selectionEnd, pasted })
    setText(result.text)
    setCut(true)
    requestAnimationFrame(() => area.setSelectionRange(result.caret, result.caret))
  }
  return { text, cut, write, onPaste }
}
