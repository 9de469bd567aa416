import { shuffle } from '../src/ml/folds'
import type { NextBasketModel } from '../src/ml/next-basket-model'
import { createRandom, type Random } from '../src/ml/random'
import { fitEaseTopN, fitItemKnnTopN, fitPopularity, newItemLists, topNFigures } from '../src/ml/rank-top-n'
import { type Ratings, ratingMatrix, selectRatings } from '../src/ml/ratings'
import type { SparseRows } from '../src/ml/spline-basis'
import { fitUserCfOnItems } from '../src/ml/user-cf'
import type { Bench } from './bench'
import { positiveNumber, positiveWhole } from './options'
import { runPeer } from './peers/peer'
import { drawRatings, movieLensShape } from './ratings-drawn'
import { readRatings } from './ratings-file'
import { projectRoot } from './scratch'

interface Options {
  ratings?: string
  testRatio: number
  k: number
  penalty?: number
  seed: number
}

const PENALTIES = [100, 200, 400, 800]

/** Top-N recommendation of new items: ratings as likes, split at random. */
export const topN: Bench = {
  name: 'top-n',
  summary: 'which new items a user likes: popularity, item neighbours, user neighbours, EASE',
  options: [
    {
      flags: '--ratings <file>',
      describe: 'user, item, rating, time; drawn in the shape of MovieLens 100K when absent',
    },
    { flags: '--test-ratio <share>', describe: 'share of ratings held out', fallback: 0.25, parse: positiveNumber },
    { flags: '--k <n>', describe: 'length of the lists', fallback: 10, parse: positiveWhole },
    {
      flags: '--penalty <n>',
      describe: "EASE's ridge; chosen within the training part when absent",
      parse: positiveNumber,
    },
    { flags: '--seed <n>', describe: 'seed of the split', fallback: 1, parse: positiveWhole },
  ],
  async run(raw, context) {
    const options = raw as unknown as Options
    const random = createRandom(options.seed)
    const all = options.ratings ? readRatings(options.ratings) : drawRatings(random.fork('ratings'), movieLensShape)
    const { train, test } = split(all, options.testRatio, random.fork('split'))
    const [userItems, heldOut] = [likes(train), likes(test)]
    context.say(
      `${all.value.length} ratings${options.ratings ? '' : ' (drawn)'}, ${all.users} users, ${all.items} items; ` +
        `${heldOut.index.length} held out, lists of ${options.k}`,
    )
    const begun = performance.now()
    const penalty = options.penalty ?? choosePenalty(train, options.k, random.fork('penalty'))
    const tuneSeconds = (performance.now() - begun) / 1000
    context.say(`  EASE's penalty: ${penalty} (${tuneSeconds.toFixed(2)} s)`)
    const methods: Record<string, (matrix: SparseRows) => NextBasketModel> = {
      popularity: fitPopularity,
      'item-knn': (matrix) => fitItemKnnTopN(matrix),
      'user-cf': (matrix) => fitUserCfOnItems(matrix),
      ease: (matrix) => fitEaseTopN(matrix, { penalty }),
    }
    const results: Record<string, object> = {}
    for (const [name, fit] of Object.entries(methods)) {
      const start = performance.now()
      const model = fit(userItems)
      const fitSeconds = (performance.now() - start) / 1000
      const figures = topNFigures(newItemLists(model, userItems, options.k), heldOut, options.k)
      results[name] = { ...figures, fitSeconds }
      context.say(
        `  ${name.padEnd(12)} ndcg ${figures.ndcg.toFixed(4)}  map ${figures.map.toFixed(4)}  ` +
          `precision ${figures.precision.toFixed(4)}  recall ${figures.recall.toFixed(4)}  fit ${fitSeconds.toFixed(2)} s`,
      )
    }
    const peer = await peerFigures(userItems, heldOut, { k: options.k, say: context.say })
    return { drawn: !options.ratings, penalty, tuneSeconds, methods: results, ...(peer ? { peers: peer } : {}) }
  },
}

async function peerFigures(
  userItems: SparseRows,
  heldOut: SparseRows,
  { k, say }: { k: number; say(line: string): void },
): Promise<Record<string, object> | undefined> {
  const job = { items: userItems.columns, start: [...userItems.start], index: [...userItems.index], k }
  const peer = await runPeer<{ fitSeconds: number; lists: number[] }>('top_n.py', job, { root: projectRoot(), say })
  if (!peer) return undefined
  const figures = topNFigures({ width: k, item: Uint32Array.from(peer.lists) }, heldOut, k)
  say(`  implicit     ndcg ${figures.ndcg.toFixed(4)}  (its item-kNN, cosine)  fit ${peer.fitSeconds.toFixed(2)} s`)
  return { implicitItemKnn: { ...figures, fitSeconds: peer.fitSeconds } }
}

function split(all: Ratings, testRatio: number, random: Random): { train: Ratings; test: Ratings } {
  const rows = Array.from(all.value, (_, row) => row)
  shuffle(rows, random)
  const held = Math.round(Math.min(1, testRatio) * rows.length)
  return { train: selectRatings(all, rows.slice(held)), test: selectRatings(all, rows.slice(0, held)) }
}

/** Any rating says that the user took to the item. */
function likes(ratings: Ratings): SparseRows {
  return ratingMatrix(ratings, new Float64Array(ratings.value.length).fill(1))
}

function choosePenalty(train: Ratings, k: number, random: Random): number {
  const inner = split(train, 0.25, random)
  const [userItems, heldOut] = [likes(inner.train), likes(inner.test)]
  let best = { penalty: PENALTIES[0]!, ndcg: -1 }
  for (const penalty of PENALTIES) {
    const { ndcg } = topNFigures(newItemLists(fitEaseTopN(userItems, { penalty }), userItems, k), heldOut, k)
    if (ndcg > best.ndcg) best = { penalty, ndcg }
  }
  return best.penalty
}
