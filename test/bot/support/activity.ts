let count = 0

/** A message as Teams sends it. Fields given replace its own. */
export function messageActivity(
  serviceUrl: string,
  text: string,
  changes: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  count += 1
  return {
    type: 'message',
    id: `activity-${count}`,
    channelId: 'msteams',
    serviceUrl,
    timestamp: '2026-11-22T10:00:00.000Z',
    from: { id: '29:user', name: 'Ana' },
    recipient: { id: '28:bot', name: 'Bot' },
    conversation: { id: 'a:conversation', conversationType: 'personal', tenantId: 'tenant' },
    channelData: { tenant: { id: 'tenant' } },
    locale: 'en-GB',
    text,
    ...changes,
  }
}

/** Posts a body to the bot as a channel does. */
export async function postActivity(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{
  status: number
  body: { [key: string]: unknown; error?: { code: string; message: string } } | undefined
}> {
  const response = await fetch(`${url}/api/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}
