import { z } from 'zod'
import type { DeskRefusal, DeskRefusalCode } from '../../../core/handoff/held-request'
import { AGENT_TEXT_CHARACTERS_MAX } from '../../../core/handoff/messages'
import { type ApiRequest, type ApiResponse, failure, type Route } from '../../route'
import type { Staff, StaffAccess } from './access'
import { untrimmedText } from './input'
import type { BotConversationRow, DeskMessage, DeskView, Presence, RequestRow, RequestView } from './types'

export type DeskResult<T> = ({ readonly ok: true } & T) | DeskRefusal
type Moved = Promise<DeskResult<{ readonly request: RequestRow }>>

/** What the desk does, as its operations need it; each is told who does it. */
export interface DeskService {
  desk(staff: Staff): Promise<DeskView>
  setPresence(staff: Staff, presence: Presence): Promise<void>
  next(staff: Staff): Moved
  accept(staff: Staff, step: { requestId: number; version: number }): Moved
  transfer(
    staff: Staff,
    step: { requestId: number; version: number; to: { staffId: number } | { team: string }; note?: string },
  ): Moved
  returnToBot(staff: Staff, step: { requestId: number; version: number }): Moved
  close(staff: Staff, step: { requestId: number; version: number; contactReason: string; isResolved: boolean }): Moved
  take(staff: Staff, conversation: { channel: string; conversationId: string }): Moved
  request(staff: Staff, options: { requestId: number; allEarlier: boolean }): Promise<DeskResult<{ view: RequestView }>>
  messages(
    staff: Staff,
    options: { requestId: number; afterSeq: number },
  ): Promise<DeskResult<{ messages: readonly DeskMessage[] }>>
  say(staff: Staff, message: FromStaff): Promise<DeskResult<{ message: DeskMessage }>>
  note(staff: Staff, message: FromStaff): Promise<DeskResult<{ message: DeskMessage }>>
  conversations(options: { limit: number }): Promise<readonly BotConversationRow[]>
}

interface FromStaff {
  readonly requestId: number
  readonly key: string
  readonly text: string
}

const REFUSALS: Readonly<Record<DeskRefusalCode, readonly [status: number, message: string]>> = {
  'unknown-request': [404, 'no request has this number'],
  'unknown-conversation': [404, 'there is no such conversation'],
  'unknown-staff': [422, 'nobody has this number'],
  'unknown-team': [422, 'nobody is in this team'],
  changed: [409, 'it was changed meanwhile; read it again'],
  'not-open': [409, 'it is not open any more'],
  'not-yours': [403, 'a colleague has it'],
  'nothing-waiting': [404, 'nobody waits whom you could take'],
  'key-used': [409, 'this key was used for something else'],
}

/** The desk's operations: see DeskView and its neighbours in types.ts for what they answer. */
export function deskRoutes(service: DeskService, access: StaffAccess): readonly Route[] {
  return [...listRoutes(service), ...stepRoutes(service), ...messageRoutes(service)].map((route) =>
    guarded(route, access),
  )
}

/** An operation for somebody who is signed in. */
type StaffRoute = Omit<Route, 'handle'> & { handle(request: ApiRequest, staff: Staff): Promise<ApiResponse> }

function guarded({ handle, ...route }: StaffRoute, access: StaffAccess): Route {
  return {
    ...route,
    async handle(request) {
      const admitted = await access(request, 'agent')
      return admitted.ok ? handle(request, admitted.staff) : admitted.response
    },
  }
}

const presenceBody = z.object({ presence: z.enum(['online', 'away', 'offline']) })
const takeBody = z.object({ channel: z.string().min(1).max(64), conversationId: z.string().min(1).max(1_024) })
const versionBody = z.object({ version: z.int().min(1) })
const transferBody = versionBody.extend({
  staffId: z.int().min(1).optional(),
  team: z.string().trim().min(1).max(100).optional(),
  note: untrimmedText(AGENT_TEXT_CHARACTERS_MAX).trim().optional(),
})
const closeBody = versionBody.extend({
  contactReason: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be a word such as track-order')
    .max(64),
  isResolved: z.boolean(),
})
const messageBody = z.object({
  key: z.string().regex(/^[\x21-\x7e]{1,100}$/, 'must have 1 to 100 visible characters of ASCII'),
  text: untrimmedText(AGENT_TEXT_CHARACTERS_MAX).refine((text) => text.trim() !== '', 'must not be empty'),
})

const CONVERSATIONS_MAX = 100
const CONVERSATIONS_SHOWN = 30

