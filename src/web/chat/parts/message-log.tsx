import type { RefObject } from 'preact'
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { nowMs } from '../../shared/clock'
import type { Chat } from '../chat'
import type { ChatState } from '../chat-state'
import { placeEntries } from '../model/days'
import type { ChatWords } from '../words'
import { ArrowDownIcon } from './icons'
import { Message } from './message'

/** More than this are shown only when asked for. */
const shownAtFirst = 120
const nearEndPx = 80

/** Everything said, as a log that screen readers follow, at its end unless one has scrolled away. */
export function MessageLog(props: {
  chat: Chat
  state: ChatState
  words: ChatWords
  log: RefObject<HTMLDivElement | null>
}) {
  const { chat, state, words, log } = props
  const [limit, setLimit] = useState(shownAtFirst)
  const { entries } = state.transcript
  const placed = useMemo(
    () => placeEntries(entries.slice(-limit), nowMs(), state.locale),
    [entries, limit, state.locale],
  )
  const { behind, onScroll, toEnd } = useFollowing(log, entries.length, entries.at(-1)?.mine ?? false, state)

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
        {state.typing && (
          <div class="row theirs">
            <div class="bubble typing">
              <span class="visually-hidden">{words.typing}</span>
              <span class="dots" aria-hidden="true">
                <i />
                <i />
                <i />
              </span>
            </div>
          </div>
        )}
      </div>
      {behind && (
        <button type="button" class="behind" onClick={toEnd}>
          <ArrowDownIcon />
          {words.newMessages}
        </button>
      )}
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

/** Keeps the end in view while one is near it; otherwise says that there is something new. */
function useFollowing(log: RefObject<HTMLDivElement | null>, count: number, lastIsMine: boolean, state: ChatState) {
  const atEnd = useRef(true)
  const [behind, setBehind] = useState(false)

  const toEnd = (): void => {
    const area = log.current
    if (!area) return
    area.scrollTop = area.scrollHeight
    atEnd.current = true
    setBehind(false)
  }
  const onScroll = (): void => {
    const area = log.current
    if (!area) return
    atEnd.current = area.scrollHeight - area.scrollTop - area.clientHeight < nearEndPx
    if (atEnd.current) setBehind(false)
  }
  useLayoutEffect(() => {
    if (atEnd.current || lastIsMine) toEnd()
    else if (state.settled) setBehind(true)
  }, [count])
  // Cards, pictures, the keyboard and the quick replies change the room there is.
  useLayoutEffect(() => {
    const area = log.current
    if (!area) return
    const observer = new ResizeObserver(() => {
      if (atEnd.current) area.scrollTop = area.scrollHeight
    })
    observer.observe(area)
    return () => observer.disconnect()
  }, [])
  useLayoutEffect(() => {
    if (atEnd.current) toEnd()
  }, [state.typing, state.shown])
  return { behind, onScroll, toEnd }
}
