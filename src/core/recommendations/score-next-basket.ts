import type { Database } from '../../db/open'
import type { Tx } from '../../db/sql'
import { type BasketReasons, basketReasons } from '../../ml/basket-reasons'
import { noItem } from '../../ml/rank-metrics'
import type { ScoreContext, ScoreResult, Trainer } from '../training/trainer'
import { type DueTimes, dueTimes } from './due-curve'
import { listsOf, type ScoredLists } from './next-basket-methods'
import { refreshProductHabits } from './product-habits'
import { type Baskets, memberBlocks, readBaskets } from './read-baskets'
import { ifReadable, NEXT_BASKET, readNextBasketModel, trainNextBasket } from './train-next-basket'
import { clearMemberItems, type MemberItem, writeMemberItems } from './write-member-items'

/** Who bought nothing for longer is not scored, but still says what goes with what. */
const ACTIVE_DAYS = 365
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
 * bought again at all. Where no model is in use, or one that only an older release could read, earlier lists are taken away
 * and the floor serves.
 */
async function scoreNextBasket(database: Database, context: ScoreContext): Promise<ScoreResult> {
  const { at, threads, seed, model, onProgress } = context
  const products = await refreshProductHabits(database)
  const chosen = model && ifReadable(() => readNextBasketModel(model))
  if (!chosen) {
    await clearMemberItems(database, { kind: 'next' })
    return { products, members: 0, items: 0 }
  }
  const { method, due: power, dueCurve, options } = chosen
  const blocks = await memberBlocks(database)
  let members = 0
  async function* makeParts(tx: Tx) {
    for (const block of blocks) {
      const baskets = await readBaskets(tx, { at, block })
      if (!baskets) continue
      const { history } = baskets
      const lists = await listsOf(method, history, { options, width: ITEMS, threads, seed })
      const active = activeMembers(baskets)
      members += active.length
      const about = { due: dueTimes(history, dueCurve), power, reasons: basketReasons(history) }
      yield itemsOf(baskets, { lists, active, ...about })
      onProgress((block.number + 1) / block.of)
    }
  }
  const items = await writeMemberItems(database, makeParts, {
    kind: 'next',
    modelId: model.id,
    at,
    dueCurve: power > 0 ? dueCurve.map((weight) => weight ** power) : [],
  })
  return { products, members, items, method }
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
