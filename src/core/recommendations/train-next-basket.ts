import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { Database } from '../../db/open'
import { ModelFileError, packModel, unpackModel } from '../../ml/model-file'
import { type BasketHistory, holdOutLast, type ItemLists } from '../../ml/next-basket-history'
import { recommendLists } from '../../ml/next-basket-model'
import { type RankFigures, rankFigures } from '../../ml/rank-metrics'
import type { StoredModel, TrainContext, TrainResult } from '../training/trainer'
import { fitBuyAgain } from './buy-again-model'
import { dueTimes, reweighed } from './due-curve'
import {
  listsOf,
  type NextBasketMethod,
  type NextBasketOptions,
  nextBasketMethods,
  nextBasketOptions,
  tuneMethods,
} from './next-basket-methods'
import { memberBlocks, readBaskets } from './read-baskets'

export const NEXT_BASKET = { kind: 'next-basket', version: 2 } as const

const TUNING_MEMBERS_MAX = 1_000
/** Below this, one method being better than another is chance. */
const MEMBERS_MIN = 50
const WIDTH = 50
/** Powers of the weights of due dates that are tried. */
const DUE_POWERS = [0, 0.25, 0.5, 1] as const

const chosenModel = z.object({
  method: z.enum(nextBasketMethods),
  /** How strongly due dates are weighed in: the power of their weights, 0 for not at all. */
  due: z.number(),
  /** Weights of due dates (see `tabulate`), as they were learnt. */
  dueCurve: z.array(z.number()),
  options: nextBasketOptions,
})
/** What training settles: a way to foretell baskets, with its options. What members bought is looked at afresh by scoring. */
export type ChosenNextBasket = z.infer<typeof chosenModel>

/** What the stored bytes hold. Throws `ModelFileError` where they are of another kind or version. */
export function readNextBasketModel({ bytes }: Pick<StoredModel, 'bytes'>): ChosenNextBasket {
  return chosenModel.parse(unpackModel(bytes, NEXT_BASKET).meta)
}

/**
 * Chooses how to foretell what members buy next. Options are tuned and the method is chosen on members' last but one
 * baskets, with what came before; all methods are then measured once on their last baskets, which no choice has seen.
 * Of more than 20,000 members, one block is looked at (see `memberBlocks`): more would teach little more.
 */
export async function trainNextBasket(database: Database, context: TrainContext): Promise<TrainResult> {
  const { at, threads, seed, inUse, onProgress } = context
  const [block] = await memberBlocks(database)
  const baskets = await database.tx((tx) => readBaskets(tx, { at, ...(block ? { block } : {}) }))
  const have = baskets ? membersWithBaskets(baskets.history, 3) : 0
  if (!baskets || have < MEMBERS_MIN) {
    const what = 'members who bought on three days or more within two years'
    return { ok: false, code: 'not-enough-data', missing: [{ what, have, need: MEMBERS_MIN }] }
  }
  onProgress(0.05)
  const { history: known, truth } = holdOutLast(baskets.history)
  const options = tuneMethods(known, {
    usersMax: TUNING_MEMBERS_MAX,
    onProgress: (share) => onProgress(0.05 + 0.45 * share),
  })
  const earlier = holdOutLast(known)
  const earlierOptions = { days: lastDays(known), options, threads, seed }
  const validation = await measureAll(earlier, { ...earlierOptions, powersOf: () => DUE_POWERS })
  onProgress(0.75)
  const { table: dueCurve } = dueTimes(baskets.history)
  const chosen: ChosenNextBasket = { ...best(validation, nextBasketMethods), dueCurve: [...dueCurve], options }
  const powersOf = (method: NextBasketMethod) => [...new Set([0, best(validation, [method]).due])]
  const held = { history: known, truth }
  const test = await measureAll(held, { days: lastDays(baskets.history), options, threads, seed, powersOf })
  onProgress(0.95)
  const before =
    inUse && (await measureInUse(inUse, held, { ...context, all: baskets.history, known: { options, test } }))
  return {
    ok: true,
    bytes: packModel({ ...NEXT_BASKET, meta: chosen, arrays: {} }),
    dataFrom: baskets.dataFrom,
    dataTo: baskets.dataTo,
    split:
      'the last basket (one day of purchases) of each member is held out for the figures and seen as of its day; options and method were chosen on the one before it',
    figures: {
      chosen: { method: chosen.method, due: chosen.due, options },
      members: baskets.history.users,
      test,
      validation,
    },
    judged: {
      figure: 'mean of recall@10 and nDCG@10',
      value: worth(test[nameOf(chosen)]),
      ...(before === undefined ? {} : { inUse: before }),
      baseline: { name: 'buy-again', value: worth(test['buy-again']) },
    },
  }
}

