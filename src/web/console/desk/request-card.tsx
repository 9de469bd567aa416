import type { RequestRow } from '../../../http/api/console/types'
import { useLocale, useWords } from '../data/language'
import { useSession } from '../data/session'
import { plainText } from '../model/plain-text'
import { hrefOf } from '../model/route'
import { ticking } from '../model/spans'
import { Icon } from '../parts/icons'
import { deskWords } from '../words/desk'
import { shellWords } from '../words/shell'

/** Who has waited this long should hear from somebody. */
const longWaitMs = 3 * 60_000
const silenceShownMs = 3 * 60_000

/** A conversation in a list: who, what was said last, how long they wait, and what presses. */
export function RequestCard({ row, isOpen, nowMs }: { row: RequestRow; isOpen: boolean; nowMs: number }) {
  const words = useWords(deskWords)
  const shell = useWords(shellWords)
  const locale = useLocale()
  const name = row.displayName ?? shell.stranger
  const waitedMs = nowMs - Date.parse(row.waitingSince)
  return (
    <li>
      <a
        className="card"
        href={hrefOf({ page: 'desk', requestId: row.id })}
        aria-current={isOpen ? 'true' : undefined}
        data-status={row.status}
      >
        <span className="card-top">
          <span className="card-name" dir="auto">
            {name}
          </span>
          {row.tier && <span className="chip">{row.tier[locale]}</span>}
          <span className="chip plain" title={shell.languages[row.locale]}>
            {row.locale === 'zh' ? '中' : 'EN'}
          </span>
          {row.unread > 0 && (
            <span className="unread">
              <span aria-hidden="true">{row.unread}</span>
              <span className="visually-hidden">{words.unread(row.unread)}</span>
            </span>
          )}
        </span>
        <LastSaid row={row} />
        <span className="card-foot">
          <span>{row.staff && row.status === 'agent' ? <Owner row={row} /> : words.reasons[row.reason]}</span>
          {row.leftAt !== null && <span className="chip plain">{words.leftMessage}</span>}
          {row.status === 'waiting' && row.leftAt === null && (
            <span className={waitedMs > longWaitMs ? 'ticks late' : 'ticks'}>
              <Icon name="clock" size={13} />
              <span className="visually-hidden">{words.waitingFor('')}</span>
              {ticking(waitedMs)}
            </span>
          )}
        </span>
        <Silence row={row} nowMs={nowMs} />
      </a>
    </li>
  )
}

function Owner({ row }: { row: RequestRow }) {
  const words = useWords(deskWords)
  const { me } = useSession()
  if (!row.staff || row.staff.id === me.id) return words.reasons[row.reason]
  return words.with(row.staff.displayName)
}

function LastSaid({ row }: { row: RequestRow }) {
  const words = useWords(deskWords)
  const { me } = useSession()
  const { author, text } = row.last
  const isColleague = author === 'agent' && row.staff !== null && row.staff.id !== me.id
  return (
    <span className="card-said" dir="auto">
      {isColleague ? words.colleagueSaid(row.staff?.displayName ?? '') : words.saidBy[author]}
      {author === 'bot' || author === 'desk' ? plainText(text) : text}
    </span>
  )
}

/** Who is silent too long loses the conversation: told before it happens. */
function Silence({ row, nowMs }: { row: RequestRow; nowMs: number }) {
  const words = useWords(deskWords)
  if (row.silentAt === null || row.status !== 'agent') return null
  const leftMs = Date.parse(row.silentAt) - nowMs
  if (leftMs > silenceShownMs) return null
  return <span className="silence">{leftMs > 0 ? words.silent(ticking(leftMs)) : words.overdue}</span>
}
