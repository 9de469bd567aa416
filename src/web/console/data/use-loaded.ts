import { useCallback, useEffect, useRef, useState } from 'react'
import { get } from './ask'

export type Loaded<Body> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly code: string; readonly status: number }
  | { readonly state: 'ready'; readonly body: Body }

/**
 * What the server says at an address. Loading again keeps what is shown until there is something newer; a null address
 * asks nothing.
 */
export function useLoaded<Body>(path: string | null): { loaded: Loaded<Body>; reload: () => void } {
  const [kept, setKept] = useState<{ path: string | null; loaded: Loaded<Body> }>({
    path,
    loaded: { state: 'loading' },
  })
  const newest = useRef(0)

  const reload = useCallback(() => {
    if (path === null) return
    newest.current += 1
    const mine = newest.current
    void get<Body>(path).then((answer) => {
      if (mine !== newest.current) return
      setKept((before) => {
        if (answer.ok) return { path, loaded: { state: 'ready', body: answer.body } }
        // A look that failed takes nothing away from what was seen before.
        if (before.path === path && before.loaded.state === 'ready') return before
        return { path, loaded: { state: 'failed', code: answer.code, status: answer.status } }
      })
    })
  }, [path])

  useEffect(() => {
    reload()
    return () => {
      newest.current += 1
    }
  }, [reload])
  return { loaded: kept.path === path ? kept.loaded : { state: 'loading' }, reload }
}
