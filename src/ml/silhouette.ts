import type { PointSet } from './kmeans'
import type { Random } from './random'
import { samplePoints } from './select-points'

/**
 * The mean silhouette of a clustering (Rousseeuw 1987): for each point (b − a) / max(a, b), a being its mean distance to
 * its own cluster and b to the nearest other; 0 for a point alone in its cluster. With more than `sampleMax` points it
 * is taken of so many drawn at random, which needs time in the square of it. NaN where there are not two clusters.
 */
export function silhouette(
  set: PointSet,
  assignment: ArrayLike<number>,
  { random, sampleMax = 2_000 }: { random: Random; sampleMax?: number },
): number {
  const points = samplePoints(set.points, sampleMax, random)
  const label = compactLabels(points, assignment)
  const clusters = label.reduce((most, cluster) => Math.max(most, cluster + 1), 0)
  if (clusters < 2) return Number.NaN
  const sizes = new Uint32Array(clusters)
  for (const cluster of label) sizes[cluster]! += 1
  // Distances to each cluster, summed: row-major, points × clusters.
  const sums = new Float64Array(points.length * clusters)
  for (let i = 0; i < points.length; i++) {
    for (let j = i + 1; j < points.length; j++) {
      const distance = Math.sqrt(squaredDistance(set, points[i]!, points[j]!))
      sums[i * clusters + label[j]!]! += distance
      sums[j * clusters + label[i]!]! += distance
    }
  }
  let total = 0
  for (let i = 0; i < points.length; i++) {
    const own = label[i]!
    if (sizes[own] === 1) continue
    const a = sums[i * clusters + own]! / (sizes[own]! - 1)
    let b = Number.POSITIVE_INFINITY
    for (let c = 0; c < clusters; c++) if (c !== own) b = Math.min(b, sums[i * clusters + c]! / sizes[c]!)
    // Points that all coincide are as near to their own cluster as to the other.
    if (Math.max(a, b) > 0) total += (b - a) / Math.max(a, b)
  }
  return total / points.length
}

/** Clusters numbered 0 … without gaps, as they first occur among these points. */
function compactLabels(points: Uint32Array, assignment: ArrayLike<number>): Uint32Array {
  const numbers = new Map<number, number>()
  return points.map((point) => {
    const cluster = assignment[point]!
    const known = numbers.get(cluster)
    if (known !== undefined) return known
    numbers.set(cluster, numbers.size)
    return numbers.size - 1
  })
}

function squaredDistance({ dims, values }: PointSet, one: number, other: number): number {
  let sum = 0
  for (let d = 0, a = one * dims, b = other * dims; d < dims; d++) {
    const difference = values[a + d]! - values[b + d]!
    sum += difference * difference
  }
  return sum
}
