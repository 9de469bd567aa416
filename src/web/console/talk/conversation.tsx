import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { RequestRow, RequestView } from '../../../http/api/console/types'
import { useDesk } from '../data/desk'
import { useLocale, useWords } from '../data/language'
import { useSession } from '../data/session'
import { type OpenRequest, useRequest } from '../data/use-request'
import { useTyping } from '../data/use-typing'
import { useTake } from '../desk/use-take'
import { dayAndTime } from '../model/spans'
import { Await } from '../parts/empty'
import { shellWords } from '../words/shell'
import { talkWords } from '../words/talk'
import { Composer } from './composer'
import { Log } from './log'
import { TalkHead } from './talk-head'
import type { Draft } from './use-draft'

/** One conversation: its head with what one may do, everything that was said, and where one writes. */
export function Conversation({ requestId, draft }: { requestId: number; draft: Draft }) {
  const [isWholePast, setWholePast] = useState(false)
  const open = useRequest(requestId, isWholePast)
  return (
    <Await loaded={open.loaded} onAgain={open.reload} lines={9}>
      {(view) => (
        <Open
          view={view}
          row={open.row ?? view.request}
          open={open}
          draft={draft}
          onWholePast={() => setWholePast(true)}
        />
      )}
    </Await>
  )
}

function Open(props: { view: RequestView; row: RequestRow; open: OpenRequest; draft: Draft; onWholePast: () => void }) {
  const { view, row, open, draft, onWholePast } = props
  const { me } = useSession()
  const shell = useWords(shellWords)
  const { typing, say } = useTyping(row.id)
  useReading(row, open, me.id)
  const name = row.displayName ?? shell.stranger
  const isMine = row.status === 'agent' && row.staff?.id === me.id
  return (
    <>
      <TalkHead row={row} name={name} isMine={isMine} draft={draft} onChanged={open.reload} />
      <Log
        view={view}
        row={row}
        name={name}
        thread={open.thread}
        isMemberTyping={typing.member}
        onWholePast={onWholePast}
      />
      {isMine ? (
        <Composer row={row} name={name} draft={draft} colleague={typing.colleague} onTyping={say} />
      ) : (
        <Elsewhere row={row} draft={draft} name={name} colleague={typing.colleague} onTyping={say} />
      )}
    </>
  )
}

/** A conversation that is not one's own: it may be taken, annotated, or only read. */
function Elsewhere(props: {
  row: RequestRow
  name: string
  draft: Draft
  colleague: string | null
  onTyping: () => void
}) {
  const { row, ...rest } = props
  const words = useWords(talkWords)
  const locale = useLocale()
  const { accept } = useTake()
  const [busy, setBusy] = useState(false)
  if (row.status === 'returned' || row.status === 'closed') {
    const at = row.closedAt === null ? '' : ` · ${dayAndTime(row.closedAt, locale)}`
    return (
      <p className="talk-bar">
        {words.ended[row.status]}
        {at}
      </p>
    )
  }
  if (row.status === 'waiting') {
    const take = async (): Promise<void> => {
      setBusy(true)
      await accept(row)
      setBusy(false)
    }
    return (
      <div className="talk-bar">
        <span>{words.waitingNote}</span>
        <Button loading={busy} onClick={() => void take()}>
          {words.take}
        </Button>
      </div>
    )
  }
  return (
    <>
      <p className="talk-bar slim">{words.notMine(row.staff?.displayName ?? row.externalDesk ?? '')}</p>
      <Composer row={row} isNoteOnly {...rest} />
    </>
  )
}

/** What is on the screen of the agent who has it counts as read. */
function useReading(row: RequestRow, { thread }: OpenRequest, staffId: number): void {
  const { stream, streamState } = useDesk()
  const seq = thread.messages.at(-1)?.seq ?? 0
  const isMine = row.status === 'agent' && row.staff?.id === staffId
  const { unread } = row
  // Told at once when something comes, and again while the lists still count something as unread.
  useEffect(() => {
    if (!isMine || seq === 0 || streamState !== 'open') return
    const read = (): void => {
      if (document.visibilityState === 'visible' && document.hasFocus()) {
        stream.say({ type: 'read', requestId: row.id, seq })
      }
    }
    read()
    window.addEventListener('focus', read)
    return () => window.removeEventListener('focus', read)
  }, [isMine, seq, unread, stream, streamState, row.id])
}
