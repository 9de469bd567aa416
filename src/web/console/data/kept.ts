/** What this browser keeps for the signed-in person: switches, drafts, unsent messages. */
const prefix = 'console:'

/** Reads a kept text; null where there is none, or where nothing may be kept. */
export function readKept(name: string): string | null {
  try {
    return localStorage.getItem(prefix + name)
  } catch {
    return null
  }
}

/** Keeps a text; an empty one is forgotten. */
export function keep(name: string, text: string): void {
  try {
    if (text === '') localStorage.removeItem(prefix + name)
    else localStorage.setItem(prefix + name, text)
  } catch (error) {
    console.debug('nothing can be kept here', error)
  }
}

/** Forgets all that a person wrote and had not sent, as when they sign out. */
export function forgetWritten(staffId: number): void {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(`${prefix}draft:${staffId}:`) || key === `${prefix}unsent:${staffId}`) {
      localStorage.removeItem(key)
    }
  }
}
