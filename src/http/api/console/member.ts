import type { DeskRequestResult } from '../../../core/assist/desk-request'
import { failure, type Route } from '../../route'
import type { Staff, StaffAccess } from './access'
import { refusalResponse } from './assist-refusals'
import { idOf } from './parsed'
import type { MemberPicture } from './types'

export type SeenRefusal = Extract<DeskRequestResult, { ok: false }>

/** An answer about a request that this person may see, or why not. */
export type Seen<T extends object> = ({ readonly ok: true } & T) | SeenRefusal

export interface MemberPictureService {
  picture(staff: Staff, requestId: number): Promise<Seen<{ picture: MemberPicture | null }>>
}

/** `GET /api/console/requests/:id/member`: `{ member }`, null for a stranger. Refusals: unknown-request, not-yours. */
export function memberPictureRoute(service: MemberPictureService, access: StaffAccess): Route {
  return {
    method: 'get',
    path: '/api/console/requests/:id/member',
    async handle(request) {
      const admitted = await access(request, 'agent')
      if (!admitted.ok) return admitted.response
      const id = idOf(request.params.id)
      if (id === undefined) return failure(404, 'unknown-request', 'there is no such request')
      const seen = await service.picture(admitted.staff, id)
      return seen.ok ? { status: 200, body: { member: seen.picture } } : refusalResponse(seen)
    },
  }
}
