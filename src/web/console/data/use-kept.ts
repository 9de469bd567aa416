import { useSyncExternalStore } from 'react'
import { createStore, type Store } from '../../chat/model/store'
import { keep, readKept } from './kept'

const switches = new Map<string, Store<boolean>>()

function storeOf(name: string, byDefault: boolean): Store<boolean> {
  const known = switches.get(name)
  if (known) return known
  const kept = readKept(name)
  const store = createStore(kept === null ? byDefault : kept === 'on')
  store.subscribe(() => keep(name, store.get() ? 'on' : 'off'))
  switches.set(name, store)
  return store
}

/** A switch that this browser remembers. */
export function useSwitch(name: string, byDefault: boolean): [boolean, (on: boolean) => void] {
  const store = storeOf(name, byDefault)
  const on = useSyncExternalStore(store.subscribe, store.get)
  return [on, (next) => store.update(() => next)]
}
