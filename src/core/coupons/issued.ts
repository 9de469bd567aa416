import type { Db } from '../../db/sql'
import type { Localised } from '../locale'
import { type Points, points } from '../units'
import type { CouponKind } from './catalogue'
import { parseCode } from './code'

export type IssuedStatus = 'issued' | 'used' | 'expired' | 'void'

export interface IssuedCoupon {
  code: string
  couponId: string
  kind: CouponKind
  name: Localised
  /** amount-off: minor units; percent-off: percent; otherwise 0. */
  value: number
  sku?: string
  /** As of the instant asked about. */
  status: IssuedStatus
  issuedAt: Date
  expiresAt: Date
  usedAt?: Date
}

interface Row {
  code: string
  couponId: string
  kind: CouponKind
  nameEn: string
  nameZh: string
  value: number
  sku: string | null
  status: IssuedStatus
  issuedAt: Date
  expiresAt: Date
  usedAt: Date | null
}

/** The member's coupons: those that are good first, the soonest to expire at the top, then the others, newest first. */
export async function listIssued(db: Db, { memberId, at }: { memberId: string; at: Date }): Promise<IssuedCoupon[]> {
  const rows = await db.sql<Row>`
    select issued.code, issued.coupon_id as "couponId", coupon.kind, coupon.name_en as "nameEn", coupon.name_zh as "nameZh",
      coupon.value, coupon.sku, issued.status, issued.issued_at as "issuedAt", issued.expires_at as "expiresAt",
      issued.used_at as "usedAt"
    from issued_coupon issued join coupon on coupon.id = issued.coupon_id
    where issued.member_id = ${memberId}
    order by issued.issued_at desc, issued.id desc`
  const all = rows.map((row) => issuedOf(row, at))
  const good = all.filter(({ status }) => status === 'issued')
  good.sort((left, right) => left.expiresAt.getTime() - right.expiresAt.getTime())
  return [...good, ...all.filter(({ status }) => status !== 'issued')]
}

/** `misspelt`: the check character says that there is a slip in it; else it may just not be this member's. */
export type CheckedCode = IssuedCoupon | { status: 'unknown'; misspelt: boolean }

/** What a typed code is for this member. Somebody else's answers exactly as one that does not exist. */
export async function checkCode(
  db: Db,
  { memberId, code, at }: { memberId: string; code: string; at: Date },
): Promise<CheckedCode> {
  const parsed = parseCode(code)
  if (!parsed.ok) return { status: 'unknown', misspelt: parsed.reason === 'misspelt' }
  const [row] = await db.sql<Row>`
    select issued.code, issued.coupon_id as "couponId", coupon.kind, coupon.name_en as "nameEn", coupon.name_zh as "nameZh",
      coupon.value, coupon.sku, issued.status, issued.issued_at as "issuedAt", issued.expires_at as "expiresAt",
      issued.used_at as "usedAt"
    from issued_coupon issued join coupon on coupon.id = issued.coupon_id
    where issued.code = ${parsed.code} and issued.member_id = ${memberId}`
  return row ? issuedOf(row, at) : { status: 'unknown', misspelt: false }
}

function issuedOf({ nameEn, nameZh, sku, usedAt, ...row }: Row, at: Date): IssuedCoupon {
  return {
    ...row,
    name: { en: nameEn, zh: nameZh },
    // The nightly job that marks the expired ones may not have come by yet.
    status: row.status === 'issued' && row.expiresAt <= at ? 'expired' : row.status,
    ...(sku !== null && { sku }),
    ...(usedAt && { usedAt }),
  }
}

/** A row of the type `coupon_code_answer`. */
interface Answer {
  code: string
  coupon_id: string | null
  member_id: string | null
  used_at: Date | null
  transfer_id: number | null
  points: number | null
  available: number | null
  replayed: boolean
}

export type UseOutcome =
  | { ok: true; couponId: string; memberId: string; usedAt: Date; replayed: boolean }
  | { ok: false; code: 'unknown' | 'misspelt' | 'used' | 'expired' | 'void' }

/**
 * The point of sale takes a code for a sale (`ref`, the sale's own id). The same sale again is answered alike; another
 * sale is refused as used. One round trip.
 */
export async function useCode(db: Db, { code, ref, at }: { code: string; ref: string; at: Date }): Promise<UseOutcome> {
  const parsed = parseCode(code)
  if (!parsed.ok) return { ok: false, code: parsed.reason === 'misspelt' ? 'misspelt' : 'unknown' }
  const answer = answerOf(await db.sql<Answer>`select * from coupon_use(${parsed.code}, ${ref}, ${at})`)
  switch (answer.code) {
    case 'ok':
      if (answer.coupon_id === null || answer.member_id === null || answer.used_at === null) {
        throw new Error('coupon_use answered ok without the coupon')
      }
      return {
        ok: true,
        couponId: answer.coupon_id,
        memberId: answer.member_id,
        usedAt: answer.used_at,
        replayed: answer.replayed,
      }
    case 'unknown':
    case 'used':
    case 'expired':
    case 'void':
      return { ok: false, code: answer.code }
    default:
      throw new Error(`coupon_use answered "${answer.code}", which no refusal is named`)
  }
}

export type VoidOutcome =
  | { ok: true; receipt: { transferId: number; points: Points; availableAfter: Points; replayed: boolean } }
  | { ok: false; code: 'unknown' | 'misspelt' | 'used' | 'expired' }

/**
 * Takes a code back: its share of the points returns to the lots it came from (those of lots that have expired since live
 * another 30 days), its piece of the stock to the coupon. A second time is answered alike. One round trip.
 */
export async function voidCode(
  db: Db,
  { code, note, at }: { code: string; note?: string; at: Date },
): Promise<VoidOutcome> {
  const parsed = parseCode(code)
  if (!parsed.ok) return { ok: false, code: parsed.reason === 'misspelt' ? 'misspelt' : 'unknown' }
  const answer = answerOf(await db.sql<Answer>`select * from coupon_void(${parsed.code}, ${note}, ${at})`)
  switch (answer.code) {
    case 'ok':
      if (answer.transfer_id === null) throw new Error('coupon_void answered ok without a transfer')
      return {
        ok: true,
        receipt: {
          transferId: answer.transfer_id,
          points: points(answer.points ?? 0),
          availableAfter: points(answer.available ?? 0),
          replayed: answer.replayed,
        },
      }
    case 'unknown':
    case 'used':
    case 'expired':
      return { ok: false, code: answer.code }
    default:
      throw new Error(`coupon_void answered "${answer.code}", which no refusal is named`)
  }
}

function answerOf(rows: readonly Answer[]): Answer {
  const [answer] = rows
  if (!answer) throw new Error('the coupon function gave no answer')
  return answer
}
