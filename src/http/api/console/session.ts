import { z } from 'zod'
import { readMerchant } from '../../../core/merchant'
import type { StaffAccount } from '../../../core/staff/account'
import { findStaff } from '../../../core/staff/account'
import { listDemoStaff, signInAsDemoStaff } from '../../../core/staff/demo-staff'
import { recordStaffEvent } from '../../../core/staff/events'
import { acceptInvitation } from '../../../core/staff/invitation'
import { changeStaff } from '../../../core/staff/manage'
import { TooManyHashes } from '../../../core/staff/password-hash'
import { endSession, endSessions } from '../../../core/staff/session'
import { changePassword } from '../../../core/staff/set-password'
import { needsSetUp, setUp } from '../../../core/staff/set-up'
import { type SignedIn, type SignInTools, signIn } from '../../../core/staff/sign-in'
import { cookieIn } from '../../cookies'
import { type ApiRequest, type ApiResponse, failure, type Route } from '../../route'
import { accountOf, type Guard, type GuardOptions, SESSION_COOKIE } from './guard'
import { meOf } from './me'
import { displayName, emailAddress, languagesField, localeField, parsed, passwordField, tokenField } from './parsed'
import { refused } from './refusals'
import { endedCookie, sessionCookie } from './session-cookie'
import type { SessionView } from './types'

export interface SessionOptions extends GuardOptions {
  readonly guard: Guard
  readonly tools: SignInTools
  /** Whether the console may stand in a tab of Teams. */
  readonly inTeams: boolean
  /** Whether signing in elsewhere is offered. */
  readonly oidc: boolean
  /** Takes one of an address's tries; seconds to wait when it has had too many. */
  takeTry(address: string): number
}

const signInBody = z.union([
  z.object({ demoStaffId: z.int().positive() }),
  z.object({ email: z.string().max(254), password: passwordField }),
])
const setUpBody = z.object({
  code: tokenField.optional(),
  email: emailAddress,
  displayName,
  password: passwordField,
  locale: localeField,
})
const invitationBody = z.object({
  token: tokenField,
  password: passwordField,
  displayName: displayName.optional(),
  locale: localeField.optional(),
})
const endBody = z.object({ everywhere: z.boolean().optional() }).optional()
const meBody = z.object({
  displayName: displayName.optional(),
  locale: localeField.optional(),
  languages: languagesField.optional(),
  autoAccept: z.boolean().optional(),
})
const passwordBody = z.object({ current: passwordField, next: passwordField })

/**
 * Who is there, and how they come and go: `GET session`, `POST session`, `session/end`, `setup`, `invitation`, `me`,
 * `me/password`, under /api/console. What begins a session answers its `SessionView` with the cookie.
 */
export function sessionRoutes(options: SessionOptions): readonly Route[] {
  const { guard } = options
  const routes = [
    ...guard.open([
      {
        method: 'get',
        path: '/api/console/session',
        handle: async (request) => ({ status: 200, body: await viewOf(options, await accountOf(request, options)) }),
      },
      { method: 'post', path: '/api/console/session', body: 'json', handle: (request) => enter(options, request) },
      { method: 'post', path: '/api/console/setup', body: 'json', handle: (request) => begin(options, request) },
      { method: 'post', path: '/api/console/invitation', body: 'json', handle: (request) => accept(options, request) },
    ]),
    ...guard.staff([
      {
        method: 'post',
        path: '/api/console/session/end',
        body: 'optional-json',
        atLeast: 'agent',
        handle: (request, account) => leave(options, request, account),
      },
      {
        method: 'post',
        path: '/api/console/me',
        body: 'json',
        atLeast: 'agent',
        handle: (request, account) => changeMe(options, request, account),
      },
      {
        method: 'post',
        path: '/api/console/me/password',
        body: 'json',
        atLeast: 'agent',
        handle: (request, account) => changeMyPassword(options, request, account),
      },
    ]),
  ]
  return routes.map((route) => ({ ...route, handle: (request) => unlessBusy(async () => route.handle(request)) }))
}

/** 503 `busy`: so many passwords wait to be checked that one more would only wait, too. */
async function unlessBusy(work: () => Promise<ApiResponse>): Promise<ApiResponse> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof TooManyHashes)) throw error
    return failure(503, 'busy', 'too many people are signing in right now; please try again', { 'retry-after': '2' })
  }
}

async function viewOf({ database, demo, oidc }: SessionOptions, account?: StaffAccount): Promise<SessionView> {
  const { name: merchant } = await readMerchant(database)
  if (account) return { state: 'signed-in', me: meOf(account), merchant, demo }
  const demoAccounts = demo ? await listDemoStaff(database) : []
  if (demoAccounts.length === 0 && (await needsSetUp(database))) {
    return { state: 'first-run', merchant, needsCode: !demo }
  }
  return { state: 'signed-out', merchant, oidc, demoAccounts }
}

