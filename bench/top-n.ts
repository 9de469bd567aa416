import { type EaseOptions, easeDefaults } from '../src/ml/ease'
import { shuffle } from '../src/ml/folds'
import type { NextBasketModel } from '../src/ml/next-basket-model'
import { createRandom, type Random } from '../src/ml/random'
import { fitEaseTopN, fitItemKnnTopN, fitPopularity, newItemLists, topNFigures } from '../src/ml/rank-top-n'
import { type Ratings, ratingMatrix, selectRatings } from '../src/ml/ratings'
import type { SparseRows } from '../src/ml/spline-basis'
import { fitUserCfOnItems } from '../src/ml/user-cf'
import type { Bench, BenchContext } from './bench'
import { positiveNumber, positiveWhole, properShare } from './options'
import { topNPeers } from './peers/top-n'
import { drawRatings, movieLensShape } from './ratings-drawn'
import { readRatings } from './ratings-file'
import { timed } from './timed'
import { itemKnnAtScale } from './top-n-scale'

interface Options {
  ratings?: string
  drawn?: number
  items: number
  testRatio: number
  k: number
  penalty?: number
  threads: number
  seed: number
}

/** How EASE is fitted, and how much a rating above the mean counts for more, in standard deviations. */
interface Chosen extends EaseOptions {
  strength: number
}

const start: Chosen = { ...easeDefaults, penalty: 300, damping: 0.5, normalisation: 0.15, strength: 0.2 }

/**
 * Top-N recommendation of new items by the protocol that the Recommenders project compares by (BiVAE's figures are from
 * there): ratings are split at random, any held-out rating is relevant whatever its value, items of the training part are
 * left out of the lists, gains are 0 or 1 and the ideal list has min(k, relevant) hits; means are over users with a
 * held-out rating.
 */
export const topN: Bench = {
  name: 'top-n',
  summary: 'which new items a user likes: popularity, item neighbours, user neighbours, EASE',
  options: [
    {
      flags: '--ratings <file>',
      describe: 'user, item, rating, time; drawn in the shape of MovieLens 100K when absent',
    },
    { flags: '--drawn <n>', describe: 'only item neighbours, on so many drawn interactions', parse: positiveWhole },
    { flags: '--items <n>', describe: 'items of --drawn', fallback: 2000, parse: positiveWhole },
    { flags: '--test-ratio <share>', describe: 'share of ratings held out', fallback: 0.25, parse: properShare },
    { flags: '--k <n>', describe: 'length of the lists', fallback: 10, parse: positiveWhole },
    {
      flags: '--penalty <n>',
      describe: "EASE's ridge; chosen within the training part when absent",
      parse: positiveNumber,
    },
    { flags: '--threads <n>', describe: 'threads of the peers', fallback: 2, parse: positiveWhole },
    { flags: '--seed <n>', describe: 'seed of the split', fallback: 1, parse: positiveWhole },
  ],
  run(raw, context) {
    const options = raw as unknown as Options
    const { drawn } = options
    return drawn === undefined ? compareMethods(options, context) : itemKnnAtScale({ ...options, drawn }, context)
  },
}