interface Held {
  readonly history: BasketHistory
  readonly truth: ItemLists
}

interface MeasureOptions {
  /** The day as of which each user's basket is foretold. */
  readonly days: Float64Array
  readonly options: NextBasketOptions
  readonly threads: number
  readonly seed: number
}

type Figures = Readonly<Record<string, RankFigures>>

/** Every method on the same held-out baskets, without due dates and with them, and the floor beside them. */
async function measureAll(
  held: Held,
  { powersOf, ...options }: MeasureOptions & { powersOf: (method: NextBasketMethod) => readonly number[] },
): Promise<Figures> {
  const { history, truth } = held
  const floor = recommendLists(fitBuyAgain(history, options.days), history, { width: WIDTH })
  const due = dueTimes(history)
  const figures: Record<string, RankFigures> = { 'buy-again': rankFigures(floor, truth) }
  for (const method of nextBasketMethods) {
    const lists = await listsOf(method, history, { ...options, width: WIDTH })
    for (const power of powersOf(method)) {
      const weighed = reweighed(lists, due, { days: options.days, power })
      figures[nameOf({ method, due: power })] = rankFigures(weighed, truth)
    }
  }
  return figures
}

/** The model in use on the same baskets; what was `known` before, with the same options, is not measured twice. */
async function measureInUse(
  model: StoredModel,
  { history, truth }: Held,
  {
    all,
    threads,
    seed,
    known,
  }: TrainContext & { all: BasketHistory; known: { options: NextBasketOptions; test: Figures } },
): Promise<number | undefined> {
  const chosen = ifReadable(() => readNextBasketModel(model))
  if (!chosen) return undefined
  const { method, due: power, options } = chosen
  const measured = known.test[nameOf(chosen)]
  if (measured && isDeepStrictEqual(options, known.options)) return worth(measured)
  const lists = await listsOf(method, history, { options, threads, seed, width: WIDTH })
  return worth(rankFigures(reweighed(lists, dueTimes(history), { days: lastDays(all), power }), truth))
}

/** The best of these methods, and the power of due dates it is best with. */
function best(figures: Figures, methods: readonly NextBasketMethod[]): Pick<ChosenNextBasket, 'method' | 'due'> {
  let found: { method: NextBasketMethod; due: number; value: number } | undefined
  for (const method of methods) {
    for (const due of DUE_POWERS) {
      const value = worth(figures[nameOf({ method, due })])
      if (!found || value > found.value) found = { method, due, value }
    }
  }
  return { method: found?.method ?? 'personal-frequency', due: found?.due ?? 0 }
}

/** A model that an older release kept is not compared with. */
export function ifReadable<Model>(read: () => Model): Model | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof ModelFileError) return undefined
    throw error
  }
}

function nameOf({ method, due }: Pick<ChosenNextBasket, 'method' | 'due'>): string {
  return due > 0 ? `${method}, due dates to the power of ${due}` : method
}

function worth(figures: RankFigures | undefined): number {
  return figures ? (figures.recall10 + figures.ndcg10Min) / 2 : Number.NaN
}

/** The day of each user's last basket. */
function lastDays({ users, userStart, day }: BasketHistory): Float64Array {
  return Float64Array.from({ length: users }, (_, user) => day[(userStart[user + 1] ?? 0) - 1] ?? 0)
}

function membersWithBaskets({ users, userStart }: BasketHistory, count: number): number {
  let members = 0
  for (let user = 0; user < users; user++) {
    if ((userStart[user + 1] ?? 0) - (userStart[user] ?? 0) >= count) members += 1
  }
  return members
}
