import { InvalidArgumentError } from 'commander'
import { shuffle } from '../src/ml/folds'
import { createRandom } from '../src/ml/random'
import { fitBaselineRatings, type RatingModel, type Ratings, selectRatings } from '../src/ml/ratings'
import { fitFusedRatings } from '../src/ml/ratings-fused'
import { fitItemRatings, fitUserRatings } from '../src/ml/ratings-knn'
import type { Bench } from './bench'
import { positiveWhole } from './options'
import { drawRatings, movieLensShape } from './ratings-drawn'
import { readRatings } from './ratings-file'

interface Options {
  ratings?: string
  folds: number
  seed: number
}

const methods: Record<string, (ratings: Ratings) => RatingModel> = {
  baseline: fitBaselineRatings,
  'user-knn': fitUserRatings,
  'item-knn': fitItemRatings,
  fused: fitFusedRatings,
}

/** Rating prediction by cross-validation. */
export const ratings: Bench = {
  name: 'ratings',
  summary: 'what a user would give an item: offsets, user and item neighbours, and both fused',
  options: [
    {
      flags: '--ratings <file>',
      describe: 'user, item, rating, time; drawn in the shape of MovieLens 100K when absent',
    },
    { flags: '--folds <n>', describe: 'parts of which each is tested once', fallback: 5, parse: positiveWhole },
    { flags: '--seed <n>', describe: 'seed of the folds', fallback: 1, parse: positiveWhole },
  ],
  async run(raw, { say }) {
    const options = raw as unknown as Options
    const random = createRandom(options.seed)
    const all = options.ratings ? readRatings(options.ratings) : drawRatings(random.fork('ratings'), movieLensShape)
    if (options.folds < 2) throw new InvalidArgumentError(`--folds ${options.folds} given, allowed: 2 or more`)
    const rows = Array.from(all.value, (_, row) => row)
    shuffle(rows, random.fork('folds'))
    say(`${all.value.length} ratings${options.ratings ? '' : ' (drawn)'}, ${all.users} users, ${all.items} items`)
    const results: Record<string, object> = {}
    for (const [name, fit] of Object.entries(methods)) {
      const figures = crossValidate(all, rows, { folds: options.folds, fit })
      results[name] = figures
      say(
        `  ${name.padEnd(10)} rmse ${figures.rmse.toFixed(4)}  mae ${figures.mae.toFixed(4)}  ${figures.seconds.toFixed(2)} s`,
      )
    }
    return { drawn: !options.ratings, methods: results }
  },
}

function crossValidate(
  all: Ratings,
  rows: number[],
  { folds, fit }: { folds: number; fit: (ratings: Ratings) => RatingModel },
): { rmse: number; mae: number; seconds: number } {
  const begun = performance.now()
  let [squares, absolutes] = [0, 0]
  for (let fold = 0; fold < folds; fold++) {
    const model = fit(
      selectRatings(
        all,
        rows.filter((_, k) => k % folds !== fold),
      ),
    )
    for (let k = fold; k < rows.length; k += folds) {
      const row = rows[k]!
      const error = model.predict(all.user[row]!, all.item[row]!) - all.value[row]!
      squares += error * error
      absolutes += Math.abs(error)
    }
  }
  return {
    rmse: Math.sqrt(squares / rows.length),
    mae: absolutes / rows.length,
    seconds: (performance.now() - begun) / 1000,
  }
}
