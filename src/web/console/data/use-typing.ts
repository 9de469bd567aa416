import { useCallback, useEffect, useRef, useState } from 'react'
import { nowMs } from '../../shared/clock'
import { useDesk } from './desk'
import { useSession } from './session'

const shownMs = 5_000
const saidEveryMs = 2_500

export interface Typing {
  readonly member: boolean
  /** A colleague who writes in the same conversation. */
  readonly colleague: string | null
}

/** Who writes in a conversation at this moment, and a way to say that one does oneself. */
export function useTyping(requestId: number): { typing: Typing; say: () => void } {
  const { stream } = useDesk()
  const { me } = useSession()
  const [typing, setTyping] = useState<Typing>({ member: false, colleague: null })
  const saidMs = useRef(0)

  useEffect(() => {
    const timers: Partial<Record<keyof Typing, ReturnType<typeof setTimeout>>> = {}
    const show = (who: keyof Typing, part: Partial<Typing>, none: Partial<Typing>): void => {
      setTyping((before) => ({ ...before, ...part }))
      clearTimeout(timers[who])
      timers[who] = setTimeout(() => setTyping((before) => ({ ...before, ...none })), shownMs)
    }
    const unhear = stream.onMessage((message) => {
      if (message.type === 'messages' && message.requestId === requestId) {
        if (message.messages.some(({ author }) => author === 'member')) setTyping((now) => ({ ...now, member: false }))
        if (message.messages.some(({ author }) => author === 'agent')) setTyping((now) => ({ ...now, colleague: null }))
      }
      if (message.type !== 'typing' || message.requestId !== requestId) return
      if (message.who === 'member') show('member', { member: true }, { member: false })
      else if (message.displayName !== null && message.displayName !== me.displayName) {
        show('colleague', { colleague: message.displayName }, { colleague: null })
      }
    })
    return () => {
      unhear()
      for (const timer of Object.values(timers)) clearTimeout(timer)
      setTyping({ member: false, colleague: null })
    }
  }, [stream, requestId, me.displayName])

  const say = useCallback(() => {
    if (nowMs() - saidMs.current < saidEveryMs) return
    saidMs.current = nowMs()
    stream.say({ type: 'typing', requestId })
  }, [stream, requestId])
  return { typing, say }
}
