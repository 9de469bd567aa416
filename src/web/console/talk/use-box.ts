import { type ClipboardEvent, useLayoutEffect, useState } from 'react'
import { pasteInto, textLengthMax } from '../../chat/model/paste'
import type { Draft } from './use-draft'

const heightMaxPx = 200

/** Grows the box with what is in it, and cuts a paste of megabytes before it gets into the page. */
export function useBox({ text, input, write }: Draft) {
  const [isCut, setCut] = useState(false)
  useLayoutEffect(() => {
    const area = input.current
    if (!area) return
    area.style.height = 'auto'
    area.style.height = `${Math.min(area.scrollHeight, heightMaxPx)}px`
    setCut((before) => before && text.length >= textLengthMax)
  }, [text, input])
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>): void => {
    const area = event.currentTarget
    const pasted = event.clipboardData.getData('text/plain')
    if (text.length + pasted.length <= textLengthMax) return
    event.preventDefault()
    const result = pasteInto(text, { from: area.selectionStart, to: area.selectionEnd, pasted })
    write(result.text)
    setCut(true)
    requestAnimationFrame(() => area.setSelectionRange(result.caret, result.caret))
  }
  return { isCut, onPaste }
}
