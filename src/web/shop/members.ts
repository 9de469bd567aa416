import { fetchJson } from '../page/fetch-json'
import type { Locale } from '../shared/locale'

export interface DemoMember {
  readonly id: string
  readonly displayName: string
  readonly locale: Locale
  readonly points: number
  readonly tier: string
  readonly description: Readonly<Record<Locale, string>>
}

/** Customers of the demo shop, those worth meeting first; or those found by name or number. */
export async function findMembers(search: string, signal: AbortSignal): Promise<readonly DemoMember[]> {
  const query = new URLSearchParams(search ? { search } : {})
  const { members } = await fetchJson<{ members: DemoMember[] }>(`api/demo/members?${query}`, { signal })
  return members
}

/** The token that a real shop's server would sign for the customer who is signed in. */
export async function tokenFor(memberId: string): Promise<string> {
  const { memberToken } = await fetchJson<{ memberToken: string }>('api/demo/token', {
    method: 'POST',
    body: JSON.stringify({ memberId }),
  })
  return memberToken
}

const storageKey = 'demo:member'

export function readChosen(): string | undefined {
  return sessionStorage.getItem(storageKey) ?? undefined
}

export function writeChosen(memberId: string | undefined): void {
  if (memberId) sessionStorage.setItem(storageKey, memberId)
  else sessionStorage.removeItem(storageKey)
}
