import type { ClassRanks } from './class-ranks'
import type { SparseRows } from './spline-basis'
import type { TfidfVector } from './tfidf'

/**
 * A model that ranks classes, for use: only the weights that matter are kept, feature by feature. Those of feature i are the
 * places start[i] … start[i + 1] − 1 of `classes` and `codes`; a weight is scales[i] · code.
 */
export interface CompactClasses {
  readonly start: Uint32Array
  readonly scales: Float32Array
  readonly classes: Uint8Array | Uint16Array
  readonly codes: Int8Array
  readonly biases: Float64Array
}

const CODE_MAX = 127
const WEIGHTS_MAX = 400_000

/**
 * Keeps the weights that move the order most, at most `weightsMax`, in one byte each.
 * @param rows the texts that the model was trained on
 */
export function compactClasses(ranks: ClassRanks, rows: SparseRows, weightsMax = WEIGHTS_MAX): CompactClasses {
  const { classes: classCount, columns, weights, biases } = ranks
  const worths = worthsOf(ranks, rows)
  const smallest = smallestKept(worths, weightsMax)
  let kept = 0
  for (const worth of worths) if (worth >= smallest) kept += 1
  const start = new Uint32Array(columns + 1)
  const scales = new Float32Array(columns)
  const classes = classCount <= 256 ? new Uint8Array(kept) : new Uint16Array(kept)
  const codes = new Int8Array(kept)
  let size = 0
  for (let i = 0; i < columns; i++) {
    const from = i * classCount
    let top = 0
    for (let k = from; k < from + classCount; k++) top = Math.max(top, Math.abs(weights[k]!))
    scales[i] = top / CODE_MAX
    for (let c = 0; c < classCount; c++) {
      if (worths[from + c]! < smallest) continue
      classes[size] = c
      codes[size++] = Math.round((CODE_MAX * weights[from + c]!) / top)
    }
    start[i + 1] = size
  }
  return { start, scales, classes, codes, biases }
}

/** How far each weight moves its class in a text that has the feature. */
function worthsOf({ classes, weights }: ClassRanks, rows: SparseRows): Float32Array {
  const usual = usualValues(rows)
  const worths = new Float32Array(weights.length)
  for (let i = 0, k = 0; i < usual.length; i++) {
    for (let c = 0; c < classes; c++, k++) worths[k] = Math.abs(weights[k]!) * usual[i]!
  }
  return worths
}

/** The mean value of each feature in the rows that have it. */
function usualValues({ columns, index, value }: SparseRows): Float64Array {
  const sums = new Float64Array(columns)
  const counts = new Uint32Array(columns)
  for (let k = 0; k < index.length; k++) {
    sums[index[k]!]! += value[k]!
    counts[index[k]!]! += 1
  }
  return sums.map((sum, column) => sum / (counts[column]! || 1))
}

const BUCKETS = 65_536

/** What at most `weightsMax` are worth, to a 65,536th of the most; above 0, so that zeros are left out. */
function smallestKept(worths: Float32Array, weightsMax: number): number {
  let top = Number.MIN_VALUE
  for (const worth of worths) if (worth > top) top = worth
  const counts = new Uint32Array(BUCKETS + 1)
  for (const worth of worths) counts[Math.floor((BUCKETS * worth) / top)]! += 1
  let kept = 0
  for (let bucket = BUCKETS; bucket > 0; bucket--) {
    kept += counts[bucket]!
    if (kept > weightsMax) return ((bucket + 1) * top) / BUCKETS
  }
  return top / BUCKETS
}

/** What sorts texts by a packed model: one sum a class, reused by the next text. A question is thousands of its weights. */
export function createCompactJudge(model: CompactClasses): (vector: TfidfVector) => Float64Array {
  const { start, scales, classes, codes, biases } = model
  // A weight is read in one piece: its class, and its code in the low byte.
  const pack = (code: number, k: number) => (classes[k]! << 8) | (code & 255)
  const weights = biases.length <= 256 ? Uint16Array.from(codes, pack) : Uint32Array.from(codes, pack)
  const sums = new Float64Array(biases.length)
  let heads = new Uint32Array(1024)
  return ({ columns, values, length }) => {
    if (heads.length < length) heads = new Uint32Array(2 * length)
    // Each row's beginning is asked for before any is worked on: memory is waited for once, not row by row.
    for (let i = 0; i < length; i++) heads[i] = weights[start[columns[i]!]!]!
    sums.set(biases)
    for (let i = 0; i < length; i++) {
      const column = columns[i]!
      const value = values[i]! * scales[column]!
      const to = start[column + 1]!
      for (let k = start[column]!; k < to; k++) {
        const weight = weights[k]!
        sums[weight >>> 8]! += value * ((weight << 24) >> 24)
      }
    }
    return sums
  }
}
