/** Asks the demo's own server. Throws when it does not answer with success. */
export async function fetchJson<Body>(address: string, init: RequestInit = {}): Promise<Body> {
  const response = await fetch(address, { headers: { 'content-type': 'application/json' }, ...init })
  if (!response.ok) throw new Error(`${address} answered ${response.status}`)
  return (await response.json()) as Body
}
