import { useMemo, useRef, useState } from 'preact/hooks'
import { nowMs } from '../../shared/clock'
import type { Chat } from '../chat'
import type { ChatState } from '../chat-state'
import { placeEntries } from '../model/days'
import type { ChatWords } from '../words'
import { ArrowDownIcon } from './icons'
import { Message } from './message'
import { useFollowing } from './use-following'

/** More than this are shown only when asked for. */
const shownAtFirst = 120

/** Everything said, as a log that screen readers follow, at its end unless one has scrolled away. */
export function MessageLog({ chat, state, words }: { chat: Chat; state: ChatState; words: ChatWords }) {
  const log = useRef<HTMLDivElement>(null)
  const [limit, setLimit] = useState(shownAtFirst)
  const { entries } = state.transcript
  const placed = useMemo(
    () => placeEntries(entries.slice(-limit), nowMs(), state.locale),
    [entries, limit, state.locale],
  )
  const { behind, onScroll, toEnd } = useFollowing(log, state)

  return (
    <div class="log-frame">
      <div
        class="log"
        ref={log}
        role="log"
        aria-label={words.log}
        aria-live={state.settled ? 'polite' : 'off'}
        aria-busy={!state.settled}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={onScroll}
      >
        <div class="log-content">
          {entries.length > limit && (
            <button type="button" class="earlier" onClick={() => setLimit(limit + shownAtFirst)}>
              {words.earlier}
            </button>
          )}
          {entries.length === 0 && <Skeleton label={words.loading} />}
          {placed.map((item) => (
            <Message
              key={item.entry.key}
              chat={chat}
              placed={item}
              locale={state.locale}
              words={words}
              online={state.connection === 'online'}
            />
          ))}
          {state.typing && <TypingDots label={words.typing} typist={state.typist} />}
        </div>
      </div>
      {behind && (
        <button
          type="button"
          class="behind"
          data-why={behind}
          aria-label={behind === 'new' ? words.newMessages : words.toEnd}
          onClick={toEnd}
        >
          <ArrowDownIcon />
          {behind === 'new' && words.newMessages}
        </button>
      )}
    </div>
  )
}

function TypingDots({ label, typist }: { label: string; typist: string | undefined }) {
  return (
    <div class="row theirs">
      {typist !== undefined && <p class="agent">{typist}</p>}
      <div class="bubble typing">
        <span class="visually-hidden">{label}</span>
        <span class="dots" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
      </div>
    </div>
  )
}

function Skeleton({ label }: { label: string }) {
  return (
    <div class="skeleton">
      <span class="visually-hidden">{label}</span>
      <div />
      <div />
    </div>
  )
}
