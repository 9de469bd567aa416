import type { ReactNode } from 'react'

/** A table that scrolls sideways where it is wider than the page, by keyboard too. */
export function TableFrame(props: { label: string; isPanel?: boolean; children: ReactNode }) {
  return (
    <section
      className={props.isPanel ? 'panel table-frame' : 'table-frame'}
      aria-label={props.label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      {props.children}
    </section>
  )
}
