import { type BasketHistory, holdOutLast, type ItemLists } from './next-basket-history'
import { type NextBasketModel, recommendLists } from './next-basket-model'
import { rankFigures } from './rank-metrics'

/** What may be tried for each option, in the order in which they are settled. */
export type Choices<Options> = { readonly [Name in keyof Options]?: readonly Options[Name][] }

export interface TuneSetting<Options> {
  start: Options
  choices: Choices<Options>
  fit(history: BasketHistory, options: Options): NextBasketModel
  /** About how many users to measure on, spread evenly; all are neighbours. */
  usersMax: number
}

/**
 * Chooses options on the last known baskets, one option after the other (twice around), by recall and nDCG within ten.
 * `history` must not hold what the result is measured on.
 */
export function tuneOptions<Options extends object>(history: BasketHistory, setting: TuneSetting<Options>): Options {
  const { history: before, truth: all } = holdOutLast(history)
  const step = Math.max(1, Math.floor(history.users / setting.usersMax))
  const users = Uint32Array.from({ length: Math.ceil(history.users / step) }, (_, k) => k * step)
  const truth = onlyUsers(all, step)
  const measured = new Map<string, number>()
  const measure = (options: Options): number => {
    const key = JSON.stringify(options)
    const known = measured.get(key)
    if (known !== undefined) return known
    const lists = recommendLists(setting.fit(before, options), before, { width: 10, users })
    const { recall10, ndcg10Min } = rankFigures(lists, truth)
    measured.set(key, recall10 + ndcg10Min)
    return recall10 + ndcg10Min
  }
  let best = setting.start
  for (let round = 0; round < 2; round++) {
    for (const name of Object.keys(setting.choices) as (keyof Options)[]) {
      for (const value of setting.choices[name] ?? []) {
        const tried = { ...best, [name]: value }
        if (measure(tried) > measure(best)) best = tried
      }
    }
  }
  return best
}

function onlyUsers({ start, item }: ItemLists, step: number): ItemLists {
  const keptStart = new Uint32Array(start.length)
  const kept: number[] = []
  for (let user = 0; user + 1 < start.length; user++) {
    if (user % step === 0) for (let at = start[user]!; at < start[user + 1]!; at++) kept.push(item[at]!)
    keptStart[user + 1] = kept.length
  }
  return { start: keptStart, item: Uint32Array.from(kept) }
}
