const storageKey = 'manager:key'

/** What came of a question to the managers' part of the server. */
export type Answered<Body> =
  | { readonly kind: 'known'; readonly body: Body }
  | { readonly kind: 'sign-in-needed' | 'key-needed' | 'key-wrong' | 'role-needed' | 'unknown' | 'failed' }

/** Remembers the access key while this tab is open. */
export function keepKey(key: string): void {
  sessionStorage.setItem(storageKey, key)
}

/** Forgets the access key. */
export function forgetKey(): void {
  sessionStorage.removeItem(storageKey)
}

/** Whether a key is remembered. */
export function hasKey(): boolean {
  return sessionStorage.getItem(storageKey) !== null
}

/** Asks the server, with the access key where one was entered. Never throws. */
export async function ask<Body>(address: string): Promise<Answered<Body>> {
  const key = sessionStorage.getItem(storageKey)
  try {
    const response = await fetch(address, { headers: key === null ? {} : { authorization: `Bearer ${key}` } })
    if (response.ok) return { kind: 'known', body: (await response.json()) as Body }
    const { error } = (await response.json()) as { error?: { code?: string } }
    if (error?.code === 'signed-out') return { kind: 'sign-in-needed' }
    if (response.status === 401) return { kind: key === null ? 'key-needed' : 'key-wrong' }
    if (error?.code === 'role-needed') return { kind: 'role-needed' }
    return { kind: response.status === 404 ? 'unknown' : 'failed' }
  } catch (error) {
    console.warn('no answer', error)
    return { kind: 'failed' }
  }
}
