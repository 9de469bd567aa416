import { Button } from '@mantine/core'
import type { Delivery, DeskMessage } from '../../../http/api/console/types'
import { timeLabel } from '../../chat/model/days'
import { useDesk } from '../data/desk'
import { useLocale, useWords } from '../data/language'
import { useSession } from '../data/session'
import type { Outgoing } from '../model/outbox'
import { Icon, type IconName } from '../parts/icons'
import { refusalIn } from '../words/refusals'
import { shellWords } from '../words/shell'
import { talkWords } from '../words/talk'
import { RichText } from './rich-text'

/** A message: who says it, its words, when, and how its delivery stands. What people write is plain text. */
export function MessageLine(props: { message: DeskMessage; name: string; startsGroup: boolean }) {
  const { message, name, startsGroup } = props
  const locale = useLocale()
  const { author } = message
  const who = useAuthor(message, name)
  const isMarkdown = author === 'bot' || author === 'desk'
  return (
    <div className={`said ${author}`} data-starts={startsGroup}>
      <p className={startsGroup ? 'who' : 'visually-hidden'}>
        {author === 'note' && <Icon name="note" size={14} />}
        {who}
      </p>
      <div className="bubble">
        {isMarkdown ? (
          <RichText source={message.text} />
        ) : (
          <p className="plain" dir="auto">
            {message.text}
          </p>
        )}
      </div>
      <p className="foot">
        <time dateTime={message.at}>{timeLabel(Date.parse(message.at), locale)}</time>
        {author === 'agent' && message.delivery && <DeliveryMark delivery={message.delivery} />}
      </p>
    </div>
  )
}

function useAuthor({ author, staff }: DeskMessage, name: string): string {
  const words = useWords(talkWords)
  const shell = useWords(shellWords)
  const { me } = useSession()
  const person = staff === null ? '' : staff.id === me.id ? words.you : staff.displayName
  switch (author) {
    case 'member':
      return name
    case 'bot':
      return shell.bot
    case 'agent':
      return person
    case 'desk':
      return words.deskSays
    case 'note':
      return `${person} · ${words.note} (${words.noteMeans})`
  }
}

const MARKS: Readonly<Record<Delivery, IconName>> = {
  pending: 'clock',
  sent: 'checks',
  failed: 'alert',
  unknown: 'help',
}

function DeliveryMark({ delivery }: { delivery: Delivery }) {
  const words = useWords(talkWords)
  return (
    <span className="delivery" data-delivery={delivery}>
      <Icon name={MARKS[delivery]} size={14} />
      <span className={delivery === 'sent' || delivery === 'pending' ? 'visually-hidden' : undefined}>
        {words.deliveries[delivery]}
      </span>
    </span>
  )
}

/** Something that is not in the server's log yet. */
export function OutgoingLine({ outgoing, startsGroup }: { outgoing: Outgoing; startsGroup: boolean }) {
  const words = useWords(talkWords)
  return (
    <div className={`said ${outgoing.kind === 'note' ? 'note' : 'agent'} outgoing`} data-starts={startsGroup}>
      <p className={startsGroup ? 'who' : 'visually-hidden'}>{words.you}</p>
      <div className="bubble">
        <p className="plain" dir="auto">
          {outgoing.text}
        </p>
      </div>
      <OutgoingFoot outgoing={outgoing} />
    </div>
  )
}

function OutgoingFoot({ outgoing }: { outgoing: Outgoing }) {
  const { outbox, streamState } = useDesk()
  const words = useWords(talkWords)
  const locale = useLocale()
  if (outgoing.state !== 'failed') {
    return <p className="foot">{streamState === 'lost' ? words.waiting : words.sending}</p>
  }
  return (
    <p className="foot failed" role="alert">
      <Icon name="alert" size={14} />
      {words.notSent} {refusalIn(locale, { code: outgoing.code ?? '', status: 400 })}
      <Button size="compact-xs" variant="default" onClick={() => outbox.retry(outgoing.key)}>
        {words.retry}
      </Button>
      <Button size="compact-xs" variant="subtle" color="gray" onClick={() => outbox.discard(outgoing.key)}>
        {words.discard}
      </Button>
    </p>
  )
}
