/** Which pages may talk to us, and frame our chat. */
export interface OriginRules {
  readonly allowedOrigins: readonly string[]
}

/** Sent with every answer. */
export const COMMON_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
}

/** Whether a browser's page may use us: our own pages, and those of the sites on the list. No origin: not a page. */
export function isOriginAllowed(origin: string | undefined, baseUrl: string, { allowedOrigins }: OriginRules): boolean {
  if (origin === undefined) return true
  return allowedOrigins.includes(origin) || (URL.canParse(baseUrl) && new URL(baseUrl).origin === origin)
}

/** What tells a browser that another site's page may read the answer. */
export function crossOriginHeaders(origin: string | undefined, rules: OriginRules): Record<string, string> {
  if (origin === undefined || !rules.allowedOrigins.includes(origin)) return { vary: 'origin' }
  return {
    vary: 'origin',
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'retry-after, x-request-id',
  }
}

/** The answer to a browser that asks before it sends. */
export const PREFLIGHT_HEADERS: Readonly<Record<string, string>> = {
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': 'authorization, content-type, x-ms-bot-agent, x-requested-with',
  'access-control-max-age': '600',
}

/** Where Teams runs: those who may frame the console where it is a tab. */
export const TEAMS_ORIGINS = [
  'https://teams.microsoft.com',
  'https://*.teams.microsoft.com',
  'https://*.cloud.microsoft',
  'https://*.office.com',
]

/**
 * What our pages may load, and who may frame them: us, and the `framedBy`. Styles that a page makes while it runs need the
 * `styleNonce` of this one answer.
 */
export function pagePolicy({ framedBy, styleNonce }: { framedBy: readonly string[]; styleNonce?: string }): string {
  const ancestors = ["'self'", ...framedBy].join(' ')
  return [
    "default-src 'self'",
    styleNonce === undefined ? "style-src 'self'" : `style-src 'self' 'nonce-${styleNonce}'`,
    // Product pictures come from the shop's own servers.
    "img-src 'self' data: https:",
    "connect-src 'self' ws: wss:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${ancestors}`,
  ].join('; ')
}
