import { SESSION_LIFETIME_MS } from '../../../core/staff/session'
import { type CookieOptions, setCookie } from '../../cookies'
import { SESSION_COOKIE } from './guard'

/** Where the console is used: the demo has no https; in a tab of Teams it is a frame of another site. */
export interface CookiePlace {
  readonly demo: boolean
  readonly inTeams: boolean
}

/** The cookie of a session that begins. Outside the demo, which has no https, it travels over https alone. */
export function sessionCookie(token: string, place: CookiePlace): string {
  return setCookie(SESSION_COOKIE, token, flags(place, SESSION_LIFETIME_MS / 1_000))
}

/** What makes the browser forget it. */
export function endedCookie(place: CookiePlace): string {
  return setCookie(SESSION_COOKIE, '', flags(place, 0))
}

function flags({ demo, inTeams }: CookiePlace, maxAgeSeconds: number): CookieOptions {
  return { path: '/', sameSite: inTeams && !demo ? 'Partitioned' : 'Strict', secure: !demo, maxAgeSeconds }
}
