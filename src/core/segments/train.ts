import type { Database } from '../../db/open'
import { type ClusterChoice, chooseClusters } from '../../ml/cluster-choice'
import { fitBest } from '../../ml/cluster-stability'
import { fitKMeans } from '../../ml/kmeans'
import { type Axis, fitAxes, type MemberColumn, onAxes } from '../../ml/member-space'
import { purchasesAt } from '../../ml/purchases'
import { createRandom, type Random } from '../../ml/random'
import { type MemberValue, scoreRfm } from '../../ml/rfm'
import { figuresByLabel, spendExplained } from '../../ml/segment-figures'
import { buyersOf, tryRules } from '../../ml/segment-trial'
import { nearestCentres, samplePoints } from '../../ml/select-points'
import { silhouette } from '../../ml/silhouette'
import { type ReadHistories, readHistories } from '../churn/read-histories'
import type { TrainContext, TrainResult } from '../training/trainer'
import { memberColumns, tradeOf } from './member-columns'
import { assignMembers, codeNumber, codesFor, packSegments, unpackSegments } from './model'

const BUYERS_NEEDED = 100
/** Every fourth member is held out. */
const HELD_OUT_SHARE = 0.25
/** What the labels claim is held against the last so many days. */
const LATER_DAYS = 90

/** The buyers' columns, and which of them are learnt from and which held out. */
interface Split {
  readonly buyers: Uint32Array
  readonly learnt: Uint32Array
  readonly heldOut: Uint32Array
}

/** Fits the clusters, judged by the silhouette of members held out, beside that of high, mid and low value. */
export async function trainSegments(database: Database, context: TrainContext): Promise<TrainResult> {
  const { at, seed, inUse, onProgress } = context
  const read = await readHistories(database, { at })
  const random = createRandom(seed)
  const everybody = new Float64Array(read.histories.customers)
  const seen = purchasesAt(tradeOf(read.histories), everybody)
  const split = splitBuyers(buyersOf(seen), random.fork('split'))
  const have = split.buyers.length
  if (have < BUYERS_NEEDED) return notEnough({ what: 'members with an order', have, need: BUYERS_NEEDED })
  const columnsAt = (members: Uint32Array) => memberColumns(read.histories, { seen, members, cut: 0 })
  const axes = fitAxes(columnsAt(split.learnt))
  const choice = chooseClusters(onAxes(axes, columnsAt(split.learnt)), {
    random: random.fork('clusters'),
    onProgress: (share) => onProgress(0.9 * share),
  })
  if (!choice) return notEnough({ what: 'kinds of members, told apart by what they bought', have: 1, need: 2 })
  const heldOut = columnsAt(split.heldOut)
  const quality = (labels: ArrayLike<number>) =>
    silhouette(onAxes(axes, heldOut), labels, { random: random.fork('held out') })
  const before = inUse && unpackSegments(inUse.bytes)
  const beforeQuality = before ? quality(assignMembers(before, heldOut)) : Number.NaN
  // Of the same k, from the centres that were judged, on everybody: nothing is gained by not knowing the members held out.
  const { centres } = fitKMeans(onAxes(axes, columnsAt(split.buyers)), choice.fit.centres)
  const codes = codesFor({ axes, centres }, { usedMax: await readUsedMax(database), ...(before ? { before } : {}) })
  const value = quality(nearestCentres(onAxes(axes, heldOut), choice.fit.centres))
  // The model in use knew many of those held out, as this one will: what that is worth is no reason to keep the old one.
  const inUseQuality = beforeQuality - (quality(nearestCentres(onAxes(axes, heldOut), centres)) - value)
  const baseline = quality(valueLabels(seen, split.heldOut))
  return {
    ok: true,
    bytes: packSegments({ axes, codes, centres }),
    ...dataSpan(read),
    split: `every fourth member with an order (${split.heldOut.length} of ${have}); what labels claim: the last ${LATER_DAYS} days`,
    figures: {
      ...figuresOf(choice, axes),
      silhouetteHeldOut: value,
      later: laterFigures(read, choice.chosen.clusters, random.fork('later')),
    },
    judged: {
      figure: 'silhouette of members held out',
      value,
      ...(Number.isNaN(inUseQuality) ? {} : { inUse: inUseQuality }),
      ...(Number.isNaN(baseline) ? {} : { baseline: { name: 'high, mid and low value', value: baseline } }),
    },
  }
}

