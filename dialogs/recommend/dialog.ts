import type { Conversation, QuickReply, Reply, Turn } from '../../src/bot/contract'
import { textArgument, textsArgument } from '../../src/bot/kit/arguments'
import { formatMoney } from '../../src/bot/kit/format'
import { escapeMarkdown, numberedList } from '../../src/bot/kit/markdown'
import { memberIdOf } from '../../src/bot/kit/member'
import { nameIn, quickReply, say } from '../../src/bot/kit/words'
import { type Category, findProduct, listCategories } from '../../src/core/catalog/read'
import { type Recommendation, recommend } from '../../src/core/recommendations/recommend'
import { askedFor, mentioned } from './asked-for'
import { suggestionsCard } from './card'
import { choiceOf, FOUND_MAX, foundReply, productReply, readProducts } from './found'
import { reasonText, words } from './reason'
import { en } from './replies.en'
import { zh } from './replies.zh'
import { CLEARLY_NAMED, isProductsName, productsNamed } from './thing-named'

const PAGE = 5
/** Suggestions after which honesty says that there is no more. */
const SHOWN_MAX = 50
const CATEGORIES_OFFERED = 4
/** From how near a match on a name counts as having named it. */
const NAMED = 0.6

/** What to buy, with the reason; by category, more of it, one item. */
export const recommendDialog: Conversation = {
  id: 'recommend',
  version: 1,
  intents: ['recommend'],
  verbs: ['recommend-item'],
  personal: true,
  menuTitle: { en: en.menuTitle, zh: zh.menuTitle },
  claims: (turn) => {
    const { categories, products } = turn.understood.entities
    const isClear = [categories[0], products[0]].some((named) => named !== undefined && named.score >= CLEARLY_NAMED)
    return isClear || productsNamed(turn, 1).length > 0
  },
  insists: isProductsName,
  followUp: ({ kind, ids }, asked) => {
    if (kind !== 'product') return undefined
    if (asked === 'buy' || asked === 'again') return { verb: 'place-order', args: {} }
    return asked === 'price' || asked === 'stock' ? { verb: 'recommend-item', args: { skus: ids } } : undefined
  },
  async start(turn) {
    const { action } = turn
    if (action?.verb === 'recommend-item') return end(await items(turn))
    const named = action ? [] : productsNamed(turn, FOUND_MAX + 1)
    const things = named.length > 0 ? await foundReply(turn, named) : undefined
    if (things) return end(things)
    const categories = await listCategories(turn.db)
    const code = await categoryAskedFor(turn)
    const category = categories.find((each) => each.code === code)
    const wanted = action || category ? undefined : askedFor(turn.said)
    const mentioning = wanted ?? (action || category ? undefined : mentioned(turn.said))
    const found = mentioning && (await foundIn(turn, mentioning))
    if (found) return end(found)
    const shown = textsArgument(action, 'shown', { max: SHOWN_MAX })
    const suggested = await suggestions(turn, { categories, shown, ...(category ? { category } : {}) })
    return wanted ? { say: [say(words(turn).notFound), suggested], next: { kind: 'end' } } : end(suggested)
  },
  // What the shop sells is no secret.
  async forAnyone(turn) {
    const { action, said } = turn
    if (action?.verb === 'recommend-item') return end(await items(turn))
    if (action) return undefined
    const wanted = askedFor(said) ?? mentioned(said)
    const named = productsNamed(turn, FOUND_MAX + 1)
    const found = named.length > 0 ? await foundReply(turn, named) : wanted && (await foundIn(turn, wanted))
    return found && end(found)
  },
  questions: {},
}

async function categoryAskedFor(turn: Turn): Promise<string | undefined> {
  if (turn.action) return textArgument(turn.action, 'categoryCode')
  const { categories, products } = turn.understood.entities
  const [category] = categories
  if (category && category.score >= NAMED) return category.code
  const [product] = products
  if (!product || product.score < NAMED) return undefined
  return (await findProduct(turn.db, { sku: product.sku }))?.categoryCode
}

