/** What recommenders add scores to. */
export interface ScoreSink {
  add(item: number, value: number): void
  /** Adds `scale` times each of `value` to the item beside it, from place `from` up to, not including, `to`. */
  addScaled(item: ArrayLike<number>, value: ArrayLike<number>, from: number, to: number, scale: number): void
  /** Adds the same to each item from place `from` up to, not including, `to`. */
  addAlike(item: ArrayLike<number>, from: number, to: number, value: number): void
}

/**
 * Scores of items for one user: dense values with a list of those touched, so that emptying it costs only what was
 * written. Made once and used for one user after another. The keys may be anything else that is scored: users, baskets.
 */
export class ScoreBoard implements ScoreSink {
  readonly values: Float64Array
  /** The items that were touched; the first `count` are valid. */
  readonly touched: Int32Array
  count = 0
  private readonly isTouched: Uint8Array
  private readonly scratch: Int32Array

  constructor(readonly items: number) {
    this.values = new Float64Array(items)
    // One place more than can be filled: an item is written down before it is known whether it is new.
    this.touched = new Int32Array(items + 1)
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

  addScaled(item: ArrayLike<number>, value: ArrayLike<number>, from: number, to: number, scale: number): void {
    const { values, touched, isTouched } = this
    let { count } = this
    for (let at = from; at < to; at++) {
      const one = item[at]!
      // Without a branch: whether an item is new cannot be foreseen, and nearly all the time of neighbourhoods goes here.
      touched[count] = one
      count += 1 - isTouched[one]!
      isTouched[one] = 1
      values[one]! += scale * value[at]!
    }
    this.count = count
  }

  addAlike(item: ArrayLike<number>, from: number, to: number, value: number): void {
    const { values, touched, isTouched } = this
    let { count } = this
    for (let at = from; at < to; at++) {
      const one = item[at]!
      touched[count] = one
      count += 1 - isTouched[one]!
      isTouched[one] = 1
      values[one]! += value
    }
    this.count = count
  }

  has(item: number): boolean {
    return this.isTouched[item] === 1
  }

  clear(): void {
    const { values, touched, isTouched, count } = this
    if (count > this.items / FILL_SHARE) {
      values.fill(0)
      isTouched.fill(0)
    } else {
      for (let k = 0; k < count; k++) {
        const item = touched[k]!
        values[item] = 0
        isTouched[item] = 0
      }
    }
    this.count = 0
  }

  /**
   * The `k` best of what was touched, best first, ties by `tieOrder` (an item's place in some order) and then by number,
   * written to `into` from `offset`; returns how many there were.
   */
  top(k: number, into: Uint32Array, offset = 0, tieOrder?: Uint32Array): number {
    const found = this.choose(k, tieOrder)
    const { scratch, values } = this
    const best = scratch
      .subarray(0, found)
      .sort((a, b) => values[b]! - values[a]! || (tieOrder ? tieOrder[a]! - tieOrder[b]! : a - b))
    for (let place = 0; place < found; place++) into[offset + place] = best[place]!
    return found
  }

  /** The same in no order. */
  best(k: number, into: Uint32Array | Int32Array, tieOrder?: Uint32Array): number {
    const found = this.choose(k, tieOrder)
    for (let place = 0; place < found; place++) into[place] = this.scratch[place]!
    return found
  }

  private choose(k: number, tieOrder?: Uint32Array): number {
    const { scratch, touched, count, values } = this
    const found = Math.min(k, count)
    let left = 0
    if (found > 0 && SIFT_FROM * found <= count) {
      left = siftInto(scratch, touched, count, values, guessValue(touched, count, found, values))
    }
    if (left < found) {
      scratch.set(touched.subarray(0, count))
      left = count
    }
    selectBest(scratch, left, found, values, tieOrder)
    return found
  }
}

/** A board of which more than this part was touched is emptied as a whole. */
const FILL_SHARE = 8

/**
 * Moves the `k` keys with the largest values to the front of the first `count`, in any order (quickselect, Hoare 1961); of
 * equal values the one that comes first in `tieOrder` is better, or the smaller key.
 */
export function selectBest(
  keys: Int32Array,
  count: number,
  k: number,
  values: Float64Array,
  tieOrder?: Uint32Array,
): void {
  let low = 0
  let high = count - 1
  if (k > 0 && SIFT_FROM * k <= count) {
    // A few are sorted to guess a value that somewhat more than k reach; then only those, or the others, are looked at.
    const reached = siftBest(keys, count, values, guessValue(keys, count, k, values))
    if (reached >= k) high = reached - 1
    else low = reached
  }
  while (low < high && k > low && k <= high) {
    const pivot = keys[(low + high) >> 1]!
    const value = values[pivot]!
    const place = tieOrder ? tieOrder[pivot]! : pivot
    let i = low
    let j = high
    while (i <= j) {
      while (isBefore(values[keys[i]!]!, keys[i]!, value, place, tieOrder)) i += 1
      while (isAfter(values[keys[j]!]!, keys[j]!, value, place, tieOrder)) j -= 1
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

/** Sifting pays where so many times as many keys are there as are wanted. */
export const SIFT_FROM = 3
const sample = new Float64Array(96)

/** A value that somewhat more than `k` of the keys are likely to reach: one of a sample, whose best are kept sorted. */
export function guessValue(keys: Int32Array, count: number, k: number, values: Float64Array): number {
  const size = Math.min(sample.length, count)
  const step = count / size
  const expected = k / step
  const rank = Math.min(size, Math.ceil(expected + 1.5 * Math.sqrt(expected) + 1))
  sample.fill(Number.NEGATIVE_INFINITY, 0, rank)
  for (let one = 0; one < size; one++) {
    const value = values[keys[Math.floor(one * step)]!]!
    if (value <= sample[rank - 1]!) continue
    let place = rank - 1
    for (; place > 0 && sample[place - 1]! < value; place--) sample[place] = sample[place - 1]!
    sample[place] = value
  }
  return sample[rank - 1]!
}

/** Writes the keys whose values reach `least` to `into`, without a branch; gives how many they are. */
export function siftInto(
  into: Int32Array,
  keys: Int32Array,
  count: number,
  values: Float64Array,
  least: number,
): number {
  let reached = 0
  for (let at = 0; at < count; at++) {
    const key = keys[at]!
    into[reached] = key
    reached += Number(values[key]! >= least)
  }
  return reached
}

/** Moves the keys whose values reach `least` to the front; gives how many they are. */
function siftBest(keys: Int32Array, count: number, values: Float64Array, least: number): number {
  let reached = 0
  for (let at = 0; at < count; at++) {
    const key = keys[at]!
    if (values[key]! >= least) {
      keys[at] = keys[reached]!
      keys[reached++] = key
    }
  }
  return reached
}

function isBefore(value: number, key: number, other: number, place: number, tieOrder?: Uint32Array): boolean {
  return value !== other ? value > other : (tieOrder ? tieOrder[key]! : key) < place
}

function isAfter(value: number, key: number, other: number, place: number, tieOrder?: Uint32Array): boolean {
  return value !== other ? value < other : (tieOrder ? tieOrder[key]! : key) > place
}
