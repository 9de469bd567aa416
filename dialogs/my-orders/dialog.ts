import type { Choice, Conversation, Reply, SaidDate, Step, Turn } from '../../src/bot/contract'
import { textArgument, textsArgument } from '../../src/bot/kit/arguments'
import { positionOf } from '../../src/bot/kit/choose'
import { formatMoney, formatShortDate } from '../../src/bot/kit/format'
import { escapeMarkdown, numberedList } from '../../src/bot/kit/markdown'
import { memberIdOf } from '../../src/bot/kit/member'
import { merchantOf } from '../../src/bot/kit/merchant'
import { formatPeriod, type Period, periodArgument, periodArguments, periodOf } from '../../src/bot/kit/period'
import { nameIn, quickReply, say } from '../../src/bot/kit/words'
import { readShelf } from '../../src/core/catalog/shelf'
import { findOrder, listOrders, type MemberOrder } from '../../src/core/orders/read'
import { FOUND_MAX } from '../recommend/found'
import { productsAskedBought } from '../recommend/thing-named'
import { ordersCard } from './card'
import { orderReply, words } from './order'
import { followUpOf, pointedAt } from './pointed'
import { en } from './replies.en'
import { zh } from './replies.zh'

const PAGE = 5
/** How far back an order is looked for by one of its products. */
const SEARCHED = 100
/** Of so many products of a name it is looked whether they were bought. */
const NAMED_MAX = 50
/** Order numbers of all sources have at least this many digits; shorter numbers mean something else. */
const ORDER_NUMBER = /#?\b[a-z]{0,4}-?\d{4,12}\b/i
/** What stands before a member's number, which may look like an order's. */
const MEMBER_NUMBER =
  /\b(?:member(?:ship)?|customer|account)\b(?:\s*(?:id|no\.?|number))?[\s:#]*[a-z]{0,4}-?\d|(?:会员|客户|账号|账户|卡号)[\s:：#号]*[a-z]{0,4}-?\d/i
/** A date beside such words says when something came or was to come, not when it was ordered. */
const OF_ARRIVAL =
  /\b(?:arriv\w+|deliver\w+|expected|due|come|came|got here|dispatch\w*|shipped|sent)\b|[送寄到]达|到货|送到|收到|预计|发货|派送/i
const ONLY_A_NUMBER = new RegExp(`^\\s*${ORDER_NUMBER.source}\\s*$`, 'i')

/** Where the member's orders are: a list, and one of them by its number, its place or what was in it. */
export const myOrders: Conversation = {
  id: 'my-orders',
  version: 1,
  intents: ['my-orders'],
  verbs: [],
  personal: true,
  menuTitle: { en: en.menuTitle, zh: zh.menuTitle },
  claims: (turn) => {
    const { understood, said } = turn
    const isOrder = understood.entities.orderCodes.length > 0 || ONLY_A_NUMBER.test(said)
    return (isOrder && !MEMBER_NUMBER.test(said)) || productsAskedBought(turn, 1).length > 0
  },
  followUp: followUpOf,
  async start(turn) {
    const { action, understood, said } = turn
    const pointed = textsArgument(action, 'orderIds', { max: PAGE })
    if (pointed.length > 0) return pointedAt(turn, pointed, { cancels: textArgument(action, 'asked') === 'cancel' })
    const orderId = textArgument(action, 'orderId')
    if (orderId !== undefined) return byNumber(turn, orderId)
    const before = textArgument(action, 'before')
    if (before !== undefined || action) return end(await page(turn, { before, within: periodArgument(action) }))
    const { date, orderCodes, ordinal, products } = understood.entities
    // The year of a date looks like a short order number.
    const typed = orderCodes[0] ?? (date ? undefined : ORDER_NUMBER.exec(said)?.[0])
    if (typed !== undefined) return byNumber(turn, typed)
    const asked = productsAskedBought(turn, NAMED_MAX).map(({ sku }) => sku)
    if (asked.length > 0) return whenBought(turn, asked)
    if (ordinal !== undefined) return byPlace(turn, ordinal)
    const [product] = products
    if (product && product.score >= 0.6) return byProduct(turn, product)
    if (date && !OF_ARRIVAL.test(said)) return byDate(turn, date)
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

/** When those of them were bought that were; of others that they were not. When is said with each product. */
async function whenBought(turn: Turn, skus: readonly string[]): Promise<Step<unknown>> {
  const shelf = await readShelf(turn.db, { skus, memberId: memberIdOf(turn) })
  const bought = shelf.filter((product) => product.bought).map(({ sku }) => sku)
  const shown = bought.length > 0 ? bought : skus.slice(0, FOUND_MAX + 1)
  const action = { verb: 'recommend-item', args: { skus: shown } }
  const say = bought.length > 0 ? [] : [{ text: words(turn).notBought }]
  return { say, next: { kind: 'start', conversation: 'recommend', action } }
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

/** What was ordered at the time that was named; the latest orders where that was nothing. */
async function byDate(turn: Turn, date: SaidDate): Promise<Step<unknown>> {
  const { timeZone } = await merchantOf(turn)
  const within = periodOf(date, { now: turn.now, timeZone })
  if (!within) return end(await page(turn))
  const [any] = await listOrders(turn.db, { memberId: memberIdOf(turn), limit: 1, within })
  if (any) return end(await page(turn, { within }))
  const text = words(turn).noneIn({ period: formatPeriod(turn.locale, within, timeZone) })
  return { say: [{ text }, await page(turn)], next: { kind: 'end' } }
}

interface PageAsked {
  readonly before?: string | undefined
  readonly within?: Period | undefined
}

async function page(turn: Turn, { before, within }: PageAsked = {}): Promise<Reply> {
  const w = words(turn)
  const { timeZone } = await merchantOf(turn)
  const found = await listOrders(turn.db, {
    memberId: memberIdOf(turn),
    limit: PAGE + 1,
    ...(before === undefined ? {} : { before }),
    ...(within ? { within } : {}),
  })
  const orders = found.slice(0, PAGE)
  const last = orders.at(-1)
  if (!last) return before === undefined ? say(w.none, quickReply(w.recommend, 'recommend')) : say(w.noMore)
  const choices = orders.map(choiceOf)
  const more = {
    ...quickReply(w.more, 'my-orders', { before: last.externalId, ...(within ? periodArguments(within) : {}) }),
    aliases: w.moreAliases,
  }
  const rows = orders.map((order) => ({
    id: order.externalId,
    date: formatShortDate(turn.locale, { at: order.placedAt, timeZone }),
    total: formatMoney(turn.locale, { minor: Math.abs(order.totalMinor), currency: order.currency }),
    status: w.statuses[order.kind === 'refund' ? 'refunded' : order.status],
  }))
  const lines = orders.map((order, index) => lineOf(turn, order, rows[index]))
  return {
    text: `${introOf(turn, { before, within }, timeZone)}\n\n${numberedList(lines)}`,
    choices,
    about: { kind: 'order', ids: orders.map(({ externalId }) => externalId) },
    card: ordersCard(w, rows),
    quickReplies: [
      ...(found.length > PAGE ? [more] : []),
      ...(within ? [quickReply(w.all, 'my-orders')] : []),
      quickReply(w.track, 'track-order'),
      quickReply(w.person, 'talk-to-person'),
    ],
  }
}

function introOf(turn: Turn, { before, within }: PageAsked, timeZone: string): string {
  const w = words(turn)
  if (before !== undefined) return w.older
  return within ? w.introIn({ period: formatPeriod(turn.locale, within, timeZone) }) : w.intro
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
