import { TextInput } from '@mantine/core'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import type { CannedReply } from '../../../http/api/console/types'
import { isComposing } from '../../chat/model/composing'
import type { Locale } from '../../shared/locale'
import { useWords } from '../data/language'
import { useSession } from '../data/session'
import { useCanned, usePicture } from '../data/use-picture'
import { fillIn, matching, valuesOf } from '../model/canned'
import { talkWords } from '../words/talk'

/** Finds a canned reply by a few letters and puts it into the box, with the customer's name and points filled in. */
export function CannedPicker(props: {
  requestId: number
  /** The customer's language. */
  locale: Locale
  onPick: (text: string) => void
  /** Given up by key: whoever did goes on writing. */
  onCancel: () => void
  /** Left for somewhere else, which keeps the focus. */
  onLeave: () => void
}) {
  const { requestId, locale, onPick, onCancel, onLeave } = props
  const words = useWords(talkWords)
  const { merchant } = useSession()
  const { loaded } = useCanned()
  const picture = usePicture(requestId).loaded
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const listId = useId()
  const found = matching(loaded.state === 'ready' ? loaded.body.replies : [], typed, locale).slice(0, 8)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  })

  const pick = ({ text }: CannedReply): void => {
    const member = picture.state === 'ready' ? picture.body.member : null
    onPick(fillIn(text, valuesOf(member, merchant[locale], locale)))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposing(event.nativeEvent)) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      const by = event.key === 'ArrowDown' ? 1 : -1
      setAt((at + by + found.length) % Math.max(1, found.length))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      const chosen = found[at]
      if (chosen) pick(chosen)
    } else if (event.key === 'Escape') {
      event.stopPropagation()
      onCancel()
    }
  }
  return (
    <div className="picker" ref={box}>
      <TextInput
        data-autofocus
        autoFocus
        size="sm"
        placeholder={words.searchCanned}
        aria-label={words.searchCanned}
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={found[at] ? `${listId}-${at}` : undefined}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
        onBlur={(event) => {
          if (!box.current?.contains(event.relatedTarget)) onLeave()
        }}
      />
      {found.length === 0 && loaded.state !== 'loading' && <p className="fine">{words.noCanned}</p>}
      <Found id={listId} replies={found} at={at} label={words.canned} onPick={pick} />
    </div>
  )
}

function Found(props: {
  id: string
  replies: readonly CannedReply[]
  at: number
  label: string
  onPick: (reply: CannedReply) => void
}) {
  const { id, replies, at, label, onPick } = props
  return (
    <div className="picker-list" id={id} role="listbox" aria-label={label}>
      {replies.map((reply, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the box's, which keeps the focus
        <div
          key={reply.id}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          tabIndex={-1}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onPick(reply)}
        >
          <strong dir="auto">{reply.title}</strong>
          <span className="fine" dir="auto">
            {reply.text}
          </span>
        </div>
      ))}
    </div>
  )
}
