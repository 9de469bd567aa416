import { ActionIcon, SegmentedControl, Tooltip } from '@mantine/core'
import { counterFrom, textLengthMax } from '../../chat/model/paste'
import { useLocale, useWords } from '../data/language'
import { variables } from '../model/canned'
import { whole } from '../model/spans'
import { Icon } from '../parts/icons'
import { talkWords } from '../words/talk'
import type { Draft, Mode } from './use-draft'

/** Below the box: for whom one writes, the canned replies, and what one should know before sending. */
export function ComposerFoot(props: { draft: Draft; mode: Mode; isNoteOnly: boolean; onPick: () => void }) {
  const { draft, mode, isNoteOnly, onPick } = props
  const words = useWords(talkWords)
  return (
    <div className="composer-foot">
      {!isNoteOnly && (
        <SegmentedControl
          size="xs"
          aria-label={words.reply}
          value={mode}
          onChange={(value) => draft.focus(value as Mode)}
          data={[
            { value: 'reply', label: words.reply },
            { value: 'note', label: words.note },
          ]}
        />
      )}
      {mode === 'reply' && (
        <Tooltip label={`${words.canned} (Ctrl+K)`}>
          <ActionIcon variant="subtle" color="gray" aria-label={words.canned} onClick={onPick}>
            <Icon name="quick" />
          </ActionIcon>
        </Tooltip>
      )}
      <span className="fine" id="composer-hint" aria-live="polite">
        <Hint draft={draft} />
      </span>
    </div>
  )
}

function Hint({ draft: { text, isCut } }: { draft: Draft }) {
  const words = useWords(talkWords)
  const locale = useLocale()
  const left = textLengthMax - text.length
  if (isCut) return words.cut(whole(textLengthMax, locale))
  if (left <= counterFrom) return words.left(whole(left, locale))
  // Open variables are said before they are sent.
  return variables.some((name) => text.includes(`{${name}}`)) ? words.unfilled : words.hint
}
