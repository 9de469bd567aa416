import { ActionIcon, SegmentedControl, Tooltip } from '@mantine/core'
import { type KeyboardEvent, useState } from 'react'
import type { RequestRow } from '../../../http/api/console/types'
import { isComposing } from '../../chat/model/composing'
import { counterFrom, textLengthMax } from '../../chat/model/paste'
import { useDesk } from '../data/desk'
import { useLocale, useWords } from '../data/language'
import { whole } from '../model/spans'
import { Icon } from '../parts/icons'
import { talkWords } from '../words/talk'
import { CannedPicker } from './canned-picker'
import { useBox } from './use-box'
import type { Draft } from './use-draft'

/** Where one writes: to the customer, or a note for colleagues. Enter sends; an input method keeps its own Enter. */
export function Composer(props: {
  row: RequestRow
  name: string
  draft: Draft
  colleague: string | null
  isNoteOnly?: boolean
  onTyping: () => void
}) {
  const { row, name, draft, colleague, isNoteOnly = false, onTyping } = props
  const words = useWords(talkWords)
  const locale = useLocale()
  const { outbox } = useDesk()
  const [isPicking, setPicking] = useState(false)
  const mode = isNoteOnly ? 'note' : draft.mode
  const { isCut, onPaste } = useBox(draft)
  const left = textLengthMax - draft.text.length

  const send = (): void => {
    const text = draft.text.trim()
    if (text === '') return
    outbox.send({ requestId: row.id, kind: mode === 'note' ? 'note' : 'message', text })
    draft.write('')
    if (mode === 'note' && !isNoteOnly) draft.setMode('reply')
    draft.input.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposing(event.nativeEvent)) return
    const opensCanned =
      (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) || (event.key === '/' && draft.text === '')
    if (opensCanned && mode === 'reply') {
      event.preventDefault()
      setPicking(true)
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      send()
    } else if (event.key === 'Escape') draft.input.current?.blur()
  }
  return (
    <form
      className="composer"
      data-mode={mode}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <div role="alert">
        {colleague !== null && (
          <p className="collision">
            <Icon name="alert" size={16} />
            {words.collision(colleague)}
          </p>
        )}
      </div>
      {isPicking && (
        <CannedPicker
          requestId={row.id}
          locale={row.locale}
          onPick={(text) => {
            setPicking(false)
            draft.fill(text)
          }}
          onClose={() => {
            setPicking(false)
            draft.focus()
          }}
        />
      )}
      <div className="composer-box">
        <textarea
          ref={draft.input}
          rows={1}
          dir="auto"
          value={draft.text}
          maxLength={textLengthMax}
          placeholder={mode === 'note' ? words.writeNote : words.replyTo(name)}
          aria-label={mode === 'note' ? words.writeNote : words.writeReply}
          aria-describedby="composer-hint"
          autoComplete="off"
          onChange={(event) => {
            draft.write(event.currentTarget.value)
            if (mode === 'reply' && event.currentTarget.value.trim() !== '') onTyping()
          }}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        <ActionIcon
          type="submit"
          size={38}
          radius="xl"
          color={mode === 'note' ? 'yellow.8' : undefined}
          aria-label={mode === 'note' ? words.keepNote : words.send}
          disabled={draft.text.trim() === ''}
        >
          <Icon name={mode === 'note' ? 'note' : 'send'} />
        </ActionIcon>
      </div>
      <div className="composer-foot">
        {!isNoteOnly && (
          <SegmentedControl
            size="xs"
            aria-label={words.reply}
            value={mode}
            onChange={(value) => {
              draft.setMode(value as Draft['mode'])
              draft.focus()
            }}
            data={[
              { value: 'reply', label: words.reply },
              { value: 'note', label: words.note },
            ]}
          />
        )}
        {mode === 'reply' && (
          <Tooltip label={`${words.canned} (Ctrl+K)`}>
            <ActionIcon variant="subtle" color="gray" aria-label={words.canned} onClick={() => setPicking(true)}>
              <Icon name="quick" />
            </ActionIcon>
          </Tooltip>
        )}
        <span className="fine" id="composer-hint" aria-live="polite">
          {isCut
            ? words.cut(whole(textLengthMax, locale))
            : left <= counterFrom
              ? words.left(whole(left, locale))
              : hint(draft, words)}
        </span>
      </div>
    </form>
  )
}

/** Open variables are said before they are sent. */
function hint(draft: Draft, words: { unfilled: string; hint: string }): string {
  return /\{(name|points|tier|shop)\}/.test(draft.text) ? words.unfilled : words.hint
}
