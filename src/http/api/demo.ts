import { isLocalHost } from '../local-host'
import { type ApiRequest, failure, type Route } from '../route'

/** What the demo pages need. Exists in demo mode only: it hands out anybody's account. */
export interface DemoService {
  /** Members to chat as, with what each has to show. */
  members(options: { search: string }): Promise<readonly object[]>
  /** A member token as the merchant's site would sign it; undefined for an unknown member. */
  memberToken(memberId: string): Promise<string | undefined>
  /** The e-mails that would have been sent, newest first. */
  mailbox(): Promise<readonly object[]>
}

/** `GET /api/demo/members`, `POST /api/demo/token`, `GET /api/demo/mailbox`. */
export function demoRoutes(service: DemoService): readonly Route[] {
  const routes: readonly Route[] = [
    {
      method: 'get',
      path: '/api/demo/members',
      async handle({ query }) {
        const search = withoutControls(query.get('search') ?? '').slice(0, 100)
        return { status: 200, body: { members: await service.members({ search }) } }
      },
    },
    {
      method: 'post',
      path: '/api/demo/token',
      body: 'json',
      async handle({ body }) {
        const memberId = (body as { memberId?: unknown } | null)?.memberId
        if (typeof memberId !== 'string') return failure(400, 'malformed-request', 'memberId: must be a text')
        const memberToken = await service.memberToken(withoutControls(memberId))
        return memberToken === undefined
          ? failure(404, 'unknown-member', 'no member has this id')
          : { status: 200, body: { memberToken } }
      },
    },
    {
      method: 'get',
      path: '/api/demo/mailbox',
      handle: async () => ({ status: 200, body: { mails: await service.mailbox() } }),
    },
  ]
  return routes.map((route) => ({ ...route, handle: (request) => refusal(request) ?? route.handle(request) }))
}

/** A foreign name that was made to point at this machine would let a page of its owner read everybody's account. */
function refusal({ baseUrl }: ApiRequest) {
  return isLocalHost(baseUrl) ? undefined : failure(403, 'foreign-host', 'the demo answers this machine only')
}

/** No id and no name has control characters, and PostgreSQL takes no NUL. */
function withoutControls(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ')
}
