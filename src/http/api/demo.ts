import { failure, type Route } from '../route'

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
  return [
    {
      method: 'get',
      path: '/api/demo/members',
      async handle({ query }) {
        const search = (query.get('search') ?? '').slice(0, 100)
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
        const memberToken = await service.memberToken(memberId)
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
}
