import type { Locale } from '../../shared/locale'
import type { Chat } from '../chat'
import { textAroundCard } from '../model/card-text'
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
  const { entry, day, endsGroup, agent } = placed
  const cards = entry.attachments.filter((attachment) => attachment.contentType === adaptiveCardType)
  const contents = cards.map((attachment) => attachment.content)
  const { lead, rest } = cards.length > 0 ? textAroundCard(entry.text, contents) : { lead: entry.text, rest: '' }
  return (
    <>
      {day && <p class="day">{day}</p>}
      <div class={`row ${entry.mine ? 'mine' : 'theirs'}`} data-ends={endsGroup}>
        {agent === undefined ? (
          <span class="visually-hidden">{entry.mine ? words.you : (entry.agent ?? words.assistant)}: </span>
        ) : (
          <p class="agent">{agent}</p>
        )}
        <Bubble text={lead} mine={entry.mine} words={words} />
        {contents.map((content, index) => (
          <AdaptiveCard key={index} chat={chat} content={content} words={words} />
        ))}
        <Bubble text={rest} mine={entry.mine} words={words} />
        <Foot chat={chat} entry={entry} endsGroup={endsGroup} locale={locale} words={words} online={online} />
      </div>
    </>
  )
}

/** One's own words stand as they were written; the bot's are Markdown. */
function Bubble({ text, mine, words }: { text: string; mine: boolean; words: ChatWords }) {
  if (text === '') return null
  return (
    <div class="bubble">
      {mine ? (
        <p class="plain" dir="auto">
          {text}
        </p>
      ) : (
        <Markdown source={text} words={words} />
      )}
    </div>
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