function notEnough(missing: { what: string; have: number; need: number }): TrainResult {
  return { ok: false, code: 'not-enough-data', missing: [missing] }
}

function splitBuyers(buyers: Uint32Array, random: Random): Split {
  const held = new Set(samplePoints(buyers.length, Math.floor(HELD_OUT_SHARE * buyers.length), random))
  return {
    buyers,
    learnt: buyers.filter((_, place) => !held.has(place)),
    heldOut: buyers.filter((_, place) => held.has(place)),
  }
}

function valueLabels(seen: ReturnType<typeof purchasesAt>, members: Uint32Array): number[] {
  const { value } = scoreRfm(seen)
  const place: Readonly<Record<MemberValue, number>> = { high: 0, mid: 1, low: 2 }
  return Array.from(members, (member) => place[value[member] ?? 'low'])
}

function figuresOf({ chosen, candidates }: ClusterChoice, axes: readonly Axis[]) {
  const { clusters: k, silhouette: onLearnt, stability } = chosen
  return { k, silhouette: onLearnt, stability, candidates, axes: axes.map(({ name }) => name) }
}

/**
 * What groups, stages and clusters as of 90 days before the books date say of the days since: what each spent, and how far
 * what its name claims came true. Null where there is not as much history before that day as after it.
 */
function laterFigures({ histories }: ReadHistories, k: number, random: Random) {
  if (histories.day.reduce((least, day) => Math.min(least, day), 0) > -2 * LATER_DAYS) return null
  const trial = tryRules(tradeOf(histories), { cut: -LATER_DAYS, days: LATER_DAYS })
  const { seen } = trial.labels
  const { buyers, learnt, heldOut } = splitBuyers(buyersOf(seen), random.fork('split'))
  if (buyers.length < BUYERS_NEEDED) return null
  const columnsAt = (members: Uint32Array): MemberColumn[] =>
    memberColumns(histories, { seen, members, cut: -LATER_DAYS })
  const axes = fitAxes(columnsAt(learnt))
  const fit = fitBest(onAxes(axes, columnsAt(learnt)), k, { random })
  const labels = new Array<string | null>(histories.customers).fill(null)
  nearestCentres(onAxes(axes, columnsAt(heldOut)), fit.centres).forEach((cluster, place) => {
    labels[heldOut[place]!] = `cluster ${cluster + 1}`
  })
  const names = Array.from({ length: k }, (_, cluster) => `cluster ${cluster + 1}`)
  return {
    days: LATER_DAYS,
    ...trial.figures,
    clusters: figuresByLabel(labels, names, trial.afterwards),
    spendExplained: { ...trial.figures.spendExplained, clusters: spendExplained(labels, trial.afterwards) },
  }
}

const DAY_MS = 86_400_000

function dataSpan({ histories, booksDates, sourceOf }: ReadHistories): { dataFrom: Date; dataTo: Date } {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let member = 0; member < histories.customers; member++) {
    const books = booksDates[sourceOf[member]!]?.getTime() ?? 0
    for (let i = histories.start[member]!; i < histories.start[member + 1]!; i++) {
      // Day −1 ends at the books date.
      from = Math.min(from, books + histories.day[i]! * DAY_MS)
      to = Math.max(to, books + (histories.day[i]! + 1) * DAY_MS)
    }
  }
  return { dataFrom: new Date(from), dataTo: new Date(to) }
}

/** The highest number that a cluster's code ever had, as far as anything remembers it. */
async function readUsedMax(database: Database): Promise<number> {
  const rows = await database.sql<{ code: string }>`
    select code from segment_cluster union select code from segment_strategy`
  return Math.max(0, ...rows.map(({ code }) => codeNumber(code)))
}
