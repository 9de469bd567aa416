import { type ClipboardEvent, useLayoutEffect } from 'react'
import { pasteInto, textLengthMax } from '../../chat/model/paste'
import type { Draft } from './use-draft'

const heightMaxPx = 200

/** Grows the box with what is in it, and cuts a paste of megabytes before it gets into the page. */
export function useBox({ text, input, write }: Draft) {
  useLayoutEffect(() => {
    const area = input.current
    if (!area) return
    area.style.height = 'auto'
    area.style.height = `${Math.min(area.scrollHeight, heightMaxPx)}px`
  }, [text, input])
  return (event: ClipboardEvent<HTMLTextAreaElement>): void => {
    const area = event.currentTarget
    const pasted = event.clipboardData.getData('text/plain')
    if (text.length + pasted.length <= textLengthMax) return
    event.preventDefault()
    const result = pasteInto(text, { from: area.selectionStart, to: area.selectionEnd, pasted })
    write(result.text, true)
    requestAnimationFrame(() => area.setSelectionRange(result.caret, result.caret))
  }
}
