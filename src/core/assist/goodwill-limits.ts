import { z } from 'zod'
import type { Role } from '../staff/role'

const limits = z.object({ perRequest: z.int().min(0).max(1_000_000), perDay: z.int().min(0).max(10_000_000) })

/**
 * What somebody may give of the merchant's own accord, in points; coupons count by what they cost. `perRequest` is what one
 * conversation may get in all, whoever gives it; `perDay` what one person may give on a day of the merchant's calendar.
 * Administrators have what managers have.
 */
export const goodwillLimits = z
  .object({
    agent: limits.default({ perRequest: 300, perDay: 1_500 }),
    supervisor: limits.default({ perRequest: 1_000, perDay: 5_000 }),
    manager: limits.default({ perRequest: 5_000, perDay: 20_000 }),
  })
  .prefault({})

export type GoodwillLimits = z.infer<typeof goodwillLimits>
export type GoodwillLimit = z.infer<typeof limits>

export function limitOf(all: GoodwillLimits, role: Role): GoodwillLimit {
  return role === 'administrator' ? all.manager : all[role]
}
