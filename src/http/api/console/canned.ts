import { z } from 'zod'
import { type CannedRefusal, TEXT_CHARACTERS_MAX, TITLE_CHARACTERS_MAX } from '../../../core/assist/canned'
import { failure, type Route } from '../../route'
import type { Staff, StaffAccess } from './access'
import { refusalResponse } from './assist-refusals'
import { plainText } from './input'
import { idOf, parsed } from './parsed'
import type { CannedReply } from './types'

export interface CannedService {
  list(staff: Staff): Promise<readonly CannedReply[]>
  put(
    staff: Staff,
    canned: Omit<CannedReply, 'id'> & { id?: number },
  ): Promise<{ readonly ok: true; readonly id: number } | CannedRefusal>
  remove(staff: Staff, id: number): Promise<{ readonly ok: true } | CannedRefusal>
}

const cannedBody = z.object({
  id: z.int().min(1).optional(),
  title: plainText(TITLE_CHARACTERS_MAX),
  text: plainText(TEXT_CHARACTERS_MAX),
  locale: z.enum(['en', 'zh']),
  isShared: z.boolean(),
})

/**
 * `GET /api/console/canned`: `{ replies }`, one's own and the shared ones. `POST /api/console/canned`: adds one (`{ id }`), or
 * changes the one of `id`. `POST /api/console/canned/:id/delete`. Refusals: see core/assist/canned.
 */
export function cannedRoutes(service: CannedService, access: StaffAccess): readonly Route[] {
  return [
    {
      method: 'get',
      path: '/api/console/canned',
      async handle(request) {
        const admitted = await access(request, 'agent')
        return admitted.ok ? { status: 200, body: { replies: await service.list(admitted.staff) } } : admitted.response
      },
    },
    {
      method: 'post',
      path: '/api/console/canned',
      body: 'json',
      async handle(request) {
        const admitted = await access(request, 'agent')
        if (!admitted.ok) return admitted.response
        const read = parsed(cannedBody, request.body)
        if (!read.ok) return read.response
        const { id, ...canned } = read.value
        const put = await service.put(admitted.staff, { ...canned, ...(id === undefined ? {} : { id }) })
        return put.ok ? { status: 200, body: { id: put.id } } : refusalResponse(put)
      },
    },
    {
      method: 'post',
      path: '/api/console/canned/:id/delete',
      body: 'unread',
      async handle(request) {
        const admitted = await access(request, 'agent')
        if (!admitted.ok) return admitted.response
        const id = idOf(request.params.id)
        if (id === undefined) return failure(404, 'unknown-canned', 'there is no such text')
        const removed = await service.remove(admitted.staff, id)
        return removed.ok ? { status: 204 } : refusalResponse(removed)
      },
    },
  ]
}
