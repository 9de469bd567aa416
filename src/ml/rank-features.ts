import { type BasketTimes, fitBasketTimes } from './basket-times'
import { fitDueCurve, nextBasketDays, repurchaseGaps } from './next-basket-due'
import { type BasketHistory, byCount } from './next-basket-history'
import { ScoreBoard } from './rank-board'
import { type Expert, type ExpertOptions, fitExperts } from './rank-experts'
import { itemFacts, userFactNames, userFacts } from './rank-item-facts'
import { timeFactNames, timeFacts } from './rank-time-facts'

/** Items worth ranking for one user, with what is known of each. */
export interface Candidates {
  count: number
  readonly item: Uint32Array
  /** `features` numbers a candidate. */
  readonly values: Float64Array
}

export interface CandidateMaker {
  readonly features: number
  readonly names: readonly string[]
  /** The candidates of a user; overwritten by the next call. */
  make(user: number): Candidates
}

/** How many candidates a user's own items and what is new to most give, and how many there are at most. */
const FROM = { own: 60, discovery: 20 }
const CANDIDATES_MAX = 320

const pairNames = ['times', 'share', 'basketsSince', 'gap', 'gapRatio', 'due'] as const
const itemNames = [
  'popularity',
  'recentPopularity',
  'trend',
  'repurchaseRate',
  'discovery',
  'timesABuyer',
  'itemBasketSize',
  'itemGap',
] as const

/** Fits every source of candidates to a history, and readies what their features need. */
export function fitCandidates(
  history: BasketHistory,
  options: ExpertOptions = {},
  times: BasketTimes = fitBasketTimes(history),
): CandidateMaker {
  const experts = fitExperts(history, options, times)
  const boards = experts.map(() => new ScoreBoard(history.items))
  const facts = itemFacts(history)
  const discoveries = byCount(facts.discovery).subarray(0, FROM.discovery)
  const pairs = pairFeatures(history)
  const users = userFacts(history)
  const seasons = timeFacts(history, times)
  const timely = experts.flatMap(({ isTimely }, k) => (isTimely ? [k] : []))
  const names = [
    ...experts.flatMap(({ name }) => [`${name}Share`, `${name}Rank`, name]),
    ...timely.map((k) => `${experts[k]!.name}Timely`),
    ...pairNames,
    ...itemNames,
    ...userFactNames,
    ...timeFactNames,
  ]
  const features = names.length
  const width = userFactNames.length
  const candidates: Candidates = {
    count: 0,
    item: new Uint32Array(CANDIDATES_MAX),
    values: new Float64Array(CANDIDATES_MAX * features),
  }
  const { item: items, values } = candidates
  const choose = openChoice(history, { experts, boards, pairs, discoveries })
  const scores = new Float64Array(CANDIDATES_MAX)
  const season = new Float64Array(CANDIDATES_MAX)
  return {
    features,
    names,
    make(user) {
      candidates.count = choose(user, items)
      const { count } = candidates
      boards.forEach((board, expert) => {
        for (let k = 0; k < count; k++) scores[k] = board.values[items[k]!]!
        writeExpert(scores, candidates, { features, at: 3 * expert })
      })
      for (let k = 0; k < count; k++) season[k] = Math.sqrt(seasons.seasonOf(user, items[k]!))
      timely.forEach((expert, place) => {
        for (let k = 0; k < count; k++) scores[k] = boards[expert]!.values[items[k]!]! * season[k]!
        writeRanks(scores, candidates, { features, at: 3 * experts.length + place })
      })
      for (let k = 0; k < count; k++) {
        const item = items[k]!
        let at = pairs.write(item, values, k * features + 3 * experts.length + timely.length)
        values[at++] = facts.popularity[item]!
        values[at++] = facts.recentPopularity[item]!
        values[at++] = facts.recentPopularity[item]! / (facts.popularity[item]! + 1e-4)
        values[at++] = facts.repurchaseRate[item]!
        values[at++] = facts.discovery[item]!
        values[at++] = facts.timesABuyer[item]!
        values[at++] = facts.basketSize[item]!
        values[at++] = pairs.itemGap[item]!
        for (let k = 0; k < width; k++) values[at++] = users[user * width + k]!
        seasons.write(user, item, values, at)
      }
      return candidates
    },
  }
}

