import { useEffect, useState } from 'preact/hooks'
import type { Store } from '../chat/model/store'

/** Draws again when the store changes. */
export function useStore<State>(store: Store<State>): State {
  const [state, setState] = useState(store.get)
  useEffect(() => {
    setState(store.get)
    return store.subscribe(() => setState(store.get))
  }, [store])
  return state
}
