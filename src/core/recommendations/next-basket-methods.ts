import { z } from 'zod'
import { fitGlobalFrequency, fitPersonalFrequency } from '../../ml/next-basket-frequency'
import { type BasketHistory, byCount, itemCounts } from '../../ml/next-basket-history'
import type { NextBasketModel } from '../../ml/next-basket-model'
import { tuneOptions } from '../../ml/next-basket-tuning'
import { ScoreBoard } from '../../ml/rank-board'
import { noItem } from '../../ml/rank-metrics'
import { rankInParallel } from '../../ml/rank-parallel'
import { fitTifuKnn, tifuKnnDefaults } from '../../ml/tifuknn'
import { fitUserCf, userCfDefaults } from '../../ml/user-cf'

/** The ways to foretell a basket, the simplest first: of two that are as good the earlier is chosen. */
export const nextBasketMethods = [
  'global-frequency',
  'personal-frequency',
  'recent-frequency',
  'user-cf',
  'tifu-knn',
  'ranker',
] as const
export type NextBasketMethod = (typeof nextBasketMethods)[number]

/** Options of all methods, as they were chosen on the merchant's own data. */
export const nextBasketOptions = z.object({
  decay: z.number(),
  userCf: z.object({
    recencyBaskets: z.number(),
    asymmetry: z.number(),
    locality: z.number(),
    neighboursMax: z.number(),
  }),
  tifuKnn: z.object({
    neighbours: z.number(),
    groupSize: z.number(),
    withinDecay: z.number(),
    groupDecay: z.number(),
    ownShare: z.number(),
  }),
})
export type NextBasketOptions = z.infer<typeof nextBasketOptions>

/** Chooses the options of each method on the last baskets of `history`, measured on about `usersMax` of its users. */
export function tuneMethods(
  history: BasketHistory,
  { usersMax, onProgress }: { usersMax: number; onProgress: (share: number) => void },
): NextBasketOptions {
  const { decay } = tuneOptions<{ decay: number }>(history, {
    start: { decay: 0.9 },
    choices: { decay: [0.7, 0.8, 0.9, 0.95] },
    fit: fitPersonalFrequency,
    usersMax,
  })
  onProgress(0.1)
  const userCf = tuneOptions<NextBasketOptions['userCf']>(history, {
    start: userCfDefaults,
    choices: { asymmetry: [0, 0.25, 0.5], locality: [1, 2, 5, 10], recencyBaskets: [5, 25, 100] },
    fit: fitUserCf,
    usersMax,
  })
  onProgress(0.5)
  const tifuKnn = tuneOptions<NextBasketOptions['tifuKnn']>(history, {
    start: tifuKnnDefaults,
    choices: {
      ownShare: [0.2, 0.5, 0.8],
      withinDecay: [0.9, 1],
      groupDecay: [0.7, 0.9],
      groupSize: [3, 7, 15],
      neighbours: [100, 300],
    },
    fit: fitTifuKnn,
    usersMax,
  })
  onProgress(1)
  return { decay, userCf, tifuKnn }
}

/** Each user's best items with their scores, best first; row u of `width` places, `noItem` where there is none. */
export interface ScoredLists {
  readonly width: number
  readonly item: Uint32Array
  /** Above 0 and at most 1, the user's best item having 1. */
  readonly score: Float32Array
  /** Whether the dates of the next baskets, as the ranker guessed them, are in the scores. */
  readonly hasDates: boolean
}

/** Fits one method to the history and lists what every user may want next. */
export async function listsOf(
  method: NextBasketMethod,
  history: BasketHistory,
  { options, width, threads, seed }: { options: NextBasketOptions; width: number; threads: number; seed: number },
): Promise<ScoredLists> {
  if (method === 'ranker') {
    const { item } = await rankInParallel(history, { userCf: options.userCf, seed }, { width, threads })
    // Its scores say nothing but the order, so that places are discounted as nDCG does.
    return { width, item, score: Float32Array.from(item, (_, at) => 1 / Math.log2((at % width) + 2)), hasDates: true }
  }
  const model = fitMethod(method, history, options)
  const item = new Uint32Array(history.users * width).fill(noItem)
  const score = new Float32Array(item.length)
  const board = new ScoreBoard(history.items)
  // Ties go to what is bought more.
  const place = new Uint32Array(history.items)
  byCount(itemCounts(history)).forEach((one, at) => {
    place[one] = at
  })
  for (let user = 0; user < history.users; user++) {
    model.scoreUser(user, board)
    const from = user * width
    const found = board.top(width, item, from, place)
    const best = board.values[item[from] ?? 0] ?? 0
    for (let at = from; at < from + found; at++) score[at] = (board.values[item[at] ?? 0] ?? 0) / best
    board.clear()
  }
  return { width, item, score, hasDates: false }
}

function fitMethod(
  method: Exclude<NextBasketMethod, 'ranker'>,
  history: BasketHistory,
  { decay, userCf, tifuKnn }: NextBasketOptions,
): NextBasketModel {
  switch (method) {
    case 'global-frequency':
      return fitGlobalFrequency(history)
    case 'personal-frequency':
      return fitPersonalFrequency(history)
    case 'recent-frequency':
      return fitPersonalFrequency(history, { decay })
    case 'user-cf':
      return fitUserCf(history, userCf)
    case 'tifu-knn':
      return fitTifuKnn(history, tifuKnn)
  }
}
