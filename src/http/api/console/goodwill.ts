import { z } from 'zod'
import { type GoodwillOutcome, REASON_CHARACTERS_MAX } from '../../../core/assist/goodwill'
import { type ApiRequest, type ApiResponse, failure, type Route } from '../../route'
import type { Staff, StaffAccess } from './access'
import { refusalResponse } from './assist-refusals'
import { plainText, writeKey } from './input'
import { idOf, parsed } from './parsed'

export interface GoodwillService {
  givePoints(
    staff: Staff,
    requestId: number,
    gift: { key: string; points: number; reason: string },
  ): Promise<GoodwillOutcome>
  giveCoupon(
    staff: Staff,
    requestId: number,
    gift: { key: string; couponId: string; reason?: string },
  ): Promise<GoodwillOutcome>
}

const pointsBody = z.object({ key: writeKey, points: z.int().min(1), reason: plainText(REASON_CHARACTERS_MAX) })
const couponBody = z.object({
  key: writeKey,
  couponId: plainText(100),
  reason: plainText(REASON_CHARACTERS_MAX).optional(),
})

/**
 * `POST /api/console/requests/:id/goodwill` `{ key, points, reason }` and `…/coupons` `{ key, couponId, reason? }`: answer
 * `{ points, leftPoints, limitPoints }`. The same key again gives nothing more. Refusals: see core/assist/goodwill.
 */
export function goodwillRoutes(service: GoodwillService, access: StaffAccess): readonly Route[] {
  const give = async <Body>(
    request: ApiRequest,
    schema: z.ZodType<Body>,
    work: (staff: Staff, id: number, body: Body) => Promise<GoodwillOutcome>,
  ): Promise<ApiResponse> => {
    const admitted = await access(request, 'agent')
    if (!admitted.ok) return admitted.response
    const id = idOf(request.params.id)
    if (id === undefined) return failure(404, 'unknown-request', 'there is no such request')
    const read = parsed(schema, request.body)
    if (!read.ok) return read.response
    const outcome = await work(admitted.staff, id, read.value)
    if (!outcome.ok) return refusalResponse(outcome)
    const { points, leftPoints, limitPoints } = outcome
    return { status: 200, body: { points, leftPoints, limitPoints } }
  }
  return [
    {
      method: 'post',
      path: '/api/console/requests/:id/goodwill',
      body: 'json',
      handle: (request) => give(request, pointsBody, service.givePoints),
    },
    {
      method: 'post',
      path: '/api/console/requests/:id/coupons',
      body: 'json',
      handle: (request) => give(request, couponBody, service.giveCoupon),
    },
  ]
}
