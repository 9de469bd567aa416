import type { PointSet } from './kmeans'

/** One thing known of every member. `log`: counts and amounts, of which ten against twenty matters as much as one against two. */
export interface MemberColumn {
  readonly name: string
  readonly scale: 'log' | 'plain'
  readonly values: Float64Array
  /** How much the column counts beside the others; 1 where it is not said. */
  readonly weight?: number
}

/** One axis of the space that members are compared in. */
export interface Axis {
  readonly name: string
  readonly scale: 'log' | 'plain'
  readonly mean: number
  /** One unit on the axis, in (logarithms of) units of the column. */
  readonly unit: number
}

/** Beyond this many deviations a member is as far out as can be: one wholesaler shall not make a cluster. */
const FARTHEST = 4
/** A column in which fewer members than this differ from the most common value tells them apart by accident only. */
const LEAST_SHARE_OTHER = 0.05

/**
 * Chooses and scales the axes: a column in which (almost) all members have the same value is left out, the others get mean 0 and
 * their weight as deviation, of the logarithm where that is asked for. Throws a RangeError on NaN or an infinite value.
 */
export function fitAxes(columns: readonly MemberColumn[]): Axis[] {
  const axes: Axis[] = []
  for (const { name, scale, values, weight = 1 } of columns) {
    const scaled = Float64Array.from(values, (value) => scaledValue(name, scale, value))
    if (values.length === 0 || shareOfOthers(scaled) < LEAST_SHARE_OTHER) continue
    const mean = scaled.reduce((sum, value) => sum + value, 0) / scaled.length
    const variance = scaled.reduce((sum, value) => sum + (value - mean) ** 2, 0) / scaled.length
    if (variance > 0) axes.push({ name, scale, mean, unit: Math.sqrt(variance) / weight })
  }
  return axes
}

/** The members as points on these axes. Columns that the axes do not name are not looked at; one that is missing throws. */
export function onAxes(axes: readonly Axis[], columns: readonly MemberColumn[]): PointSet {
  const points = columns[0]?.values.length ?? 0
  const values = new Float64Array(points * axes.length)
  axes.forEach(({ name, scale, mean, unit }, d) => {
    const column = columns.find((candidate) => candidate.name === name)
    if (!column) throw new RangeError(`no column "${name}" among ${columns.map((each) => each.name).join(', ')}`)
    for (let i = 0; i < points; i++) {
      const z = (scaledValue(name, scale, column.values[i]!) - mean) / unit
      values[i * axes.length + d] = Math.max(-FARTHEST, Math.min(FARTHEST, z))
    }
  })
  return { points, dims: axes.length, values }
}

/** What a coordinate stands for in the column's own unit. */
export function valueOnAxis({ scale, mean, unit }: Axis, coordinate: number): number {
  const scaled = mean + coordinate * unit
  return scale === 'log' ? Math.expm1(scaled) : scaled
}

function scaledValue(name: string, scale: Axis['scale'], value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`${name} of a member is ${value}`)
  // A net spend below zero (more came back than was bought here) counts as nothing.
  return scale === 'log' ? Math.log1p(Math.max(0, value)) : value
}

function shareOfOthers(values: Float64Array): number {
  const sorted = values.slice().sort()
  let most = 0
  for (let start = 0; start < sorted.length; ) {
    let end = start + 1
    while (end < sorted.length && sorted[end] === sorted[start]) end += 1
    most = Math.max(most, end - start)
    start = end
  }
  return 1 - most / sorted.length
}
