import { createHash, timingSafeEqual } from 'node:crypto'
import { isLocalHost } from '../local-host'
import { type ApiRequest, type ApiResponse, failure, type Route } from '../route'
import type { CampaignPreview } from './campaign-preview'
import type { StaffAccess } from './console/access'

/** What the managers' pages show. */
export interface ManagerService {
  campaigns(): Promise<readonly object[]>
  /** Undefined for an unknown code. */
  campaignResults(code: string): Promise<object | undefined>
  /** Undefined for an unknown code. */
  campaignPreview(code: string): Promise<CampaignPreview | undefined>
  jobs(): Promise<readonly object[]>
}

/**
 * Who may see them: anybody on this machine (the demo), or managers who are signed in to the console and whoever has the
 * key, if there is one.
 */
export type ManagerAccess =
  | { readonly kind: 'local' }
  | { readonly kind: 'people'; readonly staff: StaffAccess; readonly key: string | undefined }

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
  return routes.map((route) => ({
    ...route,
    handle: async (request) => (await refusal(access, request)) ?? route.handle(request),
  }))
}

function codeIn({ code = '' }: Readonly<Record<string, string | undefined>>): string {
  return code.replace(/\p{Cc}/gu, ' ')
}

function knownOr404(body: object | undefined): ApiResponse {
  return body ? { status: 200, body } : failure(404, 'unknown-campaign', 'no campaign has this code')
}

async function refusal(access: ManagerAccess, request: ApiRequest): Promise<ApiResponse | undefined> {
  if (access.kind === 'local') {
    return isLocalHost(request.baseUrl) ? undefined : failure(403, 'foreign-host', 'the demo answers this machine only')
  }
  const { staff, key } = access
  if (key !== undefined && isKey(request.authorization, key)) return undefined
  const admission = await staff(request, 'manager')
  if (admission.ok) return undefined
  if (key === undefined) return admission.response
  // Whoever is signed in below a manager may know the key, and can enter it.
  return failure(
    401,
    'key-needed',
    'sign in at /console as a manager, or send the access key: authorization: Bearer KEY',
  )
}

function isKey(authorization: string, key: string): boolean {
  const given = /^Bearer (.+)$/.exec(authorization)?.[1] ?? ''
  // Hashed first, so that both have one length and the time says nothing of either.
  return timingSafeEqual(digest(given), digest(key))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
