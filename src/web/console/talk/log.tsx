import { useMemo, useRef, useState } from 'react'
import type { RequestRow, RequestView } from '../../../http/api/console/types'
import { dayLabel, timeLabel } from '../../chat/model/days'
import { nowMs } from '../../shared/clock'
import { useOutgoing } from '../data/desk'
import { useLocale, useWords } from '../data/language'
import { placeLines } from '../model/lines'
import { happenings, type Line, linesOf } from '../model/talk-lines'
import type { Thread } from '../model/thread'
import { Icon } from '../parts/icons'
import { eventWords } from '../words/events'
import { talkWords } from '../words/talk'
import { Earlier } from './earlier'
import { MessageLine, OutgoingLine } from './message-line'
import { useFollowing } from './use-following'

/** Everything said, from the bot's part to what is just being sent, with what happened in between. */
export function Log(props: {
  view: RequestView
  row: RequestRow
  name: string
  thread: Thread
  isMemberTyping: boolean
  onWholePast: () => void
}) {
  const { view, row, name, thread, isMemberTyping, onWholePast } = props
  const words = useWords(talkWords)
  const locale = useLocale()
  const outgoing = useOutgoing(row.id)
  const log = useRef<HTMLDivElement>(null)
  const placed = useMemo(() => {
    const lines = linesOf({ messages: thread.messages, events: happenings(view.events), outgoing })
    return placeLines(lines, { at: ({ atMs }) => atMs, by: ({ by }) => by, nowMs: nowMs(), locale })
  }, [thread, view.events, outgoing, locale])
  const last = placed.at(-1)?.item
  const before = view.earlier.at(-1)
  // The day of the bot's part goes on: it is not said again.
  const dayBefore = before && dayLabel(Date.parse(before.at), nowMs(), locale)
  const { isBehind, onScroll, toEnd } = useFollowing(log, {
    count: placed.length,
    isOwn: last?.type === 'outgoing',
    isTyping: isMemberTyping,
  })
  return (
    <div className="log-frame">
      <div
        className="log"
        ref={log}
        role="log"
        aria-label={words.log}
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={onScroll}
      >
        <div className="log-content">
          <Earlier view={view} name={name} onWholePast={onWholePast} />
          {placed.map(({ item, day, startsGroup }, index) => (
            <div key={item.key} className="line">
              {day !== undefined && (index > 0 || day !== dayBefore) && <p className="day">{day}</p>}
              <LineOf line={item} name={name} startsGroup={startsGroup} />
            </div>
          ))}
          {isMemberTyping && <TypingDots label={words.memberTyping(name)} />}
        </div>
      </div>
      <Spoken thread={thread} name={name} />
      {isBehind && (
        <button type="button" className="behind" onClick={toEnd}>
          <Icon name="down" size={15} />
          {words.newMessages}
        </button>
      )}
    </div>
  )
}

function LineOf({ line, name, startsGroup }: { line: Line; name: string; startsGroup: boolean }) {
  const locale = useLocale()
  const words = useWords(eventWords)
  switch (line.type) {
    case 'message':
      return <MessageLine message={line.message} name={name} startsGroup={startsGroup} />
    case 'outgoing':
      return <OutgoingLine outgoing={line.outgoing} startsGroup={startsGroup} />
    case 'event': {
      const { kind, staff, toStaff, toTeam } = line.event
      const says = words[kind]({ staff: staff ?? '', to: toStaff ?? toTeam ?? '' })
      return (
        <p className="event">
          {says} · {timeLabel(line.atMs, locale)}
        </p>
      )
    }
  }
}

/** The last words of the customer, for screen readers, which should not hear the whole log again. */
function Spoken({ thread, name }: { thread: Thread; name: string }) {
  const words = useWords(talkWords)
  const [firstSeq] = useState(thread.messages.at(-1)?.seq ?? 0)
  const heard = thread.messages.findLast(({ author }) => author === 'member')
  return (
    <div className="visually-hidden" aria-live="polite">
      {heard && heard.seq > firstSeq ? words.newFrom(name, heard.text) : ''}
    </div>
  )
}

function TypingDots({ label }: { label: string }) {
  return (
    <div className="said member">
      <div className="bubble dots" role="status">
        <span className="visually-hidden">{label}</span>
        <i />
        <i />
        <i />
      </div>
    </div>
  )
}
