import { ActionIcon } from '@mantine/core'
import { type KeyboardEvent, useState } from 'react'
import type { RequestRow } from '../../../http/api/console/types'
import { isComposing } from '../../chat/model/composing'
import { textLengthMax } from '../../chat/model/paste'
import { useDesk } from '../data/desk'
import { useWords } from '../data/language'
import { Icon } from '../parts/icons'
import { talkWords } from '../words/talk'
import { CannedPicker } from './canned-picker'
import { ComposerFoot } from './composer-foot'
import { useBox } from './use-box'
import type { Draft, Mode } from './use-draft'

interface ComposerProps {
  readonly row: RequestRow
  readonly name: string
  readonly draft: Draft
  /** Who else writes in this conversation. */
  readonly colleague: string | null
  readonly isNoteOnly?: boolean
  readonly onTyping: () => void
}

/** Where one writes: to the customer, or a note for colleagues. */
export function Composer(props: ComposerProps) {
  const { row, draft, colleague, isNoteOnly = false } = props
  const { outbox } = useDesk()
  const [isPicking, setPicking] = useState(false)
  const mode = isNoteOnly ? 'note' : draft.mode
  const send = (): void => {
    const text = draft.text.trim()
    if (text === '') return
    outbox.send({ requestId: row.id, kind: mode === 'note' ? 'note' : 'message', text })
    draft.write('')
    draft.setMode('reply')
    draft.focus()
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
      <Collision colleague={colleague} />
      {isPicking && (
        <CannedPicker
          requestId={row.id}
          locale={row.locale}
          onPick={(text) => {
            setPicking(false)
            draft.fill(text)
          }}
          onCancel={() => {
            setPicking(false)
            draft.focus()
          }}
          onLeave={() => setPicking(false)}
        />
      )}
      <Box {...props} mode={mode} onSend={send} onPick={() => setPicking(true)} />
      <ComposerFoot draft={draft} mode={mode} isNoteOnly={isNoteOnly} onPick={() => setPicking(true)} />
    </form>
  )
}

/** Enter sends; an input method keeps its own Enter, and Shift+Enter begins a line. */
function Box(props: ComposerProps & { mode: Mode; onSend: () => void; onPick: () => void }) {
  const { name, draft, mode, onTyping, onSend, onPick } = props
  const words = useWords(talkWords)
  const onPaste = useBox(draft)
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposing(event.nativeEvent)) return
    const opensCanned =
      (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) || (event.key === '/' && draft.text === '')
    if (opensCanned && mode === 'reply') {
      event.preventDefault()
      onPick()
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      onSend()
    } else if (event.key === 'Escape') draft.input.current?.blur()
  }
  return (
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
        onChange={({ currentTarget }) => {
          draft.write(currentTarget.value)
          // Where only notes may be written, it stays one when the conversation becomes one's own.
          if (mode !== draft.mode) draft.setMode(mode)
          if (mode === 'reply' && currentTarget.value.trim() !== '') onTyping()
        }}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
      />
      <ActionIcon
        type="submit"
        size={38}
        radius="xl"
        color={mode === 'note' ? 'yellow.9' : undefined}
        aria-label={mode === 'note' ? words.keepNote : words.send}
        disabled={draft.text.trim() === ''}
      >
        <Icon name={mode === 'note' ? 'note' : 'send'} />
      </ActionIcon>
    </div>
  )
}

function Collision({ colleague }: { colleague: string | null }) {
  const words = useWords(talkWords)
  return (
    <div role="alert">
      {colleague !== null && (
        <p className="collision">
          <Icon name="alert" size={16} />
          {words.collision(colleague)}
        </p>
      )}
    </div>
  )
}
