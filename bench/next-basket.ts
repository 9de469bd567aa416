import { withDueWeights } from '../src/ml/next-basket-due'
import { fitGlobalFrequency, fitPersonalFrequency } from '../src/ml/next-basket-frequency'
import { type BasketHistory, holdOutLast } from '../src/ml/next-basket-history'
import { type NextBasketModel, recommendLists } from '../src/ml/next-basket-model'
import { fitTransitions } from '../src/ml/next-basket-transitions'
import { tuneOptions } from '../src/ml/next-basket-tuning'
import { type RankedLists, rankFigures } from '../src/ml/rank-metrics'
import { rankInParallel } from '../src/ml/rank-parallel'
import { fitTifuKnn, type TifuKnnOptions, tifuKnnDefaults } from '../src/ml/tifuknn'
import { fitUserCf, type UserCfOptions, userCfDefaults } from '../src/ml/user-cf'
import type { Bench, BenchContext } from './bench'
import { readHistory } from './next-basket-file'
import { oneOf, positiveWhole } from './options'

const methods = [
  'global-frequency',
  'personal-frequency',
  'recent-frequency',
  'transitions',
  'user-cf',
  'user-cf-due',
  'tifu-knn',
  'tifu-knn-due',
  'ranker',
] as const
type Method = (typeof methods)[number]

interface Options {
  history: string
  future?: string
  method?: Method
  tuneUsers: number
  threads: number
  seed: number
}

interface Tuned {
  userCf: UserCfOptions
  tifuKnn: TifuKnnOptions
  decay: number
}

/** Next-basket recommendation, every method on the same split; options are chosen on the last known baskets. */
export const nextBasket: Bench = {
  name: 'next-basket',
  summary: 'what members buy next: every method on the last basket, with options chosen on the one before',
  options: [
    {
      flags: '--history <file>',
      describe: 'baskets as {user: [[-1], basket, …, [-1]]}, json or json.gz',
      required: true,
    },
    { flags: '--future <file>', describe: 'the baskets after it; without it, the last basket is held out' },
    { flags: '--method <name>', describe: `one of ${methods.join(', ')}; all when absent`, parse: oneOf(...methods) },
    { flags: '--tune-users <n>', describe: 'users to choose options on', fallback: 3000, parse: positiveWhole },
    { flags: '--threads <n>', describe: 'worker threads of the re-ranker', fallback: 2, parse: positiveWhole },
    { flags: '--seed <n>', describe: 'seed of the re-ranker', fallback: 1, parse: positiveWhole },
  ],
  async run(raw, context) {
    const options = raw as unknown as Options
    const read = readHistory(options.history, options.future)
    const { history, truth } = read.future ? { history: read.history, truth: read.future } : holdOutLast(read.history)
    context.say(
      `${history.users} users, ${history.items} items, ${history.day.length} baskets known; foretold: ` +
        (read.future ? 'the basket of the future file' : 'the last basket of the history'),
    )
    const wanted = options.method ? [options.method] : methods
    const tuned = tune(history, options, wanted, context)
    context.say(`  ${'method'.padEnd(20)} recall10 recall20 ndcg10Min ndcg10Whole  phr10   fit s score s`)
    const results: Record<string, object> = {}
    for (const method of wanted) {
      const { lists, fitSeconds, scoreSeconds } = await measureMethod(method, history, { tuned, ...options })
      const figures = { ...rankFigures(lists, truth), fitSeconds, scoreSeconds }
      results[method] = figures
      context.say(
        `  ${method.padEnd(20)} ${figures.recall10.toFixed(4).padStart(8)} ${figures.recall20.toFixed(4).padStart(8)} ` +
          `${figures.ndcg10Min.toFixed(4).padStart(9)} ${figures.ndcg10Whole.toFixed(4).padStart(11)} ` +
          `${figures.phr10.toFixed(4).padStart(6)} ${fitSeconds.toFixed(2).padStart(7)} ${scoreSeconds.toFixed(2).padStart(7)}`,
      )
    }
    return { split: read.future ? 'future-file' : 'last-basket', tuned, methods: results }
  },
}

function tune(
  history: BasketHistory,
  { tuneUsers: usersMax }: Options,
  wanted: readonly Method[],
  { say }: BenchContext,
): Tuned & { seconds: number } {
  const begun = performance.now()
  const needs = (...names: string[]) => wanted.some((method) => names.some((name) => method.startsWith(name)))
  const userCf = needs('user-cf', 'ranker')
    ? tuneOptions<UserCfOptions>(history, {
        start: userCfDefaults,
        choices: { asymmetry: [0, 0.25, 0.5], locality: [2, 5, 10], recencyBaskets: [5, 25, 100] },
        fit: fitUserCf,
        usersMax,
      })
    : userCfDefaults
  const tifuKnn = needs('tifu-knn')
    ? tuneOptions<TifuKnnOptions>(history, {
        start: tifuKnnDefaults,
        choices: {
          ownShare: [0.1, 0.2, 0.5],
          withinDecay: [0.9, 1],
          groupDecay: [0.7, 0.9],
          groupSize: [3, 7, 15],
          neighbours: [100, 300, 900],
        },
        fit: fitTifuKnn,
        usersMax,
      })
    : tifuKnnDefaults
  const { decay } = tuneOptions<{ decay: number }>(history, {
    start: { decay: 0.9 },
    choices: { decay: [0.7, 0.8, 0.9, 0.95] },
    fit: fitPersonalFrequency,
    usersMax,
  })
  const seconds = (performance.now() - begun) / 1000
  say(`  options chosen in ${seconds.toFixed(1)} s: ${JSON.stringify({ userCf, tifuKnn, decay })}`)
  return { userCf, tifuKnn, decay, seconds }
}

/** Fits, and makes everybody's lists. */
async function measureMethod(
  method: Method,
  history: BasketHistory,
  { tuned, seed, threads }: Pick<Options, 'seed' | 'threads'> & { tuned: Tuned },
): Promise<{ lists: RankedLists; fitSeconds: number; scoreSeconds: number }> {
  const begun = performance.now()
  let fitted = begun
  const learnt = () => {
    fitted = performance.now()
  }
  const width = 20
  let lists: RankedLists
  if (method === 'ranker') {
    lists = await rankInParallel(history, { userCf: tuned.userCf, seed }, { width, threads, learnt })
  } else {
    const model = fitMethod(method, history, tuned)
    learnt()
    lists = recommendLists(model, history, { width })
  }
  return { lists, fitSeconds: (fitted - begun) / 1000, scoreSeconds: (performance.now() - fitted) / 1000 }
}

function fitMethod(method: Exclude<Method, 'ranker'>, history: BasketHistory, tuned: Tuned): NextBasketModel {
  switch (method) {
    case 'global-frequency':
      return fitGlobalFrequency(history)
    case 'personal-frequency':
      return fitPersonalFrequency(history)
    case 'recent-frequency':
      return fitPersonalFrequency(history, { decay: tuned.decay })
    case 'transitions':
      return fitTransitions(history)
    case 'user-cf':
      return fitUserCf(history, tuned.userCf)
    case 'user-cf-due':
      return withDueWeights(fitUserCf(history, tuned.userCf), history)
    case 'tifu-knn':
      return fitTifuKnn(history, tuned.tifuKnn)
    case 'tifu-knn-due':
      return withDueWeights(fitTifuKnn(history, tuned.tifuKnn), history)
  }
}
