import type { ArmSums } from './experiment-sums'

/**
 * What an experiment needs to know of an arm whose members count with different weights w, as where its chance was not the same
 * on every day. The weight of a member is one over the chance of the arm that was drawn (Horvitz and Thompson 1952).
 */
export interface WeighedSums {
  /** Σw and Σw². */
  readonly weight: number
  readonly weightSquared: number
  /** Σwy and Σw²y, of the outcome and of the covariate. */
  readonly y: number
  readonly yTwice: number
  readonly x: number
  readonly xTwice: number
  /** Σw²y², Σw²x² and Σw²xy. */
  readonly yy: number
  readonly xx: number
  readonly xy: number
}

/**
 * The sums of as many equal members as would tell as much: (Σw)²/Σw² of them (Kish 1965), with the weighed means, and with the
 * variances by which the error of a weighed mean, √Σw²(y − ȳ)² / Σw, comes out. Where all weights are alike, those of the members.
 */
export function equalSums({ weight, weightSquared, y, yTwice, x, xTwice, yy, xx, xy }: WeighedSums): ArmSums {
  if (!(weightSquared > 0)) return { members: 0, y: 0, yy: 0, x: 0, xx: 0, xy: 0 }
  const members = Math.round(weight ** 2 / weightSquared)
  const [meanY, meanX] = [y / weight, x / weight]
  const varianceY = (yy - 2 * meanY * yTwice) / weightSquared + meanY ** 2
  const varianceX = (xx - 2 * meanX * xTwice) / weightSquared + meanX ** 2
  const covariance = (xy - meanX * yTwice - meanY * xTwice) / weightSquared + meanX * meanY
  return {
    members,
    y: members * meanY,
    yy: members * (varianceY + meanY ** 2),
    x: members * meanX,
    xx: members * (varianceX + meanX ** 2),
    xy: members * (covariance + meanX * meanY),
  }
}
