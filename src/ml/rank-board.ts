/**
 * Scores of items for one user: dense values with a list of those touched, so that emptying it costs only what was
 * written. Made once and used for one user after another.
 */
export class ScoreBoard {
  readonly values: Float64Array
  /** The items that were touched; the first `count` are valid. */
  readonly touched: Int32Array
  count = 0
  private readonly isTouched: Uint8Array
  private readonly scratch: Int32Array

  constructor(readonly items: number) {
    this.values = new Float64Array(items)
    this.touched = new Int32Array(items)
    this.isTouched = new Uint8Array(items)
    this.scratch = new Int32Array(items)
  }

  add(item: number, value: number): void {
    if (this.isTouched[item] === 0) {
      this.isTouched[item] = 1
      this.touched[this.count++] = item
    }
    this.values[item]! += value
  }

  has(item: number): boolean {
    return this.isTouched[item] === 1
  }

  clear(): void {
    for (let k = 0; k < this.count; k++) {
      const item = this.touched[k]!
      this.values[item] = 0
      this.isTouched[item] = 0
    }
    this.count = 0
  }

  /**
   * The `k` best of what was touched, best first, ties by `tieOrder` (an item's place in some order) and then by number,
   * written to `into` from `offset`; returns how many there were.
   */
  top(k: number, into: Uint32Array, offset = 0, tieOrder?: Uint32Array): number {
    const { scratch, values } = this
    scratch.set(this.touched.subarray(0, this.count))
    const isBetter = (a: number, b: number) =>
      values[a] !== values[b] ? values[a]! > values[b]! : tieOrder ? tieOrder[a]! < tieOrder[b]! : a < b
    const found = Math.min(k, this.count)
    selectBest(scratch, this.count, found, isBetter)
    const best = scratch.subarray(0, found).sort((a, b) => (isBetter(a, b) ? -1 : 1))
    for (let place = 0; place < found; place++) into[offset + place] = best[place]!
    return found
  }
}

/** Moves the `k` best of the first `count` keys to the front, in any order (quickselect, Hoare 1961). */
export function selectBest(
  keys: Int32Array,
  count: number,
  k: number,
  isBetter: (a: number, b: number) => boolean,
): void {
  let low = 0
  let high = count - 1
  while (low < high && k > low && k <= high) {
    const pivot = keys[(low + high) >> 1]!
    let i = low
    let j = high
    while (i <= j) {
      while (isBetter(keys[i]!, pivot)) i += 1
      while (isBetter(pivot, keys[j]!)) j -= 1
      if (i > j) break
      const key = keys[i]!
      keys[i] = keys[j]!
      keys[j] = key
      i += 1
      j -= 1
    }
    if (k <= j) high = j
    else if (k > i) low = i
    else return
  }
}
