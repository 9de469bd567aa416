import type { Choice, Conversation, QuickReply, Reply, Turn } from '../../src/bot/contract'
import { textArgument, textsArgument } from '../../src/bot/kit/arguments'
import { formatMoney } from '../../src/bot/kit/format'
import { escapeMarkdown, numberedList } from '../../src/bot/kit/markdown'
import { memberIdOf } from '../../src/bot/kit/member'
import { merchantOf } from '../../src/bot/kit/merchant'
import { nameIn, quickReply, say } from '../../src/bot/kit/words'
import { type Category, findProduct, listCategories } from '../../src/core/catalog/read'
import { searchProducts } from '../../src/core/catalog/search'
import { type Recommendation, recommend } from '../../src/core/recommendations/recommend'
import { askedFor, mentioned } from './asked-for'
import { suggestionsCard } from './card'
import { reasonText, words } from './reason'
import { en } from './replies.en'
import { zh } from './replies.zh'

const PAGE = 5
/** Suggestions after which honesty says that there is no more. */
const SHOWN_MAX = 50
const CATEGORIES_OFFERED = 4
/** From how near a match on a name counts as having named it. */
const NAMED = 0.6
const CLEARLY_NAMED = 0.85

/** What to buy, with the reason; by category, more of it, one item. */
export const recommendDialog: Conversation = {
  id: 'recommend',
  version: 1,
  intents: ['recommend'],
  verbs: ['recommend-item'],
  personal: true,
  menuTitle: { en: en.menuTitle, zh: zh.menuTitle },
  claims: ({ understood: { entities } }) =>
    [entities.categories[0], entities.products[0]].some((named) => named !== undefined && named.score >= CLEARLY_NAMED),
  async start(turn) {
    const { action } = turn
    if (action?.verb === 'recommend-item') return end(await one(turn, textArgument(action, 'sku')))
    const categories = await listCategories(turn.db)
    const code = await categoryAskedFor(turn)
    const category = categories.find((each) => each.code === code)
    const wanted = action || category ? undefined : askedFor(turn.said)
    const things = wanted ?? (action || category ? undefined : mentioned(turn.said))
    const found = things && (await foundInShop(turn, things))
    if (found) return end(found)
    const shown = textsArgument(action, 'shown', { max: SHOWN_MAX })
    const suggested = await suggestions(turn, { categories, shown, ...(category ? { category } : {}) })
    return wanted ? { say: [say(words(turn).notFound), suggested], next: { kind: 'end' } } : end(suggested)
  },
  // What the shop sells is no secret.
  async forAnyone(turn) {
    const { action, said } = turn
    if (action?.verb === 'recommend-item') return end(await one(turn, textArgument(action, 'sku')))
    const wanted = action ? undefined : (askedFor(said) ?? mentioned(said))
    const found = wanted && (await foundInShop(turn, wanted))
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

/** What the catalogue has of the thing that was asked for; undefined when it has nothing. */
async function foundInShop(turn: Turn, wanted: readonly string[]): Promise<Reply | undefined> {
  const found = await searchProducts(turn.db, { words: wanted, limit: PAGE })
  if (found.length === 0) return undefined
  const w = words(turn)
  const { currency } = await merchantOf(turn)
  const lines = found.map(({ name, priceMinor }) =>
    w.foundLine({
      name: escapeMarkdown(nameIn(turn.locale, name)),
      price: formatMoney(turn.locale, { minor: priceMinor, currency }),
    }),
  )
  return {
    text: `${w.found}\n\n${numberedList(lines)}`,
    choices: found.map(choiceOf),
    quickReplies: [quickReply(w.menuTitle, 'recommend')],
  }
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

function choiceOf({ sku, name }: Pick<Recommendation, 'sku' | 'name'>): Choice {
  return { title: name.en, aliases: [name.zh], action: { verb: 'recommend-item', args: { sku } } }
}

/** One item: its price, where it belongs, and others like it. */
async function one(turn: Turn, sku: string | undefined): Promise<Reply> {
  const w = words(turn)
  const product = sku === undefined ? null : await findProduct(turn.db, { sku })
  if (!product) return say(w.unknownItem, quickReply(w.menuTitle, 'recommend'))
  const { currency } = await merchantOf(turn)
  const { categoryCode, priceMinor, inStock } = product
  const category = (await listCategories(turn.db)).find(({ code }) => code === categoryCode)
  const text = [
    w.detail({
      name: escapeMarkdown(nameIn(turn.locale, product.name)),
      price: formatMoney(turn.locale, { minor: priceMinor, currency }),
    }),
    ...(category ? [w.inCategory({ category: escapeMarkdown(nameIn(turn.locale, category.name)) })] : []),
    ...(inStock ? [] : [w.soldOut]),
  ].join(turn.locale === 'zh' ? '' : ' ')
  const similar = {
    ...quickReply(w.similar, 'recommend', categoryCode === undefined ? {} : { categoryCode }),
    aliases: w.similarAliases,
  }
  return { text, quickReplies: [similar, quickReply(w.menuTitle, 'recommend'), quickReply(w.redeem, 'redeem-coupon')] }
}

function end(reply: Reply) {
  return { say: [reply], next: { kind: 'end' as const } }
}