function listRoutes(service: DeskService): StaffRoute[] {
  return [
    {
      method: 'get',
      path: '/api/console/desk',
      handle: async (_request, staff) => ({ status: 200, body: await service.desk(staff) }),
    },
    {
      method: 'get',
      path: '/api/console/conversations',
      async handle({ query }) {
        const asked = Number(query.get('limit') ?? CONVERSATIONS_SHOWN)
        const limit = Number.isInteger(asked) ? Math.min(Math.max(asked, 1), CONVERSATIONS_MAX) : CONVERSATIONS_SHOWN
        return { status: 200, body: { conversations: await service.conversations({ limit }) } }
      },
    },
    {
      method: 'post',
      path: '/api/console/presence',
      body: 'json',
      handle: (request, staff) =>
        withBody(request, presenceBody, async ({ presence }) => {
          await service.setPresence(staff, presence)
          return { status: 200, body: { presence } }
        }),
    },
  ]
}

function stepRoutes(service: DeskService): StaffRoute[] {
  const step = <Body extends { version: number }>(
    name: string,
    schema: z.ZodType<Body>,
    run: (
      staff: Staff,
      step: Body & { requestId: number },
    ) => Promise<DeskResult<{ readonly request: RequestRow }> | ApiResponse>,
  ): StaffRoute => ({
    method: 'post',
    path: `/api/console/requests/:id/${name}`,
    body: 'json',
    handle: (request, staff) =>
      withRequest(request, (requestId) =>
        withBody(request, schema, async (body) => answered(await run(staff, { ...body, requestId }))),
      ),
  })
  return [
    {
      method: 'post',
      path: '/api/console/requests/next',
      body: 'unread',
      handle: async (_request, staff) => answered(await service.next(staff)),
    },
    {
      method: 'post',
      path: '/api/console/conversations/take',
      body: 'json',
      handle: (request, staff) =>
        withBody(request, takeBody, async (conversation) => answered(await service.take(staff, conversation))),
    },
    step('accept', versionBody, (staff, at) => service.accept(staff, at)),
    step('return', versionBody, (staff, at) => service.returnToBot(staff, at)),
    step('close', closeBody, (staff, at) => service.close(staff, at)),
    step('transfer', transferBody, async (staff, { staffId, team, note, ...at }) => {
      if ((staffId === undefined) === (team === undefined)) return malformed('give staffId or team, one of them')
      const to = staffId === undefined ? { team: team ?? '' } : { staffId }
      return service.transfer(staff, { ...at, to, ...(note ? { note } : {}) })
    }),
  ]
}

function messageRoutes(service: DeskService): StaffRoute[] {
  const write = (name: 'messages' | 'notes', run: DeskService['say']): StaffRoute => ({
    method: 'post',
    path: `/api/console/requests/:id/${name}`,
    body: 'json',
    handle: (request, staff) =>
      withRequest(request, (requestId) =>
        withBody(request, messageBody, async (message) => answered(await run(staff, { ...message, requestId }))),
      ),
  })
  return [
    {
      method: 'get',
      path: '/api/console/requests/:id',
      handle: (request, staff) =>
        withRequest(request, async (requestId) => {
          const allEarlier = request.query.get('earlier') === 'all'
          const read = await service.request(staff, { requestId, allEarlier })
          return read.ok ? { status: 200, body: read.view } : refusal(read.code)
        }),
    },
    {
      method: 'get',
      path: '/api/console/requests/:id/messages',
      handle: (request, staff) =>
        withRequest(request, async (requestId) => {
          const after = Number(request.query.get('after') ?? 0)
          if (!Number.isSafeInteger(after) || after < 0) return malformed('after must be a number of a message')
          return answered(await service.messages(staff, { requestId, afterSeq: after }))
        }),
    },
    write('messages', (staff, message) => service.say(staff, message)),
    write('notes', (staff, message) => service.note(staff, message)),
  ]
}

function answered(result: DeskResult<object> | ApiResponse): ApiResponse {
  if ('status' in result) return result
  if (!result.ok) return refusal((result as DeskRefusal).code)
  const { ok: _ok, ...body } = result
  return { status: 200, body }
}

function refusal(code: DeskRefusalCode): ApiResponse {
  const [status, message] = REFUSALS[code]
  return failure(status, code, message)
}

function malformed(message: string): ApiResponse {
  return failure(422, 'malformed-request', message)
}

async function withRequest(
  { params }: ApiRequest,
  run: (requestId: number) => Promise<ApiResponse>,
): Promise<ApiResponse> {
  const { id = '' } = params
  return /^\d{1,15}$/.test(id) ? run(Number(id)) : refusal('unknown-request')
}

async function withBody<Body>(
  { body }: ApiRequest,
  schema: z.ZodType<Body>,
  run: (body: Body) => Promise<ApiResponse>,
): Promise<ApiResponse> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return run(parsed.data)
  const [issue] = parsed.error.issues
  return malformed(`${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'not as expected'}`)
}
