import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useDesk } from '../data/desk'
import { useWords } from '../data/language'
import { shellWords } from '../words/shell'
import { Icon } from './icons'

/** A blink of the network is no news. */
const shownAfterMs = 1_500

/** Says quietly that the live connection is away. */
export function OfflineBanner() {
  const { stream, streamState } = useDesk()
  const words = useWords(shellWords)
  const [isLong, setLong] = useState(false)
  const isAway = streamState === 'lost'
  useEffect(() => {
    if (!isAway) return setLong(false)
    const timer = setTimeout(() => setLong(true), shownAfterMs)
    return () => clearTimeout(timer)
  }, [isAway])
  return (
    <div role="status">
      {isLong && (
        <p className="offline">
          <Icon name="alert" size={16} />
          <span>{words.lost}</span>
          <Button size="compact-xs" variant="default" onClick={stream.tryNow}>
            {words.tryNow}
          </Button>
        </p>
      )}
    </div>
  )
}
