import type { PointSet } from './kmeans'
import { integer, type Random } from './random'

/** These points, in this order; a point may come more than once. */
export function selectPoints({ dims, values }: PointSet, points: ArrayLike<number>): PointSet {
  const selected = new Float64Array(points.length * dims)
  for (let i = 0; i < points.length; i++)
    selected.set(values.subarray(points[i]! * dims, points[i]! * dims + dims), i * dims)
  return { points: points.length, dims, values: selected }
}

/** Up to `most` of the indices below `count`, in order: all of them, or a sample without repetition (Knuth's algorithm S). */
export function samplePoints(count: number, most: number, random: Random): Uint32Array {
  if (count <= most) return Uint32Array.from({ length: count }, (_, i) => i)
  const drawn = new Uint32Array(most)
  let taken = 0
  for (let i = 0; taken < most; i++) {
    if (integer(random, 0, count - i - 1) < most - taken) {
      drawn[taken] = i
      taken += 1
    }
  }
  return drawn
}

/** The nearest of the centres (row-major, as many coordinates as the points) to each point. */
export function nearestCentres({ points, dims, values }: PointSet, centres: Float64Array): Int32Array {
  const nearest = new Int32Array(points)
  for (let i = 0; i < points; i++) {
    let least = Number.POSITIVE_INFINITY
    for (let c = 0; c * dims < centres.length; c++) {
      let sum = 0
      for (let d = 0; d < dims; d++) sum += (values[i * dims + d]! - centres[c * dims + d]!) ** 2
      if (sum < least) {
        least = sum
        nearest[i] = c
      }
    }
  }
  return nearest
}