async function suggestions(
  turn: Turn,
  { categories, category, shown }: { categories: readonly Category[]; category?: Category; shown: readonly string[] },
): Promise<Reply> {
  const w = words(turn)
  const filter = category ? { categoryCode: category.code } : {}
  // What was shown is left out by name: a longer list is no continuation of a shorter one. One more tells whether there is more.
  const asked = { memberId: memberIdOf(turn), at: turn.now, limit: shown.length + PAGE + 1, ...filter }
  const found = (await recommend(turn.db, asked)).filter(({ sku }) => !shown.includes(sku))
  const items = found.slice(0, PAGE)
  const categoryName = category && escapeMarkdown(nameIn(turn.locale, category.name))
  const shownNow = [...shown, ...items.map(({ sku }) => sku)]
  const more = { ...quickReply(w.more, 'recommend', { ...filter, shown: shownNow }), aliases: w.moreAliases }
  const quickReplies = [
    ...(found.length > PAGE && shownNow.length <= SHOWN_MAX ? [more] : []),
    ...(category ? [quickReply(w.all, 'recommend', {})] : []),
    ...categoryReplies(turn, { items, categories, ...(category ? { except: category.code } : {}) }),
  ]
  if (items.length === 0) {
    if (shown.length > 0) return { text: w.noMore, quickReplies }
    return { text: categoryName === undefined ? w.none : w.noneCategory({ category: categoryName }), quickReplies }
  }
  const rows = await Promise.all(items.map((item) => rowOf(turn, item)))
  const lines = rows.map((row) => w.line({ ...row, name: escapeMarkdown(row.name) }))
  const intro = categoryName === undefined ? w.intro : w.introCategory({ category: categoryName })
  return {
    text: `${shown.length > 0 ? w.further : intro}\n\n${numberedList(lines)}`,
    about: { kind: 'product', ids: items.map(({ sku }) => sku) },
    choices: items.map(choiceOf),
    card: suggestionsCard(w, rows),
    quickReplies,
  }
}

/** "Only tea", for the categories of what is shown first, then the largest. */
function categoryReplies(
  turn: Turn,
  { items, categories, except }: { items: readonly Recommendation[]; categories: readonly Category[]; except?: string },
): QuickReply[] {
  const codes = [...items.map(({ categoryCode }) => categoryCode), ...categories.map(({ code }) => code)]
  const wanted = [...new Set(codes)].filter((code) => code !== except).slice(0, CATEGORIES_OFFERED)
  return wanted
    .map((code) => categories.find((category) => category.code === code))
    .filter((category) => category !== undefined)
    .map(({ code, name }) => ({
      ...quickReply(words(turn).only({ category: nameIn(turn.locale, name) }), 'recommend', { categoryCode: code }),
      aliases: [name.en, name.zh],
    }))
}

async function rowOf(turn: Turn, item: Recommendation) {
  const { name, priceMinor, currency, reason, categoryCode } = item
  return {
    name: nameIn(turn.locale, name),
    price: formatMoney(turn.locale, { minor: priceMinor, currency }),
    why: await reasonText(turn, reason),
    ...(categoryCode === undefined ? {} : { categoryCode }),
  }
}

/** The item of a button, or several; of one that is gone that it is. */
async function items(turn: Turn): Promise<Reply> {
  const { action } = turn
  const sku = textArgument(action, 'sku')
  const skus = sku === undefined ? textsArgument(action, 'skus', { max: SHOWN_MAX }) : [sku]
  const named = skus.map((each) => ({ sku: each, isNamed: true, isWhole: true }))
  const [only] = skus.length === 1 ? await readProducts(turn, skus) : []
  const reply = only ? await productReply(turn, only) : await foundReply(turn, named)
  return reply ?? say(words(turn).unknownItem, quickReply(words(turn).menuTitle, 'recommend'))
}

async function foundIn(turn: Turn, wanted: readonly string[]): Promise<Reply | undefined> {
  const named = turn.findProducts?.(wanted, FOUND_MAX + 1) ?? []
  return named.length > 0 ? foundReply(turn, named) : undefined
}

function end(reply: Reply) {
  return { say: [reply], next: { kind: 'end' as const } }
}
