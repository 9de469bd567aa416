import type { Choice, Conversation, Reply, Step, Turn } from '../../src/bot/contract'
import { textArgument } from '../../src/bot/kit/arguments'
import { positionOf } from '../../src/bot/kit/choose'
import { formatMoney, formatShortDate } from '../../src/bot/kit/format'
import { escapeMarkdown, numberedList } from '../../src/bot/kit/markdown'
import { memberIdOf } from '../../src/bot/kit/member'
import { merchantOf } from '../../src/bot/kit/merchant'
import { nameIn, quickReply, say } from '../../src/bot/kit/words'
import { findOrder, listOrders, type MemberOrder } from '../../src/core/orders/read'
import { ordersCard } from './card'
import { orderReply, words } from './order'
import { en } from './replies.en'
import { zh } from './replies.zh'

const PAGE = 5
/** How far back an order is looked for by one of its products. */
const SEARCHED = 100
/** Order numbers of all sources have at least this many digits; shorter numbers mean something else. */
const ORDER_NUMBER = /#?\b[a-z]{0,4}-?\d{4,12}\b/i
/** What stands before a member's number, which may look like an order's. */
const MEMBER_NUMBER =
  /\b(?:member(?:ship)?|customer|account)\b(?:\s*(?:id|no\.?|number))?[\s:#]*[a-z]{0,4}-?\d|(?:会员|客户|账号|账户|卡号)[\s:：#号]*[a-z]{0,4}-?\d/i
const ONLY_A_NUMBER = new RegExp(`^\\s*${ORDER_NUMBER.source}\\s*$`, 'i')

/** Where the member's orders are: a list, and one of them by its number, its place or what was in it. */
export const myOrders: Conversation = {
  id: 'my-orders',
  version: 1,
  intents: ['my-orders'],
  verbs: [],
  personal: true,
  menuTitle: { en: en.menuTitle, zh: zh.menuTitle },
  claims: ({ understood, said }) =>
    (understood.entities.orderCodes.length > 0 || ONLY_A_NUMBER.test(said)) && !MEMBER_NUMBER.test(said),
  async start(turn) {
    const { action, understood, said } = turn
    const orderId = textArgument(action, 'orderId')
    if (orderId !== undefined) return byNumber(turn, orderId)
    const before = textArgument(action, 'before')
    if (before !== undefined || action) return end(await page(turn, before))
    const typed = understood.entities.orderCodes[0] ?? ORDER_NUMBER.exec(said)?.[0]
    if (typed !== undefined) return byNumber(turn, typed)
    const { ordinal, products } = understood.entities
    if (ordinal !== undefined) return byPlace(turn, ordinal)
    const [product] = products
    if (product && product.score >= 0.6) return byProduct(turn, product)
    return end(await page(turn))
  },
  questions: {},
}

async function byNumber(turn: Turn, externalId: string): Promise<Step<unknown>> {
  const order = await findOrder(turn.db, { memberId: memberIdOf(turn), externalId })
  const w = words(turn)
  if (order) return end(await orderReply(turn, order))
  // The same words for an order of somebody else as for none at all.
  const id = escapeMarkdown(externalId.replace(/^#/, '').slice(0, 40))
  return end(say(w.unknown({ id }), quickReply(w.all, 'my-orders'), quickReply(w.person, 'talk-to-person')))
}

/** "My last order" is the newest one bought; "the second" counts from there. */
async function byPlace(turn: Turn, ordinal: number): Promise<Step<unknown>> {
  const listed = await listOrders(turn.db, { memberId: memberIdOf(turn), limit: SEARCHED })
  const orders = listed.filter(({ kind }) => kind === 'sale')
  const position = ordinal < 0 ? -ordinal - 1 : positionOf(ordinal, orders.length)
  const order = position === undefined ? undefined : orders[position]
  return end(order ? await orderReply(turn, order) : await page(turn))
}

async function byProduct(turn: Turn, product: { sku: string; name: string }): Promise<Step<unknown>> {
  const orders = await listOrders(turn.db, { memberId: memberIdOf(turn), limit: SEARCHED })
  const order = orders.find(({ lines }) => lines.some(({ sku }) => sku === product.sku))
  if (order) return end(await orderReply(turn, order))
  const list = await page(turn)
  const text = words(turn).unknownProduct({ name: escapeMarkdown(product.name) })
  return { say: [{ text }, list], next: { kind: 'end' } }
}

async function page(turn: Turn, before?: string): Promise<Reply> {
  const w = words(turn)
  const { timeZone } = await merchantOf(turn)
  const asked = { memberId: memberIdOf(turn), limit: PAGE + 1, ...(before === undefined ? {} : { before }) }
  const found = await listOrders(turn.db, asked)
  const orders = found.slice(0, PAGE)
  const last = orders.at(-1)
  if (!last) return before === undefined ? say(w.none, quickReply(w.recommend, 'recommend')) : say(w.noMore)
  const choices = orders.map(choiceOf)
  const more = { ...quickReply(w.more, 'my-orders', { before: last.externalId }), aliases: w.moreAliases }
  const rows = orders.map((order) => ({
    id: order.externalId,
    date: formatShortDate(turn.locale, { at: order.placedAt, timeZone }),
    total: formatMoney(turn.locale, { minor: Math.abs(order.totalMinor), currency: order.currency }),
    status: w.statuses[order.kind === 'refund' ? 'refunded' : order.status],
  }))
  const lines = orders.map((order, index) => lineOf(turn, order, rows[index]))
  return {
    text: `${before === undefined ? w.intro : w.older}\n\n${numberedList(lines)}`,
    choices,
    card: ordersCard(w, rows),
    quickReplies: [
      ...(found.length > PAGE ? [more] : []),
      quickReply(w.track, 'track-order'),
      quickReply(w.person, 'talk-to-person'),
    ],
  }
}

function lineOf(turn: Turn, order: MemberOrder, row?: { date: string; total: string; status: string }): string {
  const w = words(turn)
  const { date = '', total = '', status = '' } = row ?? {}
  const id = escapeMarkdown(order.externalId)
  if (order.kind === 'sale') return w.line({ id, date, total, status })
  return w.refundLine({ id, date, total, ...(order.refundOf ? { of: escapeMarkdown(order.refundOf) } : {}) })
}

function choiceOf(order: MemberOrder): Choice {
  return {
    title: order.externalId,
    action: { verb: 'my-orders', args: { orderId: order.externalId } },
    // "The teapot" means the order that brought it, not the refund that took it back.
    aliases:
      order.kind === 'refund'
        ? []
        : order.lines.slice(0, 3).flatMap(({ name }) => [nameIn('en', name), nameIn('zh', name)]),
  }
}

function end(reply: Reply): Step<unknown> {
  return { say: [reply], next: { kind: 'end' } }
}
