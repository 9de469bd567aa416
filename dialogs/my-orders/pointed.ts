import type { About, Action, Pointing, Reply, Step, Turn } from '../../src/bot/contract'
import { formatDate, formatShortDate } from '../../src/bot/kit/format'
import { escapeMarkdown, numberedList } from '../../src/bot/kit/markdown'
import { memberIdOf } from '../../src/bot/kit/member'
import { merchantOf } from '../../src/bot/kit/merchant'
import { quickReply } from '../../src/bot/kit/words'
import { findOrder, type MemberOrder } from '../../src/core/orders/read'
import { orderReply, words } from './order'

/** "Where is it", "cancel it", "the same again", after orders were shown. */
export function followUpOf({ kind, ids }: About, asked: Pointing): Action | undefined {
  if (kind !== 'order') return undefined
  if (asked === 'again' || asked === 'buy') return { verb: 'place-order', args: {} }
  if (asked === 'stock') return undefined
  return { verb: 'my-orders', args: { orderIds: ids, asked } }
}

/** What is asked of one of these orders. Which of several is asked back, unless only one is still under way. */
export async function pointedAt(
  turn: Turn,
  ids: readonly string[],
  { cancels }: { cancels: boolean },
): Promise<Step<unknown>> {
  const memberId = memberIdOf(turn)
  const orders: MemberOrder[] = []
  for (const externalId of ids) {
    const order = await findOrder(turn.db, { memberId, externalId })
    if (order) orders.push(order)
  }
  const underWay = orders.filter(isUnderWay)
  const [order, ...others] = underWay.length > 0 ? underWay : orders
  if (!order) return { say: [], next: { kind: 'start', conversation: 'my-orders' } }
  if (others.length > 0) return end(await which(turn, [order, ...others], { cancels }))
  return cancels ? cancelling(turn, order) : end(await orderReply(turn, order))
}

function isUnderWay({ kind, status }: MemberOrder): boolean {
  return kind === 'sale' && (status === 'placed' || status === 'shipped')
}

/** How far it is, which says what can be done; then how that is done. Nothing is cancelled in a chat. */
async function cancelling(turn: Turn, order: MemberOrder): Promise<Step<unknown>> {
  const { kind, status, externalId, placedAt } = order
  if (kind === 'refund' || status === 'cancelled' || status === 'refunded') return end(await orderReply(turn, order))
  const { timeZone } = await merchantOf(turn)
  const date = formatDate(turn.locale, { at: placedAt, timeZone })
  const text = words(turn).details[status]({ id: escapeMarkdown(externalId), date })
  const verb = status === 'delivered' ? 'get-refund' : 'cancel-order'
  return {
    say: [{ text, about: { kind: 'order', ids: [externalId] } }],
    next: { kind: 'start', conversation: 'answers', action: { verb, args: {} } },
  }
}

async function which(turn: Turn, orders: readonly MemberOrder[], { cancels }: { cancels: boolean }): Promise<Reply> {
  const w = words(turn)
  const { timeZone } = await merchantOf(turn)
  const lines = orders.map(({ externalId, placedAt, kind, status }) =>
    w.whichLine({
      id: escapeMarkdown(externalId),
      date: formatShortDate(turn.locale, { at: placedAt, timeZone }),
      status: w.statuses[kind === 'refund' ? 'refunded' : status],
    }),
  )
  const ids = orders.map(({ externalId }) => externalId)
  return {
    text: `${w.which}\n\n${numberedList(lines)}`,
    about: { kind: 'order', ids },
    choices: ids.map((id) => ({
      title: id,
      action: { verb: 'my-orders', args: { orderIds: [id], ...(cancels ? { asked: 'cancel' } : {}) } },
    })),
    quickReplies: [quickReply(w.all, 'my-orders')],
  }
}

function end(reply: Reply): Step<unknown> {
  return { say: [reply], next: { kind: 'end' } }
}
