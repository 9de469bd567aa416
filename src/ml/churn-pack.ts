import type { Binning } from './binning'
import type { ChurnFit, ChurnModel } from './churn-model'
import type { Tree } from './histogram-tree'
import { type ModelArray, ModelFileError, packModel, unpackModel } from './model-file'
import type { ColumnBasis, SplineBasis } from './spline-basis'

const KIND = 'churn'
const VERSION = 1

type Arrays = Record<string, ModelArray>
type Rest = Omit<ChurnModel, 'fit'>

/** A fit without its arrays. */
type FitMeta =
  | { kind: 'bgnbd' }
  | { kind: 'logistic'; intercept: number; width: number; columns: { name: string; offset: number }[] }
  | { kind: 'forest'; names: readonly string[] }

/** Packs a model into a versioned file with a checksum. */
export function packChurn({ fit, ...rest }: ChurnModel): Uint8Array {
  const { meta, arrays } = packFit(fit)
  return packModel({ kind: KIND, version: VERSION, meta: { fit: meta, rest }, arrays })
}

/** Unpacks what `packChurn` made. Throws `ModelFileError` where the bytes are damaged or of another kind or version. */
export function unpackChurn(bytes: Uint8Array): ChurnModel {
  const { meta, arrays } = unpackModel(bytes, { kind: KIND, version: VERSION })
  const { fit, rest } = meta as { fit: FitMeta; rest: Rest }
  return { ...rest, fit: unpackFit(fit, arrays) }
}

function packFit(fit: ChurnFit): { meta: FitMeta; arrays: Arrays } {
  if (fit.kind === 'bgnbd') return { meta: { kind: 'bgnbd' }, arrays: {} }
  if (fit.kind === 'forest') {
    const arrays = {
      ...packLists(
        'edges',
        fit.binning.edges.map((edges) => edges ?? new Float64Array(0)),
      ),
      ...packTrees(fit.trees),
    }
    return { meta: { kind: 'forest', names: fit.names }, arrays }
  }
  const { basis, intercept, weights, means } = fit
  const columns = basis.columns.map((column) => {
    if (column.kind === 'category') throw new RangeError(`churn features are numbers; ${column.name} is none`)
    return column
  })
  const arrays = {
    ...{ weights, means },
    ...packLists(
      'knots',
      columns.map((column) => column.knots),
    ),
    ...packLists(
      'logKnots',
      columns.map((column) => column.logKnots),
    ),
  }
  const names = columns.map(({ name, offset }) => ({ name, offset }))
  return { meta: { kind: 'logistic', intercept, width: basis.width, columns: names }, arrays }
}

function unpackFit(meta: FitMeta, arrays: Arrays): ChurnFit {
  if (meta.kind === 'bgnbd') return { kind: 'bgnbd' }
  if (meta.kind === 'forest') {
    const binning: Binning = { edges: unpackLists('edges', arrays) }
    return { kind: 'forest', names: meta.names, binning, trees: unpackTrees(arrays) }
  }
  const knots = unpackLists('knots', arrays)
  const logKnots = unpackLists('logKnots', arrays)
  const columns = meta.columns.map((column, c): ColumnBasis => {
    return { kind: 'number', ...column, knots: knots[c]!, logKnots: logKnots[c]! }
  })
  const basis: SplineBasis = { columns, width: meta.width }
  const { weights, means } = arrays
  return { kind: 'logistic', basis, intercept: meta.intercept, weights: floats(weights), means: floats(means) }
}

/** Several arrays as one, and where each begins. */
function packLists(name: string, lists: readonly Float64Array[]): Arrays {
  return { [name]: Float64Array.from(lists.flatMap((list) => [...list])), [`${name}Start`]: startsOf(lists) }
}

function unpackLists(name: string, arrays: Arrays): Float64Array[] {
  const all = floats(arrays[name])
  const start = arrays[`${name}Start`]!
  return Array.from({ length: start.length - 1 }, (_, i) => all.slice(start[i]!, start[i + 1]!))
}

function packTrees(trees: readonly Tree[]): Arrays {
  return {
    treeStart: startsOf(trees.map((tree) => tree.feature)),
    feature: Int32Array.from(trees.flatMap((tree) => [...tree.feature])),
    maskLow: Uint32Array.from(trees.flatMap((tree) => [...tree.maskLow])),
    maskHigh: Uint32Array.from(trees.flatMap((tree) => [...tree.maskHigh])),
    left: Int32Array.from(trees.flatMap((tree) => [...tree.left])),
    value: Float32Array.from(trees.flatMap((tree) => [...tree.value])),
  }
}

function unpackTrees(arrays: Arrays): Tree[] {
  const { treeStart, feature, maskLow, maskHigh, left, value } = arrays as Record<string, ModelArray>
  return Array.from({ length: treeStart!.length - 1 }, (_, t) => {
    const [from, to] = [treeStart![t]!, treeStart![t + 1]!]
    return {
      feature: Int16Array.from(feature!.subarray(from, to)),
      maskLow: Uint32Array.from(maskLow!.subarray(from, to)),
      maskHigh: Uint32Array.from(maskHigh!.subarray(from, to)),
      left: Int32Array.from(left!.subarray(from, to)),
      value: Float32Array.from(value!.subarray(from, to)),
    }
  })
}

function startsOf(lists: readonly { length: number }[]): Uint32Array {
  const starts = new Uint32Array(lists.length + 1)
  lists.forEach((list, i) => {
    starts[i + 1] = starts[i]! + list.length
  })
  return starts
}

function floats(array: ModelArray | undefined): Float64Array {
  if (array instanceof Float64Array) return array
  throw new ModelFileError('a churn model without its arrays')
}
