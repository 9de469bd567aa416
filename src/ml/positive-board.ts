import { guessValue, type ScoreSink, SIFT_FROM, selectBest, siftInto } from './rank-board'

/**
 * A board of scores above 0, which needs no mark for what was touched: what is not 0 was. Adding to it and choosing from it are
 * nearly all that neighbourhoods do. Like `ScoreBoard`, it is made once and used for one user after another.
 */
export class PositiveBoard implements ScoreSink {
  readonly values: Float64Array
  /** The keys that were touched; the first `count` are valid. */
  readonly touched: Int32Array
  count = 0
  private readonly scratch: Int32Array

  constructor(readonly keys: number) {
    this.values = new Float64Array(keys)
    // One place more than can be filled: a key is written down before it is known whether it is new.
    this.touched = new Int32Array(keys + 1)
    this.scratch = new Int32Array(keys)
  }

  /** `value` is above 0. */
  add(key: number, value: number): void {
    if (this.values[key] === 0) this.touched[this.count++] = key
    this.values[key]! += value
  }

  /** Adds `scale` times each of `value` to the key beside it, from place `from` up to, not including, `to`. */
  addScaled(key: ArrayLike<number>, value: ArrayLike<number>, from: number, to: number, scale: number): void {
    if (scale < NOTHING) return
    const { values, touched } = this
    let { count } = this
    for (let at = from; at < to; at++) {
      const one = key[at]!
      const before = values[one]!
      touched[count] = one
      count += Number(before === 0)
      values[one] = before + scale * value[at]!
    }
    this.count = count
  }

  /** Adds the same to each key from place `from` up to, not including, `to`. */
  addAlike(key: ArrayLike<number>, from: number, to: number, value: number): void {
    if (value < NOTHING) return
    const { values, touched } = this
    let { count } = this
    for (let at = from; at < to; at++) {
      const one = key[at]!
      const before = values[one]!
      touched[count] = one
      count += Number(before === 0)
      values[one] = before + value
    }
    this.count = count
  }

  /**
   * Writes the `k` best to `into`, in no order; ties by `tieOrder` (a key's place in some order), or by number. Gives how many
   * there were. All keys that were touched and their values go to `all`, where there is one, from `offset`.
   */
  best(k: number, into: Uint32Array | Int32Array, tieOrder?: Uint32Array, all?: Scores, offset = 0): number {
    const { values, touched, scratch, count } = this
    const found = Math.min(k, count)
    const least =
      found > 0 && SIFT_FROM * found <= count ? guessValue(touched, count, found, values) : Number.NEGATIVE_INFINITY
    let left = all ? siftAndKeep(scratch, this, least, all, offset) : siftInto(scratch, touched, count, values, least)
    if (left < found) {
      scratch.set(touched.subarray(0, count))
      left = count
    }
    selectBest(scratch, left, found, values, tieOrder)
    for (let place = 0; place < found; place++) into[place] = scratch[place]!
    return found
  }

  clear(): void {
    const { values, touched, count } = this
    if (count > this.keys / FILL_SHARE) values.fill(0)
    else for (let k = 0; k < count; k++) values[touched[k]!] = 0
    this.count = 0
  }
}

/** What is smaller could vanish in a product, and what was touched would look as if it were not. */
const NOTHING = 1e-250

/** A board of which more than this part was touched is emptied as a whole. */
const FILL_SHARE = 8

/** Keys, and the value of each beside it. */
export interface Scores {
  readonly item: Uint32Array
  readonly value: Float32Array
}

/** Writes the touched keys whose values reach `least` to `into`, and all of them with their values to `all`, in one go. */
function siftAndKeep(
  into: Int32Array,
  { touched, values, count }: PositiveBoard,
  least: number,
  { item, value }: Scores,
  offset: number,
): number {
  let reached = 0
  for (let at = 0; at < count; at++) {
    const key = touched[at]!
    const one = values[key]!
    item[offset + at] = key
    value[offset + at] = one
    into[reached] = key
    reached += Number(one >= least)
  }
  return reached
}
