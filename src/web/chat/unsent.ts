import type { Outgoing } from './model/transcript'

const storageKey = 'regulars:unsent'

/** What this tab had not yet got to the server when its page went away. Sending it again with its id does no harm. */
export function readUnsent(conversationId: string): readonly Outgoing[] {
  try {
    const stored = JSON.parse(sessionStorage.getItem(storageKey) ?? 'null') as {
      conversationId: string
      unsent: Outgoing[]
    } | null
    return stored?.conversationId === conversationId ? stored.unsent : []
  } catch {
    return []
  }
}

/** Keeps them for the tab's next page. */
export function writeUnsent(conversationId: string, unsent: readonly Outgoing[]): void {
  try {
    if (unsent.length === 0) sessionStorage.removeItem(storageKey)
    else sessionStorage.setItem(storageKey, JSON.stringify({ conversationId, unsent }))
  } catch (error) {
    console.debug('no session storage', error)
  }
}
