import { createHash, timingSafeEqual } from 'node:crypto'
import { type ApiRequest, type ApiResponse, failure, type Route } from '../route'
import type { CampaignPreview } from './campaign-preview'

/** What the managers' pages show. */
export interface ManagerService {
  campaigns(): Promise<readonly object[]>
  /** Undefined for an unknown code. */
  campaignResults(code: string): Promise<object | undefined>
  /** Undefined for an unknown code. */
  campaignPreview(code: string): Promise<CampaignPreview | undefined>
  jobs(): Promise<readonly object[]>
}

/** Who may see them: anybody on this machine (the demo), whoever has the key, or, without a key, nobody. */
export type ManagerAccess = { readonly kind: 'local' } | { readonly kind: 'key'; readonly key: string | undefined }

/** `GET /api/campaigns`, `GET /api/campaigns/:code`, `GET /api/campaigns/:code/preview`, `GET /api/jobs`. */
export function managerRoutes(service: ManagerService, access: ManagerAccess): readonly Route[] {
  const routes: readonly Route[] = [
    {
      method: 'get',
      path: '/api/campaigns',
      handle: async () => ({ status: 200, body: { campaigns: await service.campaigns() } }),
    },
    {
      method: 'get',
      path: '/api/campaigns/:code',
      async handle({ params }) {
        return knownOr404(await service.campaignResults(codeIn(params)))
      },
    },
    {
      method: 'get',
      path: '/api/campaigns/:code/preview',
      async handle({ params }) {
        return knownOr404(await service.campaignPreview(codeIn(params)))
      },
    },
    {
      method: 'get',
      path: '/api/jobs',
      handle: async () => ({ status: 200, body: { jobs: await service.jobs() } }),
    },
  ]
  return routes.map((route) => ({ ...route, handle: (request) => refusal(access, request) ?? route.handle(request) }))
}

function codeIn({ code = '' }: Readonly<Record<string, string | undefined>>): string {
  return code.replace(/\p{Cc}/gu, ' ')
}

function knownOr404(body: object | undefined): ApiResponse {
  return body ? { status: 200, body } : failure(404, 'unknown-campaign', 'no campaign has this code')
}

function refusal(access: ManagerAccess, { authorization, baseUrl }: ApiRequest): ApiResponse | undefined {
  if (access.kind === 'local') {
    // A foreign name that was made to point at this machine would let a page of its owner read along.
    const isLocal = URL.canParse(baseUrl) && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(baseUrl).hostname)
    return isLocal ? undefined : failure(403, 'foreign-host', 'the demo answers this machine only')
  }
  if (access.key === undefined) return failure(403, 'managers-closed', 'REGULARS_MANAGER_KEY is not set')
  const given = /^Bearer (.+)$/.exec(authorization)?.[1] ?? ''
  // Hashed first, so that both have one length and the time says nothing of either.
  const isSame = timingSafeEqual(digest(given), digest(access.key))
  return isSame ? undefined : failure(401, 'key-needed', 'send the access key: authorization: Bearer KEY')
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
