import type { Database } from '../../db/open'
import { type BasketReasons, basketReasons } from '../../ml/basket-reasons'
import { noItem } from '../../ml/rank-metrics'
import type { ScoreContext, ScoreResult, Trainer } from '../training/trainer'
import { type DueTimes, dueTimes } from './due-curve'
import { listsOf, type ScoredLists } from './next-basket-methods'
import { refreshProductHabits } from './product-habits'
import { type Baskets, readBaskets } from './read-baskets'
import { NEXT_BASKET, readNextBasketModel, trainNextBasket } from './train-next-basket'
import { type MemberItem, writeMemberItems } from './write-member-items'

/** Of more members, those who bought last are scored; the others are served by the floor. */
export const SCORED_MEMBERS_MAX = 100_000
/** Who bought nothing for longer is not scored, but still says what goes with what. */
export const ACTIVE_DAYS = 365
const ITEMS = 50

/** What members buy next: trained on their last baskets, scored into `member_item`. */
export const nextBasketTrainer: Trainer = {
  kind: NEXT_BASKET.kind,
  says: 'what each member may buy next, and when it is due',
  train: trainNextBasket,
  score: scoreNextBasket,
}

/**
 * Lists the 50 items that each active member may want next, with what is known of them, and counts which products are
 * bought again at all. Where no model is in use, earlier lists are taken away and the floor serves.
 */
async function scoreNextBasket(database: Database, context: ScoreContext): Promise<ScoreResult> {
  const { at, threads, seed, model, onProgress } = context
  const products = await refreshProductHabits(database)
  const baskets = model && (await readBaskets(database, { at, membersMax: SCORED_MEMBERS_MAX, members: 'latest' }))
  if (!model || !baskets) {
    await writeMemberItems(database, [], { kind: 'next' })
    return { products, members: 0, items: 0 }
  }
  onProgress(0.1)
  const { method, due: power, options } = readNextBasketModel(model)
  const lists = await listsOf(method, baskets.history, { options, width: ITEMS, threads, seed })
  onProgress(0.7)
  const due = dueTimes(baskets.history)
  const reasons = basketReasons(baskets.history)
  const active = activeMembers(baskets)
  const items = await writeMemberItems(database, itemsOf(baskets, { lists, active, due, power, reasons }), {
    kind: 'next',
    scoring: { modelId: model.id, at, dueCurve: due.table.map((weight) => weight ** power) },
  })
  onProgress(1)
  return { products, members: active.length, items, method }
}

/** The users who bought anything within a year to their books date. */
export function activeMembers({ history }: Baskets): number[] {
  const { users, userStart, day } = history
  return Array.from({ length: users }, (_, user) => user).filter(
    (user) => (day[(userStart[user + 1] ?? 0) - 1] ?? Number.NEGATIVE_INFINITY) > -ACTIVE_DAYS,
  )
}

function* itemsOf(
  baskets: Baskets,
  {
    lists: { width, item, score, hasDates },
    active,
    due,
    power,
    reasons,
  }: { lists: ScoredLists; active: readonly number[]; due: DueTimes; power: number; reasons: BasketReasons },
): Generator<MemberItem> {
  for (const user of active) {
    due.load(user)
    reasons.load(user)
    for (let at = user * width; at < (user + 1) * width; at++) {
      const one = item[at] ?? noItem
      const product = baskets.items[one]
      // A list may be filled up with what another source's members buy.
      if (!product || product.source !== baskets.sources[user]) continue
      const row = { memberId: baskets.memberIds[user] ?? '', sku: product.sku, score: score[at] ?? 0 }
      const own = due.of(one)
      if (own) {
        yield { ...row, gapDays: own.gapDays, dueWeight: hasDates ? due.guessedWeight(own) ** power : 1 }
      } else {
        yield { ...row, ...evidenceFor(baskets, reasons, one) }
      }
    }
  }
}

/** What speaks for an item that the loaded user never bought. */
export function evidenceFor(
  { items }: Baskets,
  reasons: BasketReasons,
  item: number,
): Pick<MemberItem, 'nearBuyers' | 'withSku' | 'withBuyers'> {
  const company = reasons.goesWith(item)
  const withSku = company && items[company.item]?.sku
  return {
    nearBuyers: reasons.nearBuyers(item),
    ...(company && withSku !== undefined ? { withSku, withBuyers: company.buyers } : {}),
  }
}
