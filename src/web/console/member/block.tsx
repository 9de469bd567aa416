import type { ReactNode } from 'react'

/** A part of the right side, under its title. */
export function Block(props: { title: string; count?: number; children: ReactNode }) {
  return (
    <section className="block">
      <h2>
        {props.title}
        {props.count !== undefined && props.count > 0 && <span className="count">{props.count}</span>}
      </h2>
      {props.children}
    </section>
  )
}

/** A name and its value, within a dl. */
export function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
