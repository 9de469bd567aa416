import { type BasketHistory, byCount, itemCounts } from './next-basket-history'
import { openBlocks, type UserBlocks } from './rank-blocks'
import { ScoreBoard } from './rank-board'
import { openColumns } from './rank-columns'
import { type Expert, type ExpertOptions, fitExperts } from './rank-experts'
import { itemFacts, userFactNames, userFacts } from './rank-item-facts'
import { pairFactNames, pairFacts } from './rank-pair-facts'
import { fitRankSources, type RankSources } from './rank-sources'
import { timeFactNames, timeFacts } from './rank-time-facts'

/** Items worth ranking for one user, with what is known of each. */
export interface Candidates {
  count: number
  readonly item: Uint32Array
  /** `features` numbers a candidate. */
  readonly values: Float32Array
}

export interface CandidateMaker {
  readonly features: number
  readonly names: readonly string[]
  /** The users that candidates will be made for next, in their order. */
  expect(users: ArrayLike<number>): void
  /**
   * The candidates of a user, or those of them that `isKept`; none, where no one `isNeeded`. Overwritten by the next call.
   */
  make(user: number, isKept?: (item: number) => boolean, isNeeded?: (item: number) => boolean): Candidates
}

/** How many candidates a user's own items and what is new to most give. */
const FROM = { own: 60, discovery: 20 }
/** So many are ranked: those that most sources name, of equal ones what is bought more. */
export const CANDIDATES_MAX = 120

const itemNames = [
  'popularity',
  'recentPopularity',
  'trend',
  'repurchaseRate',
  'discovery',
  'timesABuyer',
  'itemBasketSize',
  'itemGap',
  'overTaste',
  'votes',
] as const

/** Fits every source of candidates to a history, and readies what their features need. */
export function fitCandidates(
  history: BasketHistory,
  options: ExpertOptions = {},
  sources: RankSources = fitRankSources(history),
): CandidateMaker {
  const { times } = sources
  const experts = fitExperts(history, options, sources)
  const popularFirst = placesByCount(history)
  const blocks = openBlocks(experts, history.items, popularFirst)
  const facts = itemFacts(history)
  const discoveries = byCount(facts.discovery).subarray(0, FROM.discovery)
  const pairs = pairFacts(history)
  const users = userFacts(history)
  const seasons = timeFacts(history, times)
  const timely = experts.flatMap(({ isTimely }, k) => (isTimely ? [k] : []))
  const names = namesOf(experts, timely)
  const features = names.length
  const counts = itemCounts(history)
  const width = userFactNames.length
  const taste = userFactNames.indexOf('taste')
  const values = new Float32Array(CANDIDATES_MAX * features)
  const choose = openChoice(history, { blocks, popularFirst, pairs, discoveries })
  const all = new Uint32Array(CANDIDATES_MAX)
  const votes = new Uint8Array(CANDIDATES_MAX)
  const kept = new Uint32Array(CANDIDATES_MAX)
  const column = openColumns(values, features)
  const scores = experts.map(() => new Float64Array(CANDIDATES_MAX))
  const timelyScores = new Float64Array(CANDIDATES_MAX)
  const season = new Float64Array(CANDIDATES_MAX)
  return {
    features,
    names,
    expect: blocks.expect,
    make(user, isKept = () => true, isNeeded) {
      const count = choose(user, all, votes)
      if (isNeeded && !all.subarray(0, count).some((item) => isNeeded(item))) return { count: 0, item: kept, values }
      column.load(count, (k) => isKept(all[k]!))
      blocks.write(all, count, scores)
      for (let k = 0; k < scores.length; k++) column.writeExpert(scores[k]!, 3 * k)
      for (let k = 0; k < count; k++) season[k] = seasons.seasonOf(user, all[k]!)
      timely.forEach((expert, place) => {
        for (let k = 0; k < count; k++) timelyScores[k] = scores[expert]![k]! * Math.sqrt(season[k]!)
        column.writeRanks(timelyScores, 3 * experts.length + place)
      })
      let rows = 0
      for (; rows < column.kept.count; rows++) {
        const item = all[column.kept.place[rows]!]!
        kept[rows] = item
        let at = pairs.write(item, values, rows * features + 3 * experts.length + timely.length)
        values[at++] = facts.popularity[item]!
        values[at++] = facts.recentPopularity[item]!
        values[at++] = facts.recentPopularity[item]! / (facts.popularity[item]! + 1e-4)
        values[at++] = facts.repurchaseRate[item]!
        values[at++] = facts.discovery[item]!
        values[at++] = facts.timesABuyer[item]!
        values[at++] = facts.basketSize[item]!
        values[at++] = pairs.itemGap[item]!
        values[at++] = Math.log(counts[item]! + 1) - users[user * width + taste]!
        values[at++] = votes[column.kept.place[rows]!]!
        for (let k = 0; k < width; k++) values[at++] = users[user * width + k]!
        seasons.write(user, item, season[column.kept.place[rows]!]!, values, at)
      }
      return { count: rows, item: kept, values }
    },
  }
}

function namesOf(experts: readonly Expert[], timely: readonly number[]): string[] {
  return [
    ...experts.flatMap(({ name }) => [`${name}Share`, `${name}Rank`, name]),
    ...timely.map((k) => `${experts[k]!.name}Timely`),
    ...pairFactNames,
    ...itemNames,
    ...userFactNames,
    ...timeFactNames,
  ]
}

/** Each item's place where those bought more come first: the order of numbers may tell of times to come. */
function placesByCount(history: BasketHistory): Uint32Array {
  const place = new Uint32Array(history.items)
  byCount(itemCounts(history)).forEach((item, at) => {
    place[item] = at
  })
  return place
}

/** Chooses a user's candidates and opens the user's scores; gives how many were written. */
function openChoice(
  history: BasketHistory,
  { blocks, popularFirst, pairs, discoveries }: Sources,
): (user: number, into: Uint32Array, votes: Uint8Array) => number {
  const { items } = history
  const chosen = new ScoreBoard(items)
  const atPlace = new Uint32Array(items)
  for (let item = 0; item < items; item++) atPlace[popularFirst[item]!] = item
  const order = new Float64Array(CANDIDATES_MAX)
  return (user, into, votes) => {
    blocks.open(user)
    blocks.vote(chosen)
    pairs.load(user)
    pairs.addOwn(chosen, FROM.own)
    for (const item of discoveries) chosen.add(item, 1)
    const count = chosen.best(into.length, into, popularFirst)
    // What more sources name comes first, of equal ones what is bought more: where learning knows no better, so it stays.
    for (let k = 0; k < count; k++) order[k] = popularFirst[into[k]!]! - chosen.values[into[k]!]! * items
    order.subarray(0, count).sort()
    for (let k = 0; k < count; k++) {
      const behind = order[k]! % items
      into[k] = atPlace[behind < 0 ? behind + items : behind]!
      votes[k] = chosen.values[into[k]!]!
    }
    chosen.clear()
    return count
  }
}

interface Sources {
  readonly blocks: UserBlocks
  readonly popularFirst: Uint32Array
  readonly pairs: ReturnType<typeof pairFacts>
  readonly discoveries: Uint32Array
}
