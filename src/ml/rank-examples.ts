import { binRows } from './boosting-bins'
import type { BinnedRows } from './boosting-tree'
import { type BasketHistory, holdOutLast, type ItemLists } from './next-basket-history'
import { createRandom } from './random'
import type { ExpertOptions } from './rank-experts'
import { type CandidateMaker, fitCandidates } from './rank-features'
import type { RankSources } from './rank-sources'
import { inSharedMemory } from './shared-memory'

export interface ExampleOptions extends ExpertOptions {
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
  readonly rows: number
  readonly features: number
  readonly values: Float32Array
  readonly labels: Uint8Array
  readonly listStart: Uint32Array
}

/** The same with features in bins, which is all that trees are grown on. */
export type BinnedExamples = BinnedRows & Pick<Examples, 'labels' | 'listStart'>

/** Of the members that could be learnt from, the share that is, from the last baskets and from those before. */
const MEMBER_SHARES = [1, 0.5]

/** The histories up to the baskets that are learnt from: without each user's last basket, and without the last two. */
export function historiesBefore(history: BasketHistory): BasketHistory[] {
  const { history: before } = holdOutLast(history)
  return [before, holdOutLast(before).history]
}

/** Runs of users that several threads take one by one until none is left; `next` counts those taken, for each round of them. */
export interface SharedRuns {
  readonly ranges: readonly UserRange[]
  readonly next: Int32Array
}

/** Runs that nobody has taken yet, for so many rounds. */
export function sharedRuns(ranges: readonly UserRange[], rounds: number): SharedRuns {
  return { ranges, next: new Int32Array(new SharedArrayBuffer(rounds * Int32Array.BYTES_PER_ELEMENT)) }
}

/** Takes the next run of a round, as long as there is one. */
export function* takeRuns({ ranges, next }: SharedRuns, round: number): Generator<{ run: number; range: UserRange }> {
  for (;;) {
    const run = Atomics.add(next, round, 1)
    const range = ranges[run]
    if (!range) return
    yield { run, range }
  }
}

/** What the users of one run teach. */
export interface TaughtRun {
  readonly run: number
  readonly examples: Examples
}

/**
 * What the last known baskets of the users teach, and then what those before the last do: a round of `runs` for each. The same
 * whatever runs the users are dealt in. `sources` are those of `historiesBefore`.
 */
export function collectExamples(
  history: BasketHistory,
  options: ExampleOptions,
  runs: SharedRuns,
  sources: readonly RankSources[],
): TaughtRun[][] {
  const found: TaughtRun[][] = []
  let known = history
  for (const [level, one] of sources.entries()) {
    const { history: before, truth } = holdOutLast(known)
    const lesson = { maker: fitCandidates(before, options, one), truth, share: MEMBER_SHARES[level] ?? 1 }
    const taught: TaughtRun[] = []
    for (const { run, range } of takeRuns(runs, level))
      taught.push({ run, examples: examplesOf(lesson, options, range) })
    found.push(taught)
    known = before
  }
  return found
}

function examplesOf(
  { maker, truth, share }: { maker: CandidateMaker; truth: ItemLists; share: number },
  options: ExampleOptions,
  { from, to }: UserRange,
): Examples {
  const { negativeShare = 0.15, seed } = options
  const random = createRandom(seed)
  const { features } = maker
  const users = Array.from({ length: to - from }, (_, k) => from + k).filter(
    (user) => truth.start[user] !== truth.start[user + 1] && random.fork(`member ${user}`).next() < share,
  )
  maker.expect(users)
  let values = new Float32Array(1 << 16)
  const labels: number[] = []
  const listStart = [0]
  for (const user of users) {
    const wanted = new Set(truth.item.subarray(truth.start[user]!, truth.start[user + 1]!))
    const draw = random.fork(user)
    const isWanted = (one: number) => wanted.has(one)
    const isKept = (one: number) => wanted.has(one) || draw.next() < negativeShare
    // Where nothing that is wanted is a candidate, there is no order to learn.
    const { count, item, values: rows } = maker.make(user, isKept, isWanted)
    if (count === 0) continue
    const bought = Array.from({ length: count }, (_, k) => (wanted.has(item[k]!) ? 1 : 0))
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
    rows: labels.length,
    features,
    values: inSharedMemory(values.subarray(0, labels.length * features)),
    labels: Uint8Array.from(labels),
    listStart: Uint32Array.from(listStart),
  }
}

export function binExamples(examples: Examples, edges: readonly Float64Array[]): BinnedExamples {
  const { labels, listStart } = examples
  return { ...binRows(examples, edges), labels, listStart }
}

/** Examples of all ranges, in their order. */
export function joinExamples(parts: readonly BinnedExamples[]): BinnedExamples {
  const { features, edges } = parts[0] ?? { features: 0, edges: [] }
  const rows = parts.reduce((sum, part) => sum + part.rows, 0)
  const bins = new Uint8Array(new SharedArrayBuffer(rows * features))
  const labels = new Uint8Array(rows)
  const listStart = [0]
  let row = 0
  for (const part of parts) {
    bins.set(part.bins, row * features)
    labels.set(part.labels, row)
    for (let list = 1; list < part.listStart.length; list++) listStart.push(row + part.listStart[list]!)
    row += part.rows
  }
  return { rows, features, bins, edges, labels, listStart: Uint32Array.from(listStart) }
}
