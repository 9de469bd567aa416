import { failure, type Route } from '../../route'
import type { Staff, StaffAccess } from './access'
import { refusalResponse } from './assist-refusals'
import type { Seen } from './member'
import { idOf } from './parsed'
import type { Assist } from './types'

export interface AssistHelpService {
  assist(staff: Staff, requestId: number): Promise<Seen<{ assist: Assist }>>
}

/** `GET /api/console/requests/:id/assist`: an `Assist`. Refusals: unknown-request, not-yours. */
export function assistRoute(service: AssistHelpService, access: StaffAccess): Route {
  return {
    method: 'get',
    path: '/api/console/requests/:id/assist',
    async handle(request) {
      const admitted = await access(request, 'agent')
      if (!admitted.ok) return admitted.response
      const id = idOf(request.params.id)
      if (id === undefined) return failure(404, 'unknown-request', 'there is no such request')
      const seen = await service.assist(admitted.staff, id)
      return seen.ok ? { status: 200, body: seen.assist } : refusalResponse(seen)
    },
  }
}
