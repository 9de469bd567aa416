import { SESSION_LIFETIME_MS } from '../../../core/staff/session'
import { type CookieOptions, setCookie } from '../../cookies'
import { SESSION_COOKIE } from './guard'

/** The cookie of a session that begins. Outside the demo, which has no https, it travels over https alone. */
export function sessionCookie(token: string, { demo }: { readonly demo: boolean }): string {
  return setCookie(SESSION_COOKIE, token, flags(demo, SESSION_LIFETIME_MS / 1_000))
}

/** What makes the browser forget it. */
export function endedCookie({ demo }: { readonly demo: boolean }): string {
  return setCookie(SESSION_COOKIE, '', flags(demo, 0))
}

function flags(demo: boolean, maxAgeSeconds: number): CookieOptions {
  return { path: '/', sameSite: 'Strict', secure: !demo, maxAgeSeconds }
}
