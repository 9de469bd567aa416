import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'

const nearEndPx = 90

/** Keeps the end in view until one scrolls away; then it says that there is something new. */
export function useFollowing(
  log: RefObject<HTMLDivElement | null>,
  { count, isOwn, isTyping }: { count: number; isOwn: boolean; isTyping: boolean },
) {
  const following = useRef(true)
  const [isBehind, setBehind] = useState(false)

  const toEnd = (): void => {
    const area = log.current
    if (!area) return
    following.current = true
    area.scrollTop = area.scrollHeight
    setBehind(false)
  }
  const onScroll = (): void => {
    const area = log.current
    if (!area) return
    following.current = area.scrollHeight - area.clientHeight - area.scrollTop < nearEndPx
    if (following.current) setBehind(false)
  }
  const seen = useRef(0)
  useLayoutEffect(() => {
    if (isOwn || following.current) toEnd()
    else if (count > seen.current) setBehind(true)
    seen.current = count
  }, [count, isOwn, isTyping])
  useEffect(() => {
    const area = log.current
    if (!area) return
    const observer = new ResizeObserver(() => following.current && toEnd())
    observer.observe(area)
    if (area.firstElementChild) observer.observe(area.firstElementChild)
    return () => observer.disconnect()
  }, [])
  return { isBehind, onScroll, toEnd }
}
