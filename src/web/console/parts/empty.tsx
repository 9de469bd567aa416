import { Button, Skeleton } from '@mantine/core'
import type { ReactNode } from 'react'
import { useLocale, useWords } from '../data/language'
import type { Loaded } from '../data/use-loaded'
import { refusalIn } from '../words/refusals'
import { shellWords } from '../words/shell'
import { Icon, type IconName } from './icons'

/** Says why there is nothing, and what one may do. */
export function Empty(props: { icon: IconName; title: string; note?: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <span className="empty-sign">
        <Icon name={props.icon} size={22} />
      </span>
      <p className="empty-title">{props.title}</p>
      {props.note !== undefined && <p className="fine">{props.note}</p>}
      {props.children}
    </div>
  )
}

/** Shows what was loaded; meanwhile its outline, and where it failed why, with another try. */
export function Await<Body>(props: {
  loaded: Loaded<Body>
  onAgain: () => void
  lines?: number
  children: (body: Body) => ReactNode
}) {
  const { loaded, onAgain, lines = 4, children } = props
  const words = useWords(shellWords)
  const locale = useLocale()
  if (loaded.state === 'ready') return children(loaded.body)
  if (loaded.state === 'loading') {
    return (
      <div className="outline" aria-busy="true">
        <span className="visually-hidden">{words.loading}</span>
        {Array.from({ length: lines }, (_, index) => (
          <Skeleton key={index} height={index === 0 ? 22 : 14} width={`${92 - ((index * 17) % 40)}%`} />
        ))}
      </div>
    )
  }
  return (
    <div role="alert">
      <Empty icon="alert" title={words.failed} note={refusalIn(locale, loaded)}>
        <Button variant="light" size="xs" onClick={onAgain}>
          {words.again}
        </Button>
      </Empty>
    </div>
  )
}
