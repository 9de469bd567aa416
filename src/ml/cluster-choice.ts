import { bootstrapStability, fitBest } from './cluster-stability'
import { fitKMeans, type KMeans, type PointSet } from './kmeans'
import type { Random } from './random'
import { samplePoints, selectPoints } from './select-points'
import { silhouette } from './silhouette'

/** How well one number of clusters fits. */
export interface ClusterCandidate {
  readonly clusters: number
  readonly silhouette: number
  /** Mean ARI of refits on bootstrap samples. */
  readonly stability: number
}

export interface ClusterChoice {
  readonly fit: KMeans
  readonly chosen: ClusterCandidate
  readonly candidates: readonly ClusterCandidate[]
}

/** Below this ARI, a retrain on other members of the same shop would deal them out otherwise. */
export const STABLE_FROM = 0.9

export interface ChoiceOptions {
  readonly random: Random
  readonly clustersMin?: number
  readonly clustersMax?: number
  /** The number is chosen on as many points as this at the most; the fit that is kept is on all. */
  readonly sampleMax?: number
  readonly resamples?: number
  readonly onProgress?: (share: number) => void
}

/** Silhouettes of samples differ by so much by chance: then the fewer clusters are the better ones to work with. */
const AS_GOOD_AS = 0.02

/**
 * Tries each number of clusters: of those that bootstrap samples find again (mean ARI from .90) it takes the fewest whose
 * silhouette is as good as the best; where none is stable, the most stable. Two are tried only where more are not to be
 * had: the silhouette nearly always likes two best, and "more or less of everything" is what the RFM scores say already.
 * Null where the points are too few or too alike for two clusters.
 */
export function chooseClusters(set: PointSet, options: ChoiceOptions): ClusterChoice | null {
  const { random, clustersMin = 3, clustersMax = 8, sampleMax = 5_000, resamples = 20, onProgress } = options
  const sample = selectPoints(set, samplePoints(set.points, sampleMax, random.fork('sample')))
  const most = Math.min(clustersMax, distinctPoints(sample, clustersMax))
  if (most < 2) return null
  const least = Math.min(clustersMin, most)
  const tried: Tried[] = []
  for (let clusters = least; clusters <= most; clusters++) {
    tried.push(tryClusters(sample, clusters, { random: random.fork(clusters), resamples }))
    onProgress?.(tried.length / (most - least + 1))
  }
  if (least > 2 && !tried.some(isStable)) tried.unshift(tryClusters(sample, 2, { random: random.fork(2), resamples }))
  const { candidate: chosen, fit } = choose(tried)
  return {
    // From the sample's centres, since fresh starts on all points might end in other clusters than were judged.
    fit: sample.points === set.points ? fit : fitKMeans(set, fit.centres),
    chosen,
    candidates: tried.map(({ candidate }) => candidate),
  }
}

interface Tried {
  readonly candidate: ClusterCandidate
  readonly fit: KMeans
}

function choose(tried: readonly Tried[]): Tried {
  const stable = tried.filter(isStable)
  if (stable.length === 0) {
    return tried.reduce((best, each) => (each.candidate.stability > best.candidate.stability ? each : best))
  }
  const best = Math.max(...stable.map(({ candidate }) => candidate.silhouette))
  return stable.find(({ candidate }) => candidate.silhouette >= best - AS_GOOD_AS) ?? (stable[0] as Tried)
}

function isStable({ candidate }: Tried): boolean {
  return candidate.stability >= STABLE_FROM
}

function tryClusters(
  set: PointSet,
  clusters: number,
  { random, resamples }: { random: Random; resamples: number },
): Tried {
  const fit = fitBest(set, clusters, { random: random.fork('fit') })
  const candidate = {
    clusters,
    silhouette: silhouette(set, fit.assignment, { random: random.fork('silhouette') }),
    stability: bootstrapStability(set, fit, { random: random.fork('bootstrap'), resamples }),
  }
  return { candidate, fit }
}

/** How many different points there are, counted up to `most`. */
function distinctPoints({ points, dims, values }: PointSet, most: number): number {
  const seen = new Set<string>()
  for (let i = 0; i < points && seen.size < most; i++) seen.add(values.subarray(i * dims, i * dims + dims).join())
  return seen.size
}
