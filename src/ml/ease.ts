import { inverseByItems, inverseByUsers } from './ease-sides'
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
  /** The ridge penalty λ, in users: so many users' worth of doubt stand against each weight. */
  penalty: number
  /** Added to each item's penalty, as a share of its own square: the dropout of Steck 2020, which spares rare items. */
  damping?: number
  /** Rows are divided by (number of items)^normalisation: what somebody with few items has says more. 0 to 1. */
  normalisation?: number
  /** Only the items in most rows are fitted: time grows with their cube, memory with their square. All where absent. */
  itemsMax?: number
}

export const easeDefaults: EaseOptions = { penalty: 200 }

/**
 * EASE: the linear auto-encoder with no weight from an item to itself, in closed form (Steck 2019, "Embarrassingly shallow
 * autoencoders for sparse data", equation 8): with P = (XᵀX + Λ)⁻¹, weights are −P(k, l) / P(l, l); Λ is λ, or with damping
 * λ + δ |x_k|² (Steck 2020, "Autoencoders that don't overfit towards the identity"). `userItems` is users × items.
 */
export function fitEase(
  userItems: SparseRows,
  { penalty, damping = 0, normalisation = 0, itemsMax = userItems.columns }: EaseOptions = easeDefaults,
): Ease {
  const item = mostFrequent(userItems, itemsMax)
  const rows = knownRows(userItems, item, normalisation)
  const ridge = ridgeOf(rows, { penalty, damping })
  // Whichever side is shorter is inverted: a few users with many items are as quick as many with few.
  const isShort = penalty > 0 && rows.rows < DUAL_SHARE * item.length
  const inverse = isShort ? inverseByUsers(rows, ridge) : inverseByItems(rows, ridge)
  return { item, weights: weightsOf(inverse, item.length) }
}

/** The users' way costs more than its own inverse: it pays below this share of the items. */
const DUAL_SHARE = 0.8

function weightsOf(inverse: Float64Array, size: number): Float32Array {
  const weights = new Float32Array(size * size)
  for (let l = 0; l < size; l++) {
    const scale = -1 / inverse[l * size + l]!
    // The inverse is symmetric: its row l is its column l, and rows are quick to read.
    for (let k = 0; k < size; k++) if (k !== l) weights[k * size + l] = scale * inverse[l * size + k]!
  }
  return weights
}

/** The rows that hold any of these items, with items as places in `item`, and divided by their length. */
function knownRows({ rows, columns, start, index, value }: SparseRows, item: Uint32Array, normalisation: number) {
  const place = placesOf(item, columns)
  const known = {
    start: new Uint32Array(rows + 1),
    index: new Uint32Array(index.length),
    value: new Float64Array(index.length),
  }
  let [at, row] = [0, 0]
  let [before, after] = [0, 0]
  for (let user = 0; user < rows; user++) {
    const share = Math.max(1, start[user + 1]! - start[user]!) ** -normalisation
    for (let entry = start[user]!; entry < start[user + 1]!; entry++) {
      const k = place[index[entry]!]!
      if (k < 0) continue
      known.index[at] = k
      known.value[at] = share * value[entry]!
      before += value[entry]! ** 2
      after += known.value[at]! ** 2
      at += 1
    }
    if (at > known.start[row]!) known.start[++row] = at
  }
  // One more factor for all keeps the sum of squares, so that a penalty means the same with any normalisation.
  const scale = after > 0 ? Math.sqrt(before / after) : 1
  const end = known.start[row]!
  return {
    rows: row,
    columns: item.length,
    start: known.start.slice(0, row + 1),
    index: known.index.slice(0, end),
    value: known.value.subarray(0, end).map((one) => one * scale),
  }
}

function ridgeOf(
  { columns, index, value }: SparseRows,
  { penalty, damping }: { penalty: number; damping: number },
): Float64Array {
  const ridge = new Float64Array(columns).fill(penalty)
  for (let at = 0; at < index.length; at++) ridge[index[at]!]! += damping * value[at]! ** 2
  return ridge
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