/** Chooses a user's candidates, leaving the experts' scores on their boards; gives how many were written. */
function openChoice(
  { items }: BasketHistory,
  { experts, boards, pairs, discoveries }: Sources,
): (user: number, into: Uint32Array) => number {
  const chosen = new ScoreBoard(items)
  const top = new Uint32Array(Math.max(...experts.map(({ from }) => from)))
  return (user, into) => {
    experts.forEach(({ model, from }, k) => {
      const board = boards[k]!
      board.clear()
      model.scoreUser(user, board)
      const found = board.top(from, top)
      for (let place = 0; place < found; place++) chosen.add(top[place]!, 1)
    })
    pairs.load(user)
    pairs.addOwn(chosen, FROM.own)
    for (const item of discoveries) chosen.add(item, 1)
    const count = Math.min(into.length, chosen.count)
    for (let k = 0; k < count; k++) into[k] = chosen.touched[k]!
    chosen.clear()
    return count
  }
}

interface Sources {
  readonly experts: readonly Expert[]
  readonly boards: readonly ScoreBoard[]
  readonly pairs: ReturnType<typeof pairFeatures>
  readonly discoveries: Uint32Array
}

interface Column {
  readonly features: number
  readonly at: number
}

/** Writes the share of the best score, the rank among the candidates and the score itself, for each candidate. */
function writeExpert(scores: Float64Array, candidates: Candidates, { features, at }: Column): void {
  const best = writeRanks(scores, candidates, { features, at: at + 1 })
  const { count, values } = candidates
  for (let k = 0; k < count; k++) {
    values[k * features + at] = best > 0 ? scores[k]! / best : 0
    values[k * features + at + 2] = scores[k]!
  }
}

/** Writes the ranks of the candidates, equal scores sharing the best one; gives the best score. */
function writeRanks(scores: Float64Array, { count, values }: Candidates, { features, at }: Column): number {
  const order = scores.slice(0, count).sort()
  for (let k = 0; k < count; k++) {
    let low = 0
    let high = count
    while (low < high) {
      const middle = (low + high) >> 1
      if (order[middle]! > scores[k]!) high = middle
      else low = middle + 1
    }
    values[k * features + at] = count - low
  }
  return count > 0 ? order[count - 1]! : 0
}

/** What a user did with an item before; zeros and blanks where nothing. */
function pairFeatures(history: BasketHistory) {
  const gaps = repurchaseGaps(history)
  const days = nextBasketDays(history)
  const curve = fitDueCurve(history)
  const { userStart } = history
  const pairOf = new Int32Array(history.items).fill(-1)
  const since = basketsSince(history, gaps)
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
      for (const pair of own.slice(0, countMax)) board.add(gaps.item[pair]!, 1)
    },
    write(item: number, into: Float64Array, offset: number): number {
      let at = offset
      const pair = pairOf[item]!
      if (pair < 0) {
        into[at++] = 0
        into[at++] = 0
        for (let k = 0; k < 3; k++) into[at++] = Number.NaN
        into[at++] = 1
        return at
      }
      const ratio = (days[loaded]! - gaps.lastDay[pair]!) / gaps.gap[pair]!
      into[at++] = gaps.times[pair]!
      into[at++] = gaps.times[pair]! / (userStart[loaded + 1]! - userStart[loaded]!)
      into[at++] = since[pair]!
      into[at++] = gaps.gap[pair]!
      into[at++] = ratio
      into[at++] = curve.weight(gaps.times[pair]!, ratio)
      return at
    },
  }
}

/** How many baskets the user bought since the one with the item, for each pair. */
function basketsSince({ users, userStart, day }: BasketHistory, gaps: ReturnType<typeof repurchaseGaps>): Uint16Array {
  const since = new Uint16Array(gaps.item.length)
  for (let user = 0; user < users; user++) {
    for (let pair = gaps.start[user]!; pair < gaps.start[user + 1]!; pair++) {
      let basket = userStart[user + 1]! - 1
      while (basket > userStart[user]! && day[basket]! > gaps.lastDay[pair]!) basket -= 1
      since[pair] = userStart[user + 1]! - 1 - basket
    }
  }
  return since
}
