import { type DueCurve, fitDueCurve, nextBasketDays, repurchaseGaps } from '../../ml/next-basket-due'
import type { BasketHistory } from '../../ml/next-basket-history'
import { noItem } from '../../ml/rank-metrics'
import type { ScoredLists } from './next-basket-methods'

const TIMES_MAX = 4
/** Half doublings of the gap, from an eighth of it to eight gaps. */
const RATIO_STEPS = 12

/** A curve as numbers that can be stored: for 1, 2, 3, 4 purchases and more, its weight at each step of the gap. */
export function tabulate(curve: DueCurve): number[] {
  return Array.from({ length: TIMES_MAX * RATIO_STEPS }, (_, at) =>
    curve.weight(Math.floor(at / RATIO_STEPS) + 1, 2 ** (((at % RATIO_STEPS) + 0.5 - RATIO_STEPS / 2) / 2)),
  )
}

/** How much likelier than usual something bought so many times is bought when so many gaps have gone by; 1 without a curve. */
export function dueWeight(table: readonly number[], { times, ratio }: { times: number; ratio: number }): number {
  if (table.length !== TIMES_MAX * RATIO_STEPS) return 1
  const row = (Math.min(TIMES_MAX, Math.max(1, times)) - 1) * RATIO_STEPS
  const place = 2 * Math.log2(Math.max(ratio, 1e-9)) + RATIO_STEPS / 2 - 0.5
  const low = Math.min(RATIO_STEPS - 1, Math.max(0, Math.floor(place)))
  const high = Math.min(RATIO_STEPS - 1, low + 1)
  const share = Math.min(1, Math.max(0, place - low))
  return (table[row + low] ?? 1) * (1 - share) + (table[row + high] ?? 1) * share
}

/** How often a user bought an item before, with what gap, when last, and how many gaps will have gone by at the guessed date. */
interface OwnItem {
  readonly times: number
  readonly gapDays: number
  readonly lastDay: number
  readonly guessedRatio: number
}

/** What time knows of the pairs of a user and an item bought before. */
export interface DueTimes {
  readonly table: readonly number[]
  /** Turns to a user; what `of` answers is about this one. */
  load(user: number): void
  /** Undefined for an item that the user never bought. */
  of(item: number): OwnItem | undefined
  /** The weight on the date that is guessed for the user's next basket. */
  guessedWeight(own: OwnItem): number
}

/** Readies the pairs of a history. The curve is learnt from it where none is given. */
export function dueTimes(history: BasketHistory, table = tabulate(fitDueCurve(history))): DueTimes {
  const gaps = repurchaseGaps(history)
  const guessed = nextBasketDays(history)
  const pairOf = new Int32Array(history.items).fill(-1)
  let loaded = -1
  const forEachPair = (user: number, write: (item: number, pair: number) => void) => {
    for (let pair = gaps.start[user] ?? 0; pair < (gaps.start[user + 1] ?? 0); pair++) write(gaps.item[pair] ?? 0, pair)
  }
  return {
    table,
    guessedWeight: ({ times, guessedRatio }) => dueWeight(table, { times, ratio: guessedRatio }),
    load(user) {
      if (loaded >= 0) forEachPair(loaded, (item) => pairOf.fill(-1, item, item + 1))
      loaded = user
      forEachPair(user, (item, pair) => pairOf.fill(pair, item, item + 1))
    },
    of(item) {
      const pair = pairOf[item] ?? -1
      if (pair < 0) return undefined
      const gapDays = gaps.gap[pair] ?? 1
      const lastDay = gaps.lastDay[pair] ?? 0
      const guessedRatio = ((guessed[loaded] ?? 0) - lastDay) / gapDays
      return { times: gaps.times[pair] ?? 1, gapDays, lastDay, guessedRatio }
    },
  }
}

/** The lists in the order that they have on the users' `days`, as serving orders them on the day itself. */
export function reweighed(
  lists: ScoredLists,
  due: DueTimes,
  { days, power }: { days: Float64Array; power: number },
): ScoredLists {
  if (power === 0) return lists
  const { width } = lists
  const item = new Uint32Array(lists.item)
  const score = new Float32Array(lists.score)
  const weightOn = (day: number, one: number) => {
    const own = due.of(one)
    if (!own) return 1
    const { times, gapDays, lastDay } = own
    const weight = dueWeight(due.table, { times, ratio: (day - lastDay) / gapDays })
    return (weight / (lists.hasDates ? due.guessedWeight(own) : 1)) ** power
  }
  for (let user = 0; user * width < item.length; user++) {
    due.load(user)
    const row: { one: number; weighed: number }[] = []
    for (let at = user * width; at < (user + 1) * width; at++) {
      const one = item[at] ?? noItem
      if (one !== noItem) row.push({ one, weighed: (score[at] ?? 0) * weightOn(days[user] ?? 0, one) })
    }
    row.sort((a, b) => b.weighed - a.weighed)
    row.forEach(({ one, weighed }, place) => {
      item[user * width + place] = one
      score[user * width + place] = weighed
    })
    item.fill(noItem, user * width + row.length, (user + 1) * width)
  }
  return { ...lists, item, score }
}
