/** What came of asking the server: its body, or the code of its refusal. Status 0: it could not be reached. */
export type Answer<Body> =
  | { readonly ok: true; readonly body: Body }
  | { readonly ok: false; readonly status: number; readonly code: string }

const signedOutListeners = new Set<() => void>()

/** Tells when any answer says that the session is over. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener)
  return () => signedOutListeners.delete(listener)
}

/** Asks `GET /api/console/…`. Never throws. */
export const get = <Body>(path: string): Promise<Answer<Body>> => ask<Body>(path, {})

/** Sends `POST /api/console/…`. Never throws. */
export const post = <Body = unknown>(path: string, body: object = {}): Promise<Answer<Body>> =>
  ask<Body>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

async function ask<Body>(path: string, init: RequestInit): Promise<Answer<Body>> {
  try {
    const response = await fetch(`./api/console/${path}`, { credentials: 'same-origin', ...init })
    const body: unknown = response.status === 204 ? {} : await response.json().catch(() => ({}))
    if (response.ok) return { ok: true, body: body as Body }
    const code = (body as { error?: { code?: string } }).error?.code ?? 'internal-error'
    if (response.status === 401 && code === 'signed-out') for (const listener of signedOutListeners) listener()
    return { ok: false, status: response.status, code }
  } catch (error) {
    console.debug('no answer', error)
    return { ok: false, status: 0, code: 'unreachable' }
  }
}
