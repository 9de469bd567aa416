import { invertPositiveDefinite } from './ease-inverse'
import type { ScoreBoard } from './rank-board'
import type { SparseRows } from './spline-basis'

/** Item-to-item weights of EASE over the items it was fitted on. */
export interface Ease {
  /** The items it knows; row and column k of the weights are `item[k]`. */
  readonly item: Uint32Array
  /** Row-major, `item.length` squared: how much item k, bought, speaks for item l. 0 on the diagonal. */
  readonly weights: Float32Array
}

export interface EaseOptions {
  /** The ridge penalty λ. */
  penalty: number
  /** Only the items in most rows are fitted: time grows with their cube, memory with their square. All where absent. */
  itemsMax?: number
}

export const easeDefaults: EaseOptions = { penalty: 200 }

/**
 * EASE: the linear auto-encoder with no weight from an item to itself, in closed form (Steck 2019, "Embarrassingly shallow
 * autoencoders for sparse data", equation 8): with P = (XᵀX + λI)⁻¹, weights are −P(k, l) / P(l, l). `userItems` is
 * users × items.
 */
export function fitEase(
  userItems: SparseRows,
  { penalty, itemsMax = userItems.columns }: EaseOptions = easeDefaults,
): Ease {
  const item = mostFrequent(userItems, itemsMax)
  const size = item.length
  const gram = gramMatrix(userItems, item)
  for (let k = 0; k < size; k++) gram[k * size + k]! += penalty
  invertPositiveDefinite(gram, size)
  const weights = new Float32Array(size * size)
  for (let l = 0; l < size; l++) {
    const scale = -1 / gram[l * size + l]!
    // P is symmetric: its row l is its column l, and rows are quick to read.
    for (let k = 0; k < size; k++) if (k !== l) weights[k * size + l] = scale * gram[l * size + k]!
  }
  return { item, weights }
}

/** Adds Σ_k user(k) weight(k, ·) over all items it knows to the board. */
export function scoreByEase(
  { item, weights }: Ease,
  place: Int32Array,
  user: number,
  userItems: SparseRows,
  board: ScoreBoard,
): void {
  const size = item.length
  const sums = new Float64Array(size)
  let known = 0
  for (let at = userItems.start[user]!; at < userItems.start[user + 1]!; at++) {
    const k = place[userItems.index[at]!]!
    if (k < 0) continue
    known += 1
    const value = userItems.value[at]!
    const row = k * size
    for (let l = 0; l < size; l++) sums[l]! += value * weights[row + l]!
  }
  if (known > 0) for (let l = 0; l < size; l++) board.add(item[l]!, sums[l]!)
}

/** Where each item stands in the model; −1 for those it does not know. */
export function placesOf(item: Uint32Array, items: number): Int32Array {
  const place = new Int32Array(items).fill(-1)
  item.forEach((one, k) => {
    place[one] = k
  })
  return place
}

function mostFrequent({ columns, index }: SparseRows, itemsMax: number): Uint32Array {
  const counts = new Uint32Array(columns)
  for (let at = 0; at < index.length; at++) counts[index[at]!]! += 1
  return Uint32Array.from(counts, (_, item) => item)
    .filter((item) => counts[item]! > 0)
    .sort((a, b) => counts[b]! - counts[a]! || a - b)
    .subarray(0, itemsMax)
}

/** The lower triangle of XᵀX over these items. */
function gramMatrix({ rows, columns, start, index, value }: SparseRows, item: Uint32Array): Float64Array {
  const size = item.length
  const place = placesOf(item, columns)
  const gram = new Float64Array(size * size)
  const known = new Int32Array(columns)
  const weight = new Float64Array(columns)
  for (let row = 0; row < rows; row++) {
    let count = 0
    for (let at = start[row]!; at < start[row + 1]!; at++) {
      const k = place[index[at]!]!
      if (k < 0) continue
      known[count] = k
      weight[count] = value[at]!
      count += 1
    }
    for (let a = 0; a < count; a++) {
      const offset = known[a]! * size
      const own = weight[a]!
      for (let b = 0; b < count; b++) if (known[b]! <= known[a]!) gram[offset + known[b]!]! += own * weight[b]!
    }
  }
  return gram
}
