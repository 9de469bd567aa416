import { z } from 'zod'
import type { Database } from '../../db/open'
import { binaryRows } from '../../ml/basket-reasons'
import { fitEase, placesOf, scoreByEase } from '../../ml/ease'
import { packModel, unpackModel } from '../../ml/model-file'
import { type BasketHistory, holdOutLast, type ItemLists } from '../../ml/next-basket-history'
import type { NextBasketModel } from '../../ml/next-basket-model'
import { fitItemKnnTopN, newItemLists, type TopNFigures, topNFigures } from '../../ml/rank-top-n'
import type { SparseRows } from '../../ml/spline-basis'
import { fitUserCfOnItems } from '../../ml/user-cf'
import type { StoredModel, TrainContext, TrainResult } from '../training/trainer'
import { fitLatelyPopular } from './buy-again-model'
import { memberBlocks, readBaskets } from './read-baskets'
import { ifReadable } from './train-next-basket'

export const DISCOVERY = { kind: 'discovery', version: 1 } as const

const MEMBERS_MIN = 50
/** The products most members bought; time grows with the cube of their number, memory with its square (18 MB at 1,500). */
const EASE_ITEMS_MAX = 1_500
const WITHIN = 10

/** What is tried, the simplest first. */
const candidates = [
  { method: 'item-knn', asymmetry: 0.3 },
  { method: 'item-knn', asymmetry: 0.5 },
  { method: 'user-cf', locality: 1 },
  { method: 'user-cf', locality: 3 },
  { method: 'ease', penalty: 50 },
  { method: 'ease', penalty: 200 },
  { method: 'ease', penalty: 1_000 },
] as const

const chosenDiscovery = z.discriminatedUnion('method', [
  z.object({ method: z.literal('item-knn'), asymmetry: z.number() }),
  z.object({ method: z.literal('user-cf'), locality: z.number() }),
  z.object({ method: z.literal('ease'), penalty: z.number() }),
])
type ChosenDiscovery = z.infer<typeof chosenDiscovery>

/** What the stored bytes hold. Throws `ModelFileError` where they are of another kind or version. */
export function readDiscoveryModel({ bytes }: Pick<StoredModel, 'bytes'>): ChosenDiscovery {
  return chosenDiscovery.parse(unpackModel(bytes, DISCOVERY).meta)
}

/**
 * Chooses how to find what a member never bought and may like. The method is chosen on what was new in members' last but
 * one baskets, and all are measured once on what was new in their last. The floor is what most members bought lately.
 */
export async function trainDiscovery(database: Database, context: TrainContext): Promise<TrainResult> {
  const { at, inUse, onProgress } = context
  const [block] = await memberBlocks(database)
  const baskets = await database.tx((tx) => readBaskets(tx, { at, ...(block ? { block } : {}) }))
  const known = baskets && holdOutLast(baskets.history)
  const earlier = known && holdOutLast(known.history)
  const have = earlier ? withNewItems(earlier) : 0
  if (!baskets || !known || !earlier || have < MEMBERS_MIN) {
    const what = 'members who bought on three days or more, the last but one with something new to them'
    return { ok: false, code: 'not-enough-data', missing: [{ what, have, need: MEMBERS_MIN }] }
  }
  const validation = measureAll(earlier, (share) => onProgress(0.5 * share))
  const test = measureAll(known, (share) => onProgress(0.5 + 0.5 * share))
  const chosen = candidates.reduce<ChosenDiscovery>(
    (best, each) => ((validation[nameOf(each)]?.ndcg ?? 0) > (validation[nameOf(best)]?.ndcg ?? 0) ? each : best),
    candidates[0],
  )
  const before = inUse && ifReadable(() => readDiscoveryModel(inUse))
  const beforeValue = before && (test[nameOf(before)] ?? measure(before, known)).ndcg
  return {
    ok: true,
    bytes: packModel({ ...DISCOVERY, meta: chosen, arrays: {} }),
    dataFrom: baskets.dataFrom,
    dataTo: baskets.dataTo,
    split:
      'what was new to each member in the last basket is held out for the figures; the method was chosen on the basket before it',
    figures: { chosen, test, validation },
    judged: {
      figure: 'nDCG@10 of new items',
      value: test[nameOf(chosen)]?.ndcg ?? Number.NaN,
      ...(beforeValue === undefined ? {} : { inUse: beforeValue }),
      baseline: { name: 'popular', value: test.popular?.ndcg ?? Number.NaN },
    },
  }
}

/** Fits a way of discovery to what members ever bought. */
export function fitDiscovery(chosen: ChosenDiscovery, userItems: SparseRows): NextBasketModel {
  switch (chosen.method) {
    case 'item-knn':
      return fitItemKnnTopN(userItems, { neighbours: 100, shrinkage: 10, asymmetry: chosen.asymmetry })
    case 'user-cf':
      return fitUserCfOnItems(userItems, { asymmetry: 0.25, locality: chosen.locality, neighboursMax: 300 })
    case 'ease': {
      const ease = fitEase(userItems, { penalty: chosen.penalty, itemsMax: EASE_ITEMS_MAX })
      const place = placesOf(ease.item, userItems.columns)
      return { scoreUser: (user, board) => scoreByEase(ease, place, user, userItems, board) }
    }
  }
}

interface Held {
  readonly history: BasketHistory
  readonly truth: ItemLists
}

function measureAll(held: Held, onProgress: (share: number) => void): Record<string, TopNFigures> {
  const userItems = binaryRows(held.history)
  const popular = newItemLists(fitLatelyPopular(held.history), userItems, WITHIN)
  const figures: Record<string, TopNFigures> = { popular: topNFigures(popular, newRows(held, userItems), WITHIN) }
  candidates.forEach((each, done) => {
    figures[nameOf(each)] = measure(each, held)
    onProgress((done + 1) / candidates.length)
  })
  return figures
}

function measure(chosen: ChosenDiscovery, held: Held): TopNFigures {
  const userItems = binaryRows(held.history)
  const lists = newItemLists(fitDiscovery(chosen, userItems), userItems, WITHIN)
  return topNFigures(lists, newRows(held, userItems), WITHIN)
}

function nameOf(chosen: ChosenDiscovery): string {
  switch (chosen.method) {
    case 'item-knn':
      return `item-knn, asymmetry ${chosen.asymmetry}`
    case 'user-cf':
      return `user-cf, locality ${chosen.locality}`
    case 'ease':
      return `ease, penalty ${chosen.penalty}`
  }
}

/** What of the held-out baskets the users had never bought. */
function newRows({ history, truth }: Held, owned: SparseRows): SparseRows {
  const start = new Uint32Array(history.users + 1)
  const index: number[] = []
  for (let user = 0; user < history.users; user++) {
    const own = new Set(owned.index.subarray(owned.start[user], owned.start[user + 1]))
    for (const one of truth.item.subarray(truth.start[user], truth.start[user + 1])) if (!own.has(one)) index.push(one)
    start[user + 1] = index.length
  }
  const value = new Float64Array(index.length).fill(1)
  return { rows: history.users, columns: history.items, start, index: Uint32Array.from(index), value }
}

function withNewItems(held: Held): number {
  const { rows, start } = newRows(held, binaryRows(held.history))
  return Array.from({ length: rows }, (_, user) => user).filter((user) => (start[user + 1] ?? 0) > (start[user] ?? 0))
    .length
}
