import { type RefObject, useCallback, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { keep, readKept } from '../data/kept'
import { useSession } from '../data/session'

export type Mode = 'reply' | 'note'

export interface Draft {
  readonly text: string
  readonly mode: Mode
  readonly input: RefObject<HTMLTextAreaElement | null>
  /** Some of what was pasted did not fit. */
  readonly isCut: boolean
  readonly write: (text: string, isCut?: boolean) => void
  readonly setMode: (mode: Mode) => void
  /** Puts a suggestion into the box: after what is there already. */
  readonly fill: (text: string) => void
  /** Brings the caret into the box. */
  readonly focus: (mode?: Mode) => void
}

/** What is being written in one conversation, and for whom. It is kept by this browser until it is sent. */
export function useDraft(requestId: number): Draft {
  const { me } = useSession()
  const name = `draft:${me.id}:${requestId}`
  const [text, setText] = useState(() => readKept(name) ?? '')
  const [isCut, setCut] = useState(false)
  // A note that was begun must not be found in the box for the customer.
  const [mode, setMode] = useKeptMode(`${name}:mode`)
  const input = useRef<HTMLTextAreaElement>(null)

  const write = useCallback(
    (next: string, wasCut = false) => {
      setText(next)
      setCut(wasCut)
      keep(name, next)
    },
    [name],
  )
  const focus = useCallback(
    (next?: Mode) => {
      // At once, not with the next frame: the letter after the key that led here would be taken for a shortcut.
      // What was just set has to be in the box before the caret can stand behind it.
      flushSync(() => {
        if (next) setMode(next)
      })
      const area = input.current
      area?.focus()
      area?.setSelectionRange(area.value.length, area.value.length)
    },
    [setMode],
  )
  const fill = useCallback(
    (suggestion: string) => {
      const before = readKept(name)?.trimEnd() ?? ''
      flushSync(() => write(before === '' ? suggestion : `${before}\n${suggestion}`))
      focus('reply')
    },
    [name, write, focus],
  )
  return { text, isCut, mode, input, write, setMode, fill, focus }
}

function useKeptMode(name: string): [Mode, (mode: Mode) => void] {
  const [mode, setMode] = useState<Mode>(() => (readKept(name) === 'note' ? 'note' : 'reply'))
  const change = useCallback(
    (next: Mode) => {
      setMode(next)
      keep(name, next === 'note' ? next : '')
    },
    [name],
  )
  return [mode, change]
}
