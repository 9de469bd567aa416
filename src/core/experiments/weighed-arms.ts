import type { Db } from '../../db/sql'
import type { ArmSums } from '../../ml/experiment-sums'
import { equalSums, type WeighedSums } from '../../ml/experiment-weighed'

/** What an arm brought, by as many members as would tell as much had its chance been the same every night. */
export interface WeighedArm {
  readonly revenue: ArmSums
  /** Bought or not. */
  readonly buying: ArmSums
}

/** Each arm of a campaign by the last count, the control too. */
export async function readWeighed(
  db: Db,
  { campaignId }: { campaignId: number },
): Promise<ReadonlyMap<string, WeighedArm>> {
  const rows = await db.sql<WeighedSums & { arm: string; buyers: number; buyersTwice: number }>`
    select arm, weight, weight_squared as "weightSquared", buyers, buyers_twice as "buyersTwice", revenue as y,
      revenue_twice as "yTwice", revenue_squared as yy, covariate as x, covariate_twice as "xTwice", covariate_squared as xx,
      revenue_covariate as xy
    from campaign_arm_outcome where campaign_id = ${campaignId}`
  return new Map(
    rows.map(({ arm, buyers, buyersTwice, ...sums }) => {
      const bought = { y: buyers, yTwice: buyersTwice, yy: buyersTwice, x: 0, xTwice: 0, xx: 0, xy: 0 }
      return [arm, { revenue: equalSums(sums), buying: equalSums({ ...sums, ...bought }) }]
    }),
  )
}
