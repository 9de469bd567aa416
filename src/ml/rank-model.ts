import { type Boosting, fitBoosting } from './boosting'
import { rankLoss } from './boosting-loss'
import { openScorer } from './boosting-scorer'
import { type BasketHistory, holdOutLast, type ItemLists } from './next-basket-history'
import { type NextBasketModel, recommendLists } from './next-basket-model'
import { createRandom } from './random'
import { selectBest } from './rank-board'
import type { ExpertOptions } from './rank-experts'
import { CANDIDATES_MAX, fitCandidates } from './rank-features'
import type { RankedLists } from './rank-metrics'
import { fitRankSources, type RankSources } from './rank-sources'

export interface RankOptions extends ExpertOptions {
  trees?: number
  learningRate?: number
  leavesMax?: number
  /** The share of candidates not bought that is learnt from. */
  negativeShare?: number
  seed: number
}

/** Users from `from` up to, not including, `to`. */
export interface UserRange {
  from: number
  to: number
}

/** Candidates to learn from: rows of features, whether each was bought, and where each user's rows begin. */
export interface Examples {
  readonly features: number
  readonly values: Float32Array
  readonly labels: Uint8Array
  readonly listStart: Uint32Array
}

/** So many boosted models are fitted on lists drawn apart, and their scores added; several can be fitted side by side. */
export const RANK_PARTS = 4

/**
 * A learned re-ranker: boosted trees over what all other methods know of each candidate. It learns from each user's last two
 * known baskets, with everything it looks at measured on the baskets before, and then looks at all baskets. What is to be
 * foretold is never seen.
 */
export function fitRanker(history: BasketHistory, options: RankOptions): NextBasketModel {
  const before = historiesBefore(history).map(fitRankSources)
  const examples = joinExamples(collectExamples(history, options, { from: 0, to: history.users }, before))
  const boostings = Array.from({ length: RANK_PARTS }, (_, part) => learnRanking(examples, options, part))
  return rankerOf(boostings, history, options)
}

/** The histories up to the baskets that are learnt from: without each user's last basket, and without the last two. */
export function historiesBefore(history: BasketHistory): BasketHistory[] {
  const { history: before } = holdOutLast(history)
  return [before, holdOutLast(before).history]
}

/**
 * What the last known baskets of these users teach, and then what those before the last do. The same whatever ranges the
 * users are dealt in. `sources` are those of `historiesBefore`.
 */
export function collectExamples(
  history: BasketHistory,
  options: RankOptions,
  range: UserRange,
  sources: readonly RankSources[],
): Examples[] {
  const found: Examples[] = []
  let known = history
  for (const one of sources) {
    const { history: before, truth } = holdOutLast(known)
    found.push(examplesOf({ before, truth, sources: one }, options, range))
    known = before
  }
  return found
}

function examplesOf(
  { before, truth, sources }: { before: BasketHistory; truth: ItemLists; sources: RankSources },
  options: RankOptions,
  { from, to }: UserRange,
): Examples {
  const { negativeShare = 0.25, seed } = options
  const maker = fitCandidates(before, options, sources)
  const random = createRandom(seed)
  const { features } = maker
  const users = Array.from({ length: to - from }, (_, k) => from + k).filter(
    (user) => truth.start[user] !== truth.start[user + 1],
  )
  maker.expect(users)
  let values = new Float32Array(1 << 16)
  const labels: number[] = []
  const listStart = [0]
  for (const user of users) {
    const wanted = new Set(truth.item.subarray(truth.start[user]!, truth.start[user + 1]!))
    const draw = random.fork(user)
    const { count, item, values: rows } = maker.make(user, (one) => wanted.has(one) || draw.next() < negativeShare)
    const bought = Array.from({ length: count }, (_, k) => (wanted.has(item[k]!) ? 1 : 0))
    // Where nothing that is wanted is a candidate, there is no order to learn.
    if (!bought.includes(1)) continue
    const offset = labels.length * features
    if (offset + count * features > values.length) {
      const larger = new Float32Array(2 * (offset + count * features))
      larger.set(values)
      values = larger
    }
    values.set(rows.subarray(0, count * features), offset)
    labels.push(...bought)
    listStart.push(labels.length)
  }
  return {
    features,
    values: shared(values.subarray(0, labels.length * features)),
    labels: Uint8Array.from(labels),
    listStart: Uint32Array.from(listStart),
  }
}

