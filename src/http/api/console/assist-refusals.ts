import type { CannedRefusal } from '../../../core/assist/canned'
import type { GoodwillRefusal } from '../../../core/assist/goodwill'
import { type ApiResponse, failure } from '../../route'

type Code = GoodwillRefusal['code'] | CannedRefusal['code']

const answers: Readonly<Record<Code, readonly [status: number, message: string]>> = {
  'unknown-request': [404, 'there is no such request'],
  'not-yours': [403, 'a colleague has this conversation, or nobody has taken it yet'],
  'not-open': [409, 'this conversation has ended'],
  'not-linked': [409, 'no membership is linked to this conversation'],
  'key-used': [409, 'this key was used for something else'],
  'invalid-points': [422, 'points: a whole number above 0'],
  'unknown-coupon': [404, 'there is no such coupon'],
  'member-owes': [409, 'the member owes points; given ones would pay that first'],
  'limit-reached': [409, 'this is more than you may still give here today'],
  'coupon-refused': [409, 'this member cannot have this coupon'],
  'unknown-canned': [404, 'there is no such text'],
  'role-needed': [403, 'texts for everybody are for supervisors and above'],
  'too-many': [409, 'there are too many texts already; delete some first'],
  'text-empty': [422, 'a title and a text are needed'],
  'text-too-long': [422, 'the title or the text is too long'],
  'unknown-variable': [422, 'there is no such variable; known are {name}, {points}, {tier} and {shop}'],
}

/** A refusal as an answer; what goes with it (what is left, which coupon rule) stands beside its code. */
export function refusalResponse({ ok: _, ...refusal }: { readonly ok: false; readonly code: Code }): ApiResponse {
  const [status, message] = answers[refusal.code]
  const { status: _status, body } = failure(status, refusal.code, message)
  const error = { ...(body as { error: object }).error, ...refusal }
  return { status, body: { error } }
}
