/**
 * What an experiment needs to know of an arm, and all of it: sums that can be added over days, segments and processes.
 * y is the outcome of a member (such as spend after assignment), x the covariate known before it (such as spend before).
 */
export interface ArmSums {
  readonly members: number
  readonly y: number
  readonly yy: number
  readonly x: number
  readonly xx: number
  readonly xy: number
}

export const noMembers: ArmSums = { members: 0, y: 0, yy: 0, x: 0, xx: 0, xy: 0 }

/** The sums with one member more. */
export function withMember(sums: ArmSums, y: number, x = 0): ArmSums {
  return {
    members: sums.members + 1,
    y: sums.y + y,
    yy: sums.yy + y * y,
    x: sums.x + x,
    xx: sums.xx + x * x,
    xy: sums.xy + x * y,
  }
}

/** The sums of both. */
export function addSums(a: ArmSums, b: ArmSums): ArmSums {
  return {
    members: a.members + b.members,
    y: a.y + b.y,
    yy: a.yy + b.yy,
    x: a.x + b.x,
    xx: a.xx + b.xx,
    xy: a.xy + b.xy,
  }
}

/** Means, variances and covariance of an arm (with n − 1); zeros below two members. */
export function momentsOf({ members: n, y, yy, x, xx, xy }: ArmSums) {
  if (n < 2) return { meanY: n > 0 ? y : 0, meanX: n > 0 ? x : 0, varianceY: 0, varianceX: 0, covariance: 0 }
  const [meanY, meanX] = [y / n, x / n]
  // Rounding may leave a hair below zero where all values are alike.
  const varianceY = Math.max(0, (yy - n * meanY * meanY) / (n - 1))
  const varianceX = Math.max(0, (xx - n * meanX * meanX) / (n - 1))
  return { meanY, meanX, varianceY, varianceX, covariance: (xy - n * meanX * meanY) / (n - 1) }
}