/** Examples of all ranges, in their order. */
export function joinExamples(parts: readonly Examples[]): Examples {
  const features = parts[0]?.features ?? 0
  const rows = parts.reduce((sum, { labels }) => sum + labels.length, 0)
  const values = new Float32Array(new SharedArrayBuffer(4 * rows * features))
  const labels = new Uint8Array(rows)
  const listStart = [0]
  let row = 0
  for (const part of parts) {
    values.set(part.values, row * features)
    labels.set(part.labels, row)
    for (let list = 1; list < part.listStart.length; list++) listStart.push(row + part.listStart[list]!)
    row += part.labels.length
  }
  return { features, values, labels, listStart: Uint32Array.from(listStart) }
}

/** A copy that threads can hand to one another without copying it again. */
function shared(values: Float32Array): Float32Array {
  const copy = new Float32Array(new SharedArrayBuffer(values.byteLength))
  copy.set(values)
  return copy
}

/** Learns which candidates are bought; `part` tells apart models that differ only in what is drawn by chance. */
export function learnRanking(examples: Examples, options: RankOptions, part: number): Boosting {
  const { trees = 45, learningRate = 0.15, leavesMax = 31, seed } = options
  const { features, values, labels, listStart } = examples
  return fitBoosting({ rows: labels.length, features, values }, rankLoss(labels, listStart, LOSS), {
    trees,
    learningRate,
    leavesMax,
    leafWeightMin: 1,
    rowShare: 0.4,
    featureShare: 0.5,
    random: createRandom(seed).fork(`boosting ${part}`),
  })
}

const LOSS = { pairs: 0.35, lists: 0.3, first: 15 }

/** The first trees tell most: after so many rounds only the best candidates go on, and the others stay behind those. */
const FIRST_ROUNDS = 8
const GO_ON = 50
const STAY_BEHIND = -1e6

/** Ranks by what was learnt before, over candidates from all known baskets. */
export function rankerOf(
  boostings: readonly Boosting[],
  history: BasketHistory,
  options: ExpertOptions,
  sources?: RankSources,
): NextBasketModel {
  const maker = fitCandidates(history, options, sources)
  const scorer = openScorer(boostings)
  const first = Math.min(FIRST_ROUNDS, scorer.rounds)
  const all = Int32Array.from({ length: CANDIDATES_MAX }, (_, row) => row)
  const rows = new Int32Array(CANDIDATES_MAX)
  const scores = new Float64Array(CANDIDATES_MAX)
  const onward = new Float64Array(GO_ON)
  return {
    expect: maker.expect,
    scoreUser(user, board) {
      const { count, item, values } = maker.make(user)
      scorer.load(values, count, maker.features)
      scores.fill(0)
      scorer.add(all, count, scores, { from: 0, to: first })
      rows.set(all)
      const chosen = Math.min(count, GO_ON)
      selectBest(rows, count, chosen, scores)
      for (let k = 0; k < chosen; k++) onward[k] = scores[rows[k]!]!
      scorer.add(rows, chosen, onward, { from: first, to: scorer.rounds })
      for (let k = 0; k < count; k++) {
        board.add(item[rows[k]!]!, k < chosen ? onward[k]! : scores[rows[k]!]! + STAY_BEHIND)
      }
    },
  }
}

/** The lists of a range of users; the first row is that of `from`. */
export function rankRange(
  boostings: readonly Boosting[],
  history: BasketHistory,
  options: ExpertOptions & UserRange & { width: number; sources: RankSources },
): RankedLists {
  const { from, to, width, sources } = options
  const users = Uint32Array.from({ length: to - from }, (_, k) => from + k)
  const { item } = recommendLists(rankerOf(boostings, history, options, sources), history, { width, users })
  return { width, item: item.slice(from * width, to * width) }
}
