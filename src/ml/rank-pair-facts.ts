import { fitDueCurve, nextBasketDays, type RepurchaseGaps, repurchaseGaps } from './next-basket-due'
import type { BasketHistory } from './next-basket-history'
import type { ScoreBoard } from './rank-board'
import { fitRepeatChances } from './repeat-chances'

/** What a user did with an item before, in the order in which the re-ranker takes it. */
export const pairFactNames = [
  'times',
  'share',
  'basketsSince',
  'basketsSinceFirst',
  'lastBaskets',
  'boughtAgain',
  'gap',
  'gapRatio',
  'due',
] as const

/** What the user bought before is named twice, since little else is bought as often. */
const OWN_VOTES = 2

/** Readies the facts; zeros and blanks where a user never bought an item. */
export function pairFacts(history: BasketHistory) {
  const gaps = repurchaseGaps(history)
  const days = nextBasketDays(history)
  const curve = fitDueCurve(history)
  const chances = fitRepeatChances(history)
  const { userStart } = history
  const pairOf = new Int32Array(history.items).fill(-1)
  const { since, sinceFirst, lastBaskets } = basketsOfPairs(history, gaps)
  let loaded = -1
  return {
    itemGap: gaps.itemGap,
    load(user: number) {
      if (loaded >= 0)
        for (let pair = gaps.start[loaded]!; pair < gaps.start[loaded + 1]!; pair++) pairOf[gaps.item[pair]!] = -1
      loaded = user
      for (let pair = gaps.start[user]!; pair < gaps.start[user + 1]!; pair++) pairOf[gaps.item[pair]!] = pair
    },
    /** Adds the items the user bought, those bought last first. */
    addOwn(board: ScoreBoard, countMax: number) {
      const own: number[] = []
      for (let pair = gaps.start[loaded]!; pair < gaps.start[loaded + 1]!; pair++) own.push(pair)
      own.sort((a, b) => gaps.times[b]! - gaps.times[a]! || since[a]! - since[b]! || a - b)
      for (const pair of own.slice(0, countMax)) board.add(gaps.item[pair]!, OWN_VOTES)
    },
    write(item: number, into: Float32Array, offset: number): number {
      let at = offset
      const pair = pairOf[item]!
      if (pair < 0) {
        into[at++] = 0
        into[at++] = 0
        for (let k = 0; k < 6; k++) into[at++] = Number.NaN
        into[at++] = 1
        return at
      }
      const ratio = (days[loaded]! - gaps.lastDay[pair]!) / gaps.gap[pair]!
      into[at++] = gaps.times[pair]!
      into[at++] = gaps.times[pair]! / (userStart[loaded + 1]! - userStart[loaded]!)
      into[at++] = since[pair]!
      into[at++] = sinceFirst[pair]!
      into[at++] = lastBaskets[pair]!
      into[at++] = chances.of(item, gaps.times[pair]!, since[pair]!)
      into[at++] = gaps.gap[pair]!
      into[at++] = ratio
      into[at++] = curve.weight(gaps.times[pair]!, ratio)
      return at
    },
  }
}

/** So many last baskets are told apart. */
const LAST = 4

/**
 * For each pair, how many baskets the user bought since the last one with the item and since the first one, and which of
 * the last baskets hold it: a bit each, that of the last one highest.
 */
function basketsOfPairs({ users, items, userStart, basketStart, item }: BasketHistory, gaps: RepurchaseGaps) {
  const since = new Uint16Array(gaps.item.length)
  const sinceFirst = new Uint16Array(gaps.item.length)
  const lastBaskets = new Uint8Array(gaps.item.length)
  const pairOf = new Int32Array(items)
  for (let user = 0; user < users; user++) {
    for (let pair = gaps.start[user]!; pair < gaps.start[user + 1]!; pair++) pairOf[gaps.item[pair]!] = pair
    const last = userStart[user + 1]! - 1
    for (let basket = userStart[user]!; basket <= last; basket++) {
      for (let at = basketStart[basket]!; at < basketStart[basket + 1]!; at++) {
        const pair = pairOf[item[at]!]!
        since[pair] = last - basket
        if (sinceFirst[pair] === 0) sinceFirst[pair] = last - basket
        if (last - basket < LAST) lastBaskets[pair]! |= 1 << (LAST - 1 - (last - basket))
      }
    }
  }
  return { since, sinceFirst, lastBaskets }
}