/** `POST session` `{email, password}` or `{demoStaffId}`: 401 `wrong-credentials`, 429 `locked`, 503 `busy`. */
async function enter(options: SessionOptions, request: ApiRequest): Promise<ApiResponse> {
  const { database, tools, clock, demo } = options
  const body = parsed(signInBody, request.body)
  if (!body.ok) return body.response
  const replaces = cookieIn(request.cookie, SESSION_COOKIE)
  if ('demoStaffId' in body.value) {
    if (!demo) return failure(403, 'demo-only', 'this is for demo mode')
    const { demoStaffId: staffId } = body.value
    const { secretBytes } = tools
    return welcome(
      options,
      await database.tx((tx) => signInAsDemoStaff(tx, { staffId, replaces, secretBytes, at: clock() })),
    )
  }
  const { address } = request
  return (
    tooMany(options, request) ??
    welcome(options, await signIn(database, tools, { ...body.value, address, replaces, at: clock() }))
  )
}

/** `POST setup`: 409 `set-up-already`, 403 `wrong-code`, 422 `weak-password`. */
async function begin(options: SessionOptions, request: ApiRequest): Promise<ApiResponse> {
  const { database, tools, clock, demo } = options
  const body = parsed(setUpBody, request.body)
  if (!body.ok) return body.response
  const replaces = cookieIn(request.cookie, SESSION_COOKIE)
  return (
    tooMany(options, request) ??
    welcome(
      options,
      await setUp(database, {
        ...tools,
        ...body.value,
        code: body.value.code,
        needsCode: !demo,
        replaces,
        at: clock(),
      }),
    )
  )
}

/** `POST invitation`: 404 `ticket-unknown`, 422 `weak-password`. */
async function accept(options: SessionOptions, request: ApiRequest): Promise<ApiResponse> {
  const { database, tools, clock } = options
  const body = parsed(invitationBody, request.body)
  if (!body.ok) return body.response
  const replaces = cookieIn(request.cookie, SESSION_COOKIE)
  return (
    tooMany(options, request) ??
    welcome(options, await acceptInvitation(database, { ...tools, ...body.value, replaces, at: clock() }))
  )
}

function tooMany({ takeTry }: SessionOptions, { address }: ApiRequest): ApiResponse | undefined {
  const seconds = takeTry(address)
  if (seconds === 0) return undefined
  return failure(429, 'locked', 'too many tries from this address', { 'retry-after': String(seconds) })
}

/** Answers who begins a session with its cookie. */
async function welcome(
  options: SessionOptions,
  result: SignedIn | { readonly ok: false; readonly code: Parameters<typeof refused>[0]['code'] },
): Promise<ApiResponse> {
  if (!result.ok) return refused(result)
  const account = await findStaff(options.database, { staffId: result.staffId })
  const headers = { 'set-cookie': sessionCookie(result.token, options) }
  return { status: 200, body: await viewOf(options, account), headers }
}

async function leave(
  options: SessionOptions,
  request: ApiRequest,
  { id: staffId }: StaffAccount,
): Promise<ApiResponse> {
  const { database, clock } = options
  const body = parsed(endBody, request.body)
  if (!body.ok) return body.response
  const everywhere = body.value?.everywhere ?? false
  await database.tx(async (tx) => {
    if (everywhere) await endSessions(tx, { staffId })
    else await endSession(tx, { token: cookieIn(request.cookie, SESSION_COOKIE) ?? '' })
    const kind = everywhere ? 'signed-out-everywhere' : 'signed-out'
    await recordStaffEvent(tx, { kind, staffId, actorId: staffId, at: clock() })
  })
  return { status: 204, headers: { 'set-cookie': endedCookie(options) } }
}

async function changeMe(options: SessionOptions, request: ApiRequest, { id }: StaffAccount): Promise<ApiResponse> {
  const { database, clock } = options
  const body = parsed(meBody, request.body)
  if (!body.ok) return body.response
  const change = body.value
  const result = await database.tx((tx) => changeStaff(tx, { staffId: id, change, actorId: id, at: clock() }))
  if (!result.ok) return refused(result)
  return { status: 200, body: await viewOf(options, await findStaff(database, { staffId: id })) }
}

/** `POST me/password`: 403 `wrong-password`, 409 `no-password`, 422 `weak-password`. All other sessions end. */
async function changeMyPassword(
  options: SessionOptions,
  request: ApiRequest,
  account: StaffAccount,
): Promise<ApiResponse> {
  const { database, tools, clock } = options
  const body = parsed(passwordBody, request.body)
  if (!body.ok) return body.response
  const { address } = request
  return welcome(options, await changePassword(database, tools, { ...body.value, account, address, at: clock() }))
}
