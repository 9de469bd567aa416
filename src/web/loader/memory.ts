import type { Kept } from '../shared/frame-messages'

const keptKey = 'regulars:kept'
const storageKey = 'regulars:widget'

/** Remembers over a shop's pages, in one tab, whether the chat stands open. */
export function remember(state: 'open' | 'closed'): void {
  try {
    sessionStorage.setItem(storageKey, state)
  } catch (error) {
    console.debug('no session storage', error)
  }
}

/** What was remembered; undefined when this tab has not chatted. */
export function recall(): 'open' | 'closed' | undefined {
  try {
    const state = sessionStorage.getItem(storageKey)
    return state === 'open' || state === 'closed' ? state : undefined
  } catch {
    return undefined
  }
}

/** Keeps for the chat's frame what it may not keep itself. */
export function keep(kept: Kept): void {
  try {
    sessionStorage.setItem(keptKey, JSON.stringify(kept))
  } catch (error) {
    console.debug('no session storage', error)
  }
}

export function readKept(): Kept {
  try {
    return JSON.parse(sessionStorage.getItem(keptKey) ?? '{}') as Kept
  } catch {
    return {}
  }
}
