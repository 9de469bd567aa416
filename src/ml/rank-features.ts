import { fitItemKnn, scoreByItems } from './item-knn'
import { fitDueCurve, nextBasketDays, repurchaseGaps } from './next-basket-due'
import { type BasketHistory, byCount } from './next-basket-history'
import type { NextBasketModel } from './next-basket-model'
import { fitCompany, fitTransitions } from './next-basket-transitions'
import { userVectors } from './next-basket-vectors'
import { ScoreBoard } from './rank-board'
import { itemFacts, userFactNames, userFacts } from './rank-item-facts'
import { fitTifuKnn, type TifuKnnOptions } from './tifuknn'
import { fitUserCf, type UserCfOptions } from './user-cf'

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

export interface CandidateOptions {
  userCf?: UserCfOptions
  tifuKnn?: TifuKnnOptions
}

/** How many candidates each source gives, and at most. */
const FROM = { userCf: 80, tifuKnn: 40, transitions: 40, itemKnn: 20, company: 20, own: 60, discovery: 20 }
const CANDIDATES_MAX = 260

const pairNames = ['times', 'share', 'basketsSince', 'gap', 'gapRatio', 'due'] as const
const itemNames = [
  'popularity',
  'recentPopularity',
  'trend',
  'repurchaseRate',
  'discovery',
  'itemBasketSize',
  'itemGap',
] as const
const expertNames = ['userCf', 'tifuKnn', 'transitions', 'itemKnn', 'company'] as const

/** Fits every source of candidates to a history, and readies what their features need. */
export function fitCandidates(history: BasketHistory, options: CandidateOptions = {}): CandidateMaker {
  const owned = userVectors(history, () => 1)
  const similar = fitItemKnn(owned, { options: { neighbours: 100, shrinkage: 10, asymmetry: 0.7 } })
  const experts: { model: NextBasketModel; from: number }[] = [
    { model: fitUserCf(history, options.userCf), from: FROM.userCf },
    { model: fitTifuKnn(history, options.tifuKnn), from: FROM.tifuKnn },
    { model: fitTransitions(history), from: FROM.transitions },
    { model: { scoreUser: (user, board) => scoreByItems(similar, user, owned, board) }, from: FROM.itemKnn },
    { model: fitCompany(history), from: FROM.company },
  ]
  const boards = experts.map(() => new ScoreBoard(history.items))
  const chosen = new ScoreBoard(history.items)
  const facts = itemFacts(history)
  const discoveries = byCount(facts.discovery).subarray(0, FROM.discovery)
  const pairs = pairFeatures(history)
  const users = userFacts(history)
  const names = [
    ...expertNames.flatMap((name) => [`${name}Share`, `${name}Rank`, name]),
    ...pairNames,
    ...itemNames,
    ...userFactNames,
  ]
  const features = names.length
  const width = userFactNames.length
  const candidates: Candidates = {
    count: 0,
    item: new Uint32Array(CANDIDATES_MAX),
    values: new Float64Array(CANDIDATES_MAX * features),
  }
  const top = new Uint32Array(Math.max(...experts.map(({ from }) => from)))
  const addTop = (board: ScoreBoard, from: number) => {
    const found = board.top(from, top)
    for (let k = 0; k < found; k++) chosen.add(top[k]!, 1)
  }
  return {
    features,
    names,
    make(user) {
      experts.forEach(({ model, from }, k) => {
        boards[k]!.clear()
        model.scoreUser(user, boards[k]!)
        addTop(boards[k]!, from)
      })
      pairs.load(user)
      pairs.addOwn(chosen, FROM.own)
      for (const item of discoveries) chosen.add(item, 1)
      candidates.count = Math.min(CANDIDATES_MAX, chosen.count)
      for (let k = 0; k < candidates.count; k++) candidates.item[k] = chosen.touched[k]!
      chosen.clear()
      boards.forEach((board, k) => {
        writeExpert(board, candidates, { features, at: 3 * k })
      })
      const { values } = candidates
      for (let k = 0; k < candidates.count; k++) {
        const item = candidates.item[k]!
        let at = pairs.write(item, values, k * features + 3 * experts.length)
        values[at++] = facts.popularity[item]!
        values[at++] = facts.recentPopularity[item]!
        values[at++] = facts.recentPopularity[item]! / (facts.popularity[item]! + 1e-4)
        values[at++] = facts.repurchaseRate[item]!
        values[at++] = facts.discovery[item]!
        values[at++] = facts.basketSize[item]!
        values[at++] = pairs.itemGap[item]!
        for (let k = 0; k < width; k++) values[at++] = users[user * width + k]!
      }
      return candidates
    },
  }
}

/** Writes the share of the best score, the rank among the candidates and the score itself. */
function writeExpert(
  board: ScoreBoard,
  { count, item, values }: Candidates,
  { features, at }: { features: number; at: number },
): void {
  const order = new Float64Array(count)
  for (let k = 0; k < count; k++) order[k] = board.values[item[k]!]!
  order.sort()
  const best = count > 0 ? order[count - 1]! : 0
  for (let k = 0; k < count; k++) {
    const score = board.values[item[k]!]!
    // Equal scores share the best rank.
    let low = 0
    let high = count
    while (low < high) {
      const middle = (low + high) >> 1
      if (order[middle]! > score) high = middle
      else low = middle + 1
    }
    const place = k * features + at
    values[place] = best > 0 ? score / best : 0
    values[place + 1] = count - low
    values[place + 2] = score
  }
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
