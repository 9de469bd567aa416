import type { Db } from '../../db/sql'
import { booksDate } from '../calendar/books-date'
import type { Localised } from '../locale'
import { readMerchant } from '../merchant'

/** Where a member stands on the ladder. */
export interface Standing {
  /** The tier held, as of the last review: what coupons ask for. */
  readonly tier: { readonly code: string; readonly rank: number; readonly name: Localised }
  /** The next tier up and what is missing to it; absent at the top. */
  readonly next?: {
    readonly code: string
    readonly name: Localised
    readonly thresholdMinor: number
    readonly missingMinor: number
  }
  /** Spent within the window, net of refunds; below 0 where more was sent back than bought. */
  readonly spentMinor: number
  /** Orders after this instant count … */
  readonly windowStart: Date
  /** … up to and including this one: now, or the end of an imported history. */
  readonly windowEnd: Date
  readonly currency: string
}

interface StandingRow {
  code: string
  rank: number
  nameEn: string
  nameZh: string
  nextCode: string | null
  nextNameEn: string
  nextNameZh: string
  nextThreshold: number
  spent: number
  windowStart: Date
}

/** The member's tier, the way to the next one and the 12 months that count. Null for an unknown member. */
export async function readStanding(db: Db, { memberId, at }: { memberId: string; at: Date }): Promise<Standing | null> {
  const { timeZone, currency } = await readMerchant(db)
  const windowEnd = await booksDate(db, { memberId, at })
  const [row] = await db.sql<StandingRow>`
    select tier.code, tier.rank, tier.name_en as "nameEn", tier.name_zh as "nameZh",
      next.code as "nextCode", next.name_en as "nextNameEn", next.name_zh as "nextNameZh",
      next.threshold_minor as "nextThreshold", time.start as "windowStart", coalesce((
        select sum(amount_minor) from member_spend
        where member_id = member.id and counts_at > time.start and placed_at <= ${windowEnd}), 0)::bigint as spent
    from member
      join tier on tier.code = member.tier_code
      cross join (select tier_window_start(${windowEnd}, ${timeZone}) as start) time
      left join lateral (select * from tier higher where higher.rank > tier.rank order by rank limit 1) next on true
    where member.id = ${memberId} and member.erased_at is null`
  if (!row) return null
  const { code, rank, nameEn, nameZh, spent, windowStart } = row
  const standing = { tier: { code, rank, name: { en: nameEn, zh: nameZh } }, spentMinor: spent }
  return { ...standing, ...wayUp(row), windowStart, windowEnd, currency }
}

function wayUp({ nextCode, nextNameEn, nextNameZh, nextThreshold, spent }: StandingRow): Pick<Standing, 'next'> {
  if (nextCode === null) return {}
  const name = { en: nextNameEn, zh: nextNameZh }
  const missingMinor = Math.max(0, nextThreshold - Math.max(0, spent))
  return { next: { code: nextCode, name, thresholdMinor: nextThreshold, missingMinor } }
}
