import type { Locale } from '../../shared/locale'
import type { Chat } from '../chat'
import { shownText } from '../model/card-text'
import { type PlacedEntry, timeLabel } from '../model/days'
import type { Entry } from '../model/transcript'
import type { ChatWords } from '../words'
import { AdaptiveCard, adaptiveCardType } from './adaptive-card'
import { Markdown } from './markdown'

interface MessageProps {
  readonly chat: Chat
  readonly placed: PlacedEntry
  readonly locale: Locale
  readonly words: ChatWords
  readonly online: boolean
}

/** One message: its day if one begins, its words, its cards, its time or how its sending stands. */
export function Message({ chat, placed, locale, words, online }: MessageProps) {
  const { entry, day, endsGroup } = placed
  const cards = entry.attachments.filter((attachment) => attachment.contentType === adaptiveCardType)
  const text = shownText(entry.text, cards.length > 0)
  return (
    <>
      {day && <p class="day">{day}</p>}
      <div class={`row ${entry.mine ? 'mine' : 'theirs'}`} data-ends={endsGroup}>
        <span class="visually-hidden">{entry.mine ? words.you : words.assistant}: </span>
        {text !== '' && (
          <div class="bubble">
            {entry.mine ? (
              <p class="plain" dir="auto">
                {text}
              </p>
            ) : (
              <Markdown source={text} words={words} />
            )}
          </div>
        )}
        {cards.map((attachment, index) => (
          <AdaptiveCard key={index} chat={chat} content={attachment.content} words={words} />
        ))}
        <Foot chat={chat} entry={entry} endsGroup={endsGroup} locale={locale} words={words} online={online} />
      </div>
    </>
  )
}

function Foot(props: Omit<MessageProps, 'placed'> & { entry: Entry; endsGroup: boolean }) {
  const { chat, entry, endsGroup, locale, words, online } = props
  const { outgoing } = entry
  if (entry.delivery === 'failed' && outgoing) {
    return (
      <p class="foot failed">
        {words.failed}{' '}
        <button type="button" onClick={() => chat.retry(outgoing)}>
          {words.retry}
        </button>
      </p>
    )
  }
  if (entry.delivery === 'sending') return <p class="foot">{online ? words.sending : words.waiting}</p>
  return endsGroup ? (
    <p class="foot">
      <time dateTime={new Date(entry.atMs).toISOString()}>{timeLabel(entry.atMs, locale)}</time>
    </p>
  ) : null
}
