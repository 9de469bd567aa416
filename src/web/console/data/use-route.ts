import { useSyncExternalStore } from 'react'
import { hrefOf, type Route, routeOf } from '../model/route'

let read = ''
let route: Route = { page: 'desk', requestId: null }

function current(): Route {
  const { hash, search } = location
  if (read !== hash + search) {
    read = hash + search
    route = routeOf({ hash, search })
  }
  return route
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}

/** Where one is. */
export const useRoute = (): Route => useSyncExternalStore(subscribe, current)

/** Goes somewhere; what was there before stays in the browser's history. */
export function goTo(target: Parameters<typeof hrefOf>[0]): void {
  location.hash = hrefOf(target)
}
