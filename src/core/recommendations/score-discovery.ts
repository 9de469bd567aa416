import type { Database } from '../../db/open'
import type { Tx } from '../../db/sql'
import { basketReasons, binaryRows } from '../../ml/basket-reasons'
import { ScoreBoard } from '../../ml/rank-board'
import type { ScoreContext, ScoreResult, Trainer } from '../training/trainer'
import { type Baskets, memberBlocks, readBaskets } from './read-baskets'
import { activeMembers, evidenceFor } from './score-next-basket'
import { DISCOVERY, fitDiscovery, readDiscoveryModel, trainDiscovery } from './train-discovery'
import { ifReadable } from './train-next-basket'
import { clearMemberItems, type MemberItem, writeMemberItems } from './write-member-items'

const ITEMS = 20

/** What members never bought and may like: chosen on what was new in their last baskets, scored into `member_item`. */
export const discoveryTrainer: Trainer = {
  kind: DISCOVERY.kind,
  says: 'what each member never bought and may like',
  train: trainDiscovery,
  score: scoreDiscovery,
}

async function scoreDiscovery(database: Database, { at, model, onProgress }: ScoreContext): Promise<ScoreResult> {
  const readable = model && ifReadable(() => readDiscoveryModel(model))
  if (!readable) {
    await clearMemberItems(database, { kind: 'new' })
    return { members: 0, items: 0 }
  }
  const chosen = readable
  const blocks = await memberBlocks(database)
  let members = 0
  async function* makeParts(tx: Tx) {
    for (const block of blocks) {
      const baskets = await readBaskets(tx, { at, block })
      if (!baskets) continue
      const active = activeMembers(baskets)
      members += active.length
      yield itemsOf(baskets, { chosen, active })
      onProgress((block.number + 1) / block.of)
    }
  }
  const items = await writeMemberItems(database, makeParts, { kind: 'new', modelId: model.id, at })
  return { members, items, method: chosen.method }
}

function* itemsOf(
  baskets: Baskets,
  { chosen, active }: { chosen: ReturnType<typeof readDiscoveryModel>; active: readonly number[] },
): Generator<MemberItem> {
  const { history, items, sources, memberIds } = baskets
  const userItems = binaryRows(history)
  const model = fitDiscovery(chosen, userItems)
  const reasons = basketReasons(history)
  const scored = new ScoreBoard(history.items)
  const fresh = new ScoreBoard(history.items)
  const ownedBy = new Int32Array(history.items).fill(-1)
  const top = new Uint32Array(ITEMS)
  for (const user of active) {
    for (const item of userItems.index.subarray(userItems.start[user], userItems.start[user + 1])) ownedBy[item] = user
    model.scoreUser(user, scored)
    for (const item of scored.touched.subarray(0, scored.count)) {
      const score = scored.values[item] ?? 0
      if (ownedBy[item] !== user && score > 0 && items[item]?.source === sources[user]) fresh.add(item, score)
    }
    const found = fresh.top(ITEMS, top)
    const best = fresh.values[top[0] ?? 0] ?? 1
    reasons.load(user)
    for (const item of top.subarray(0, found)) {
      const score = (fresh.values[item] ?? 0) / best
      const evidence = evidenceFor(baskets, reasons, item)
      yield { memberId: memberIds[user] ?? '', sku: items[item]?.sku ?? '', score, ...evidence }
    }
    scored.clear()
    fresh.clear()
  }
}
