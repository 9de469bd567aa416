import type { ToPage } from '../shared/frame-messages'

/** What the chat remembers in this tab, over reloads and from page to page of the shop. */
export interface Memory {
  get(key: string): string | undefined
  /** Undefined forgets. */
  set(key: string, value: string | undefined): void
  /** What the page around the frame keeps for it. */
  seed(kept: Readonly<Record<string, string>>): void
}

/**
 * Remembers in the frame's own storage, out of reach of the shop's scripts. Some browsers allow a frame of another site
 * none; then the page around it keeps it.
 */
export function createMemory(tellPage: (message: ToPage) => void): Memory {
  const own = ownStorage()
  const kept = new Map<string, string>()
  return {
    get: (key) => (own ? (own.getItem(key) ?? undefined) : kept.get(key)),
    set(key, value) {
      if (own && value === undefined) own.removeItem(key)
      else if (own && value !== undefined) own.setItem(key, value)
      else if (kept.get(key) !== value) {
        if (value === undefined) kept.delete(key)
        else kept.set(key, value)
        tellPage({ regulars: 'remember', kept: Object.fromEntries(kept) })
      }
    },
    seed(from) {
      for (const [key, value] of Object.entries(from)) if (!kept.has(key)) kept.set(key, value)
    },
  }
}

function ownStorage(): Storage | undefined {
  try {
    sessionStorage.setItem('regulars:probe', '1')
    sessionStorage.removeItem('regulars:probe')
    return sessionStorage
  } catch {
    return undefined
  }
}
