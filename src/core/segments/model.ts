import type { ClusterCentre } from '../../ml/cluster-words'
import { type Axis, type MemberColumn, onAxes, valueOnAxis } from '../../ml/member-space'
import { ModelFileError, packModel, unpackModel } from '../../ml/model-file'
import { nearestCentres } from '../../ml/select-points'
import { memberColumnNames } from './member-columns'

/** Clusters of members: where their centres lie on which axes, and what each is called from training to training. */
export interface SegmentModel {
  readonly axes: readonly Axis[]
  readonly codes: readonly string[]
  /** Row-major, clusters × axes. */
  readonly centres: Float64Array
}

const FILE = { kind: 'segments', version: 1 } as const

export function packSegments({ axes, codes, centres }: SegmentModel): Uint8Array {
  return packModel({ ...FILE, meta: { axes, codes }, arrays: { centres } })
}

/** The model in these bytes; undefined where another version wrote them, over other columns perhaps: train again. */
export function unpackSegments(bytes: Uint8Array): SegmentModel | undefined {
  try {
    const { meta, arrays } = unpackModel(bytes, FILE)
    const model = { ...(meta as Pick<SegmentModel, 'axes' | 'codes'>), centres: arrays.centres as Float64Array }
    return model.axes.every(({ name }) => memberColumnNames.includes(name)) ? model : undefined
  } catch (error) {
    if (error instanceof ModelFileError) return undefined
    throw error
  }
}

/** The place of the nearest cluster of each member. */
export function assignMembers({ axes, centres }: SegmentModel, columns: readonly MemberColumn[]): Int32Array {
  return nearestCentres(onAxes(axes, columns), centres)
}

/** Each cluster's centre in units and in deviations. */
export function centresOf({ axes, codes, centres }: SegmentModel): ClusterCentre[] {
  return codes.map((_, c) => {
    const deviations = Object.fromEntries(axes.map(({ name }, d) => [name, centres[c * axes.length + d]!]))
    const centre = Object.fromEntries(
      axes.map((axis) => [axis.name, tidied(valueOnAxis(axis, deviations[axis.name]!))]),
    )
    return { centre, deviations }
  })
}

/** Without the last digits, in which a share of nothing comes out as −1e-15. */
function tidied(value: number): number {
  return Math.round(value * 1e6) / 1e6 + 0
}

/** Farther apart than so many deviations, two clusters are not the same any more. */
const SAME_WITHIN = 1.5

/**
 * Codes for new clusters: a cluster near one of `before` is the same and keeps its code, so that what the manager wrote
 * of it stays with it; the others get numbers above `usedMax`, which were never used.
 */
export function codesFor(
  fresh: Pick<SegmentModel, 'axes' | 'centres'>,
  { before, usedMax }: { before?: SegmentModel; usedMax: number },
): string[] {
  const clusters = fresh.centres.length / fresh.axes.length
  const codes = new Array<string | undefined>(clusters)
  const old = before ? onAxes(fresh.axes, columnsOf(before, fresh.axes)).values : new Float64Array()
  const pairs: { cluster: number; was: number; distance: number }[] = []
  for (let cluster = 0; cluster < clusters; cluster++) {
    for (let was = 0; was < (before?.codes.length ?? 0); was++) {
      const distance = Math.hypot(
        ...fresh.axes.map(
          (_, d) => fresh.centres[cluster * fresh.axes.length + d]! - old[was * fresh.axes.length + d]!,
        ),
      )
      if (distance <= SAME_WITHIN) pairs.push({ cluster, was, distance })
    }
  }
  const taken = new Set<number>()
  for (const { cluster, was } of pairs.sort((a, b) => a.distance - b.distance)) {
    if (codes[cluster] !== undefined || taken.has(was)) continue
    codes[cluster] = before?.codes[was]
    taken.add(was)
  }
  let next = Math.max(usedMax, ...(before?.codes ?? []).map(codeNumber))
  return Array.from(codes, (code) => {
    if (code !== undefined) return code
    next += 1
    return `c${next}`
  })
}

/** The number in a cluster's code; 0 in other texts. */
export function codeNumber(code: string): number {
  return Number(/^c(\d{1,9})$/.exec(code)?.[1] ?? 0)
}

/** The centres of a model as columns in units; an axis that it does not have stands at the mean. */
function columnsOf(model: SegmentModel, axes: readonly Axis[]): MemberColumn[] {
  const centres = centresOf(model)
  return axes.map((axis) => ({
    name: axis.name,
    scale: axis.scale,
    values: Float64Array.from(centres, ({ centre }) => centre[axis.name] ?? valueOnAxis(axis, 0)),
  }))
}
