import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { ChatState } from '../chat-state'

const nearEndPx = 80

/**
 * Keeps the latest in view until one scrolls away. "In view" is the end, or, where an answer is longer than the screen,
 * its beginning below the question. `behind` tells what lies further down: something new, or more of the same.
 */
export function useFollowing(log: RefObject<HTMLDivElement | null>, state: ChatState) {
  const following = useRef(true)
  const wanted = useRef(0)
  const [behind, setBehind] = useState<'new' | 'more'>()
  const { entries } = state.transcript

  const follow = (): void => {
    const area = log.current
    if (!area || !following.current) return
    const questions = area.querySelectorAll<HTMLElement>('.row.mine')
    const question = questions[questions.length - 1]
    const end = area.scrollHeight - area.clientHeight
    wanted.current = Math.max(0, Math.min(end, question ? question.offsetTop - 12 : end))
    area.scrollTop = wanted.current
    setBehind(end - wanted.current > nearEndPx ? 'more' : undefined)
  }
  const toEnd = (): void => {
    const area = log.current
    if (!area) return
    area.scrollTop = area.scrollHeight
    setBehind(undefined)
  }
  const onScroll = (): void => {
    const area = log.current
    if (!area) return
    const rest = area.scrollHeight - area.clientHeight - area.scrollTop
    following.current = Math.abs(area.scrollTop - wanted.current) < 3 || rest < nearEndPx
    if (rest < nearEndPx) setBehind(undefined)
  }

  const lastIsMine = entries.at(-1)?.mine ?? false
  useLayoutEffect(() => {
    if (lastIsMine) following.current = true
    if (following.current) follow()
    else if (state.settled) setBehind('new')
  }, [entries.length])
  useLayoutEffect(follow, [state.typing, state.shown])
  // Pictures in cards, the keyboard and the quick replies change the room there is.
  useLayoutEffect(() => {
    const area = log.current
    if (!area) return
    const observer = new ResizeObserver(follow)
    observer.observe(area)
    if (area.firstElementChild) observer.observe(area.firstElementChild)
    return () => observer.disconnect()
  }, [])
  return { behind, onScroll, toEnd }
}
