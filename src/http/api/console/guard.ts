import type { Clock } from '../../../core/clock'
import type { StaffAccount } from '../../../core/staff/account'
import { isAtLeast, type Role } from '../../../core/staff/role'
import { findSession } from '../../../core/staff/session'
import type { Database } from '../../../db/open'
import { cookieIn } from '../../cookies'
import { isLocalHost } from '../../local-host'
import { type ApiRequest, type ApiResponse, failure, type Route } from '../../route'
import type { StaffAccess } from './access'

/** The cookie that holds a session's token. */
export const SESSION_COOKIE = 'regulars_staff'

export interface GuardOptions {
  readonly database: Database
  readonly clock: Clock
  /** In demo mode nobody but this machine is answered. */
  readonly demo: boolean
}

/** An operation of the console for people from a role on. */
export interface StaffRoute extends Omit<Route, 'handle'> {
  readonly atLeast: Role
  handle(request: ApiRequest, account: StaffAccount): Promise<ApiResponse> | ApiResponse
}

/** Checks who sends a request; every operation of the console goes through one of these three. */
export interface Guard {
  readonly access: StaffAccess
  /** For operations that need no session: refuses other sites' pages and, in the demo, foreign names of this machine. */
  open(routes: readonly Route[]): readonly Route[]
  /** For operations that need a role. */
  staff(routes: readonly StaffRoute[]): readonly Route[]
}

export function createGuard(options: GuardOptions): Guard {
  const admit = async (request: ApiRequest, atLeast: Role) => {
    const foreign = foreignRefusal(request, options)
    if (foreign) return { ok: false, response: foreign } as const
    const account = await accountOf(request, options)
    if (!account) return { ok: false, response: failure(401, 'signed-out', 'sign in at /console') } as const
    if (!isAtLeast(account.role, atLeast)) {
      return { ok: false, response: failure(403, 'role-needed', `this needs the role ${atLeast} or above`) } as const
    }
    return { ok: true, account } as const
  }
  return {
    async access(request, atLeast) {
      const admitted = await admit(request, atLeast)
      if (!admitted.ok) return admitted
      const { id, displayName, role, locale } = admitted.account
      return { ok: true, staff: { id, displayName, role, locale } }
    },
    open: (routes) =>
      routes.map((route) => ({
        ...route,
        handle: (request) => foreignRefusal(request, options) ?? route.handle(request),
      })),
    staff: (routes) =>
      routes.map(({ atLeast, handle, ...route }) => ({
        ...route,
        async handle(request) {
          const admitted = await admit(request, atLeast)
          return admitted.ok ? handle(request, admitted.account) : admitted.response
        },
      })),
  }
}

/** Whose session a request carries, if it is in force. */
export async function accountOf(
  { cookie }: ApiRequest,
  { database, clock }: GuardOptions,
): Promise<StaffAccount | undefined> {
  const token = cookieIn(cookie, SESSION_COOKIE)
  return token ? findSession(database, { token, at: clock() }) : undefined
}

/** Browsers name the page with each write, and with all that they ask across sites; other programs name none. */
function foreignRefusal({ baseUrl, origin }: ApiRequest, { demo }: GuardOptions): ApiResponse | undefined {
  if (demo && !isLocalHost(baseUrl)) return failure(403, 'foreign-host', 'the demo answers this machine only')
  const isOwn = origin === undefined || (URL.canParse(baseUrl) && new URL(baseUrl).origin === origin)
  return isOwn ? undefined : failure(403, 'foreign-origin', 'only the console’s own pages may ask this')
}