async function compareMethods(options: Options, context: BenchContext): Promise<object> {
  const { k, seed, threads } = options
  const random = createRandom(seed)
  const all = options.ratings ? readRatings(options.ratings) : drawRatings(random.fork('ratings'), movieLensShape)
  const { train, test } = split(all, options.testRatio, random.fork('split'))
  const [userItems, heldOut] = [likes(train), likes(test)]
  context.say(
    `${all.value.length} ratings${options.ratings ? '' : ' (drawn)'}, ${all.users} users, ${all.items} items; ` +
      `${heldOut.index.length} held out, lists of ${k}`,
  )
  const begun = performance.now()
  const chosen = options.penalty ? { ...start, penalty: options.penalty } : chooseEase(train, k, random.fork('penalty'))
  const tuneSeconds = (performance.now() - begun) / 1000
  context.say(`  EASE: ${JSON.stringify(chosen)} (chosen in ${tuneSeconds.toFixed(2)} s)`)
  const strengths = likes(train, chosen.strength)
  const methods: Record<string, () => NextBasketModel> = {
    popularity: () => fitPopularity(userItems),
    'item-knn': () => fitItemKnnTopN(userItems),
    'user-cf': () => fitUserCfOnItems(userItems),
    ease: () => fitEaseTopN(strengths, chosen),
  }
  const results: Record<string, object> = {}
  const say = (name: string, figures: Figures) =>
    context.say(
      `  ${name.padEnd(18)} ndcg ${figures.ndcg.toFixed(4)}  map ${figures.map.toFixed(4)}  ` +
        `precision ${figures.precision.toFixed(4)}  recall ${figures.recall.toFixed(4)}  fit ${figures.fitSeconds.toFixed(2)} s (${figures.fitCpuSeconds.toFixed(2)} s of CPU)`,
    )
  for (const [name, fit] of Object.entries(methods)) {
    const { result: model, seconds: fitSeconds, cpuSeconds: fitCpuSeconds } = timed(fit)
    const figures = { ...topNFigures(newItemLists(model, userItems, k), heldOut, k), fitSeconds, fitCpuSeconds }
    results[name] = figures
    say(name, figures)
  }
  const peers = await topNPeers(userItems, { k, seed, threads, ease: { ...chosen, userItems: strengths } }, context)
  const peerResults: Record<string, number | object> = {}
  for (const [name, { lists, fitSeconds, fitCpuSeconds }] of Object.entries(peers ?? {})) {
    const figures = { ...topNFigures({ width: k, item: lists }, heldOut, k), fitSeconds, fitCpuSeconds }
    say(name, figures)
    peerResults[`${name}Seconds`] = fitSeconds
    peerResults[`${name}Ndcg`] = figures.ndcg
    peerResults[name] = figures
  }
  return { drawn: !options.ratings, chosen, tuneSeconds, methods: results, ...peerResults }
}

type Figures = ReturnType<typeof topNFigures> & { fitSeconds: number; fitCpuSeconds: number }

function split(all: Ratings, testRatio: number, random: Random): { train: Ratings; test: Ratings } {
  const rows = Array.from(all.value, (_, row) => row)
  shuffle(rows, random)
  const held = Math.round(Math.min(1, testRatio) * rows.length)
  return { train: selectRatings(all, rows.slice(held)), test: selectRatings(all, rows.slice(0, held)) }
}

/** Any rating says that the user took to the item; with a strength, a high one a little more than a low one. */
function likes(ratings: Ratings, strength = 0): SparseRows {
  const { value } = ratings
  const mean = value.reduce((sum, one) => sum + one, 0) / Math.max(1, value.length)
  const spread = Math.sqrt(value.reduce((sum, one) => sum + (one - mean) ** 2, 0) / Math.max(1, value.length)) || 1
  return ratingMatrix(
    ratings,
    value.map((one) => 1 + (strength * (one - mean)) / spread),
  )
}

/** Fewer rows ask for a heavier penalty: little is held out to choose by, and less than this share better is chance. */
const CHOOSING = { heldOut: 0.1, gainMin: 0.02 }

/** One option after another, each by what it foretells of a tenth of the training part. */
function chooseEase(train: Ratings, k: number, random: Random): Chosen {
  const inner = split(train, CHOOSING.heldOut, random)
  const heldOut = likes(inner.test)
  const ndcgOf = (options: Chosen) => {
    const userItems = likes(inner.train, options.strength)
    return topNFigures(newItemLists(fitEaseTopN(userItems, options), userItems, k), heldOut, k).ndcg
  }
  let best = { options: start, ndcg: ndcgOf(start) }
  const tries: Partial<Chosen>[] = [{ strength: 0 }, { penalty: 100 }, { penalty: 900 }]
  for (const change of tries) {
    const options = { ...best.options, ...change }
    const ndcg = ndcgOf(options)
    if (ndcg > (1 + CHOOSING.gainMin) * best.ndcg) best = { options, ndcg }
  }
  return best.options
}
