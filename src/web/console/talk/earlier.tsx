import { Button } from '@mantine/core'
import { useState } from 'react'
import type { EarlierMessage, RequestView } from '../../../http/api/console/types'
import { timeLabel } from '../../chat/model/days'
import { nowMs } from '../../shared/clock'
import { useLocale, useWords } from '../data/language'
import { placeLines } from '../model/lines'
import { Icon } from '../parts/icons'
import { shellWords } from '../words/shell'
import { talkWords } from '../words/talk'
import { RichText } from './rich-text'

/** So much of the bot's part is shown without being asked for. */
const shownAtFirst = 4

/** What was said with the bot before: the end of it, the rest on demand. */
export function Earlier(props: { view: RequestView; name: string; onWholePast: () => void }) {
  const { view, name, onWholePast } = props
  const { earlier, hasEarlier } = view
  const words = useWords(talkWords)
  const locale = useLocale()
  const [isOpen, setOpen] = useState(false)
  if (earlier.length === 0) return null
  const isLong = earlier.length > shownAtFirst
  const shown = isLong && !isOpen ? earlier.slice(-2) : earlier
  const placed = placeLines(shown, {
    at: ({ at }) => Date.parse(at),
    by: ({ author }) => author,
    nowMs: nowMs(),
    locale,
  })
  return (
    <section className="before" aria-label={words.earlier}>
      <div className="before-head">
        {isLong ? (
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            aria-expanded={isOpen}
            leftSection={<Icon name="robot" size={16} />}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? words.hideEarlier : words.showEarlier(earlier.length - shown.length)}
          </Button>
        ) : (
          <span className="fine">
            <Icon name="robot" size={16} /> {words.earlier}
          </span>
        )}
        {isOpen && hasEarlier && (
          <Button variant="subtle" size="compact-sm" onClick={onWholePast}>
            {words.loadEarlier}
          </Button>
        )}
      </div>
      {placed.map(({ item, day, startsGroup }, index) => (
        <div key={index} className="line">
          {day !== undefined && <p className="day">{day}</p>}
          <EarlierLine message={item} name={name} startsGroup={startsGroup} />
        </div>
      ))}
    </section>
  )
}

function EarlierLine(props: { message: EarlierMessage; name: string; startsGroup: boolean }) {
  const { message, name, startsGroup } = props
  const words = useWords(talkWords)
  const shell = useWords(shellWords)
  const locale = useLocale()
  const who = message.author === 'bot' ? shell.bot : name
  return (
    <div className={`said ${message.author}`} data-starts={startsGroup}>
      <p className={startsGroup ? 'who' : 'visually-hidden'}>{who}</p>
      <div className="bubble">
        {message.author === 'bot' ? (
          <RichText source={message.text} />
        ) : (
          <p className="plain" dir="auto">
            {message.text}
          </p>
        )}
        {message.cards.length > 0 && (
          <p className="said-cards">
            {message.cards.map((title, index) => (
              <span key={index} className="chip plain" dir="auto">
                {words.card}: {title}
              </span>
            ))}
          </p>
        )}
      </div>
      <p className="foot">{timeLabel(Date.parse(message.at), locale)}</p>
    </div>
  )
}
