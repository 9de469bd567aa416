import type { ReactNode } from 'react'

/** The frame of a page beside the desk. */
export function Page(props: { title: string; note?: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <main className="page">
      <div className="page-inner">
        <header className="page-head">
          <div>
            <h1>{props.title}</h1>
            {props.note !== undefined && <p className="lead">{props.note}</p>}
          </div>
          {props.actions}
        </header>
        {props.children}
      </div>
    </main>
  )
}
