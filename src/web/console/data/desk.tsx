import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import type { DeskView } from '../../../http/api/console/types'
import { backoffMs, newClientId, randomFraction } from '../../chat/model/backoff'
import { nowMs } from '../../shared/clock'
import { type News, newsBetween } from '../model/news'
import { createOutbox, type Outbox, type Outgoing } from '../model/outbox'
import { post } from './ask'
import { keep, readKept } from './kept'
import { Stream, type StreamState, streamAddress } from './stream'
import { type Loaded, useLoaded } from './use-loaded'

/** What lives as long as one is signed in: the lists, the live connection and what is on its way out. */
export interface Desk {
  readonly loaded: Loaded<DeskView>
  readonly view: DeskView | undefined
  readonly reload: () => void
  readonly stream: Stream
  readonly streamState: StreamState
  readonly outbox: Outbox
}

const DeskContext = createContext<Desk | null>(null)

export function useDesk(): Desk {
  const desk = useContext(DeskContext)
  if (desk === null) throw new Error('only for what stands below the desk')
  return desk
}

/** Lists are asked for at most this often, however much happens. */
const reloadPauseMs = 400

/** Keeps the desk live for all that is below. */
export function DeskProvider(props: {
  staffId: number
  onNews: (news: readonly News[]) => void
  onSignedOut: () => void
  children: ReactNode
}) {
  const { staffId, onNews, onSignedOut, children } = props
  const { loaded, reload } = useLoaded<DeskView>('desk')
  const view = loaded.state === 'ready' ? loaded.body : undefined
  const [stream, streamState] = useStream(reload, onSignedOut)
  const [outbox] = useState(() => outboxOf(staffId))

  useEffect(() => {
    if (streamState === 'open') outbox.flush()
  }, [streamState, outbox])

  const before = useRef<DeskView>(undefined)
  useEffect(() => {
    if (before.current && view) onNews(newsBetween(before.current, view))
    before.current = view
  }, [view, onNews])

  const desk = useMemo(
    () => (stream ? { loaded, view, reload, stream, streamState, outbox } : null),
    [loaded, view, reload, stream, streamState, outbox],
  )
  return desk && <DeskContext value={desk}>{children}</DeskContext>
}

function useStream(reload: () => void, onSignedOut: () => void): [Stream | undefined, StreamState] {
  const [stream, setStream] = useState<Stream>()
  const [state, setState] = useState<StreamState>('connecting')
  useEffect(() => {
    const opened = new Stream(streamAddress())
    setStream(opened)
    let timer: ReturnType<typeof setTimeout> | undefined
    opened.onState(setState)
    opened.onMessage((message) => {
      if (message.type === 'signed-out') onSignedOut()
      if (message.type !== 'desk' || timer !== undefined) return
      timer = setTimeout(() => {
        timer = undefined
        reload()
      }, reloadPauseMs)
    })
    return () => {
      clearTimeout(timer)
      opened.close()
    }
  }, [reload, onSignedOut])
  return [stream, state]
}

function outboxOf(staffId: number): Outbox {
  const name = `unsent:${staffId}`
  return createOutbox({
    kept: { read: () => readKept(name), write: (text) => keep(name, text === '[]' ? '' : text) },
    newKey: newClientId,
    nowMs,
    pause: (failures) => new Promise((resolve) => setTimeout(resolve, backoffMs(failures, randomFraction()))),
    async post({ requestId, kind, key, text }) {
      const answer = await post(`requests/${requestId}/${kind}s`, { key, text })
      if (answer.ok) return answer
      const { status, code } = answer
      if (status >= 500) return { ok: false, code, kind: 'fault' }
      const isRefused = status >= 400 && status !== 429 && status !== 408
      return { ok: false, code, kind: isRefused ? 'refused' : 'unreachable' }
    },
  })
}

/** What was written in one conversation and is not part of its thread yet. */
export function useOutgoing(requestId: number): readonly Outgoing[] {
  const { outbox } = useDesk()
  const all = useSyncExternalStore(outbox.store.subscribe, outbox.store.get)
  return useMemo(() => all.filter((one) => one.requestId === requestId), [all, requestId])
}
