import type { Choice, NamedProduct, Reply, Turn } from '../../src/bot/contract'
import { formatMoney, formatShortDate } from '../../src/bot/kit/format'
import { escapeMarkdown, numberedList } from '../../src/bot/kit/markdown'
import { merchantOf } from '../../src/bot/kit/merchant'
import { nameIn, quickReply } from '../../src/bot/kit/words'
import { listCategories } from '../../src/core/catalog/read'
import { readShelf, type ShelfProduct } from '../../src/core/catalog/shelf'
import { words } from './reason'

/** Products that one reply lists; of more it says that there are more. */
export const FOUND_MAX = 5

/** What the shop has of what was named: one with all there is to say, several as a list; undefined when they are gone. */
export async function foundReply(turn: Turn, named: readonly NamedProduct[]): Promise<Reply | undefined> {
  const all = await readProducts(
    turn,
    named.map(({ sku }) => sku),
  )
  // Of several things that are called alike rather one that is there.
  const products = [...all.filter(({ inStock }) => inStock), ...all.filter(({ inStock }) => !inStock)]
  const [only, ...others] = products
  if (!only) return undefined
  const w = words(turn)
  const intro = named[0]?.isNamed ? w.found : w.nearest
  if (others.length === 0) {
    const reply = await productReply(turn, only)
    return named[0]?.isNamed ? reply : { ...reply, text: `${intro}\n\n${reply.text}` }
  }
  const { currency } = await merchantOf(turn)
  const shown = products.slice(0, FOUND_MAX)
  const lines = await Promise.all(
    shown.map(async (product) => {
      const name = escapeMarkdown(nameIn(turn.locale, product.name))
      const price = formatMoney(turn.locale, { minor: product.priceMinor, currency })
      const notes = [...(product.inStock ? [] : [w.soldOut]), ...(await boughtNote(turn, product))]
      const line = w.foundLine({ name, price })
      return notes.length === 0 ? line : [line, notes.join(w.sentenceGap)].join(w.noteGap)
    }),
  )
  return {
    text: `${intro}\n\n${numberedList(lines)}${products.length > FOUND_MAX ? `\n\n${w.moreFound}` : ''}`,
    about: { kind: 'product', ids: shown.map(({ sku }) => sku) },
    choices: shown.map(choiceOf),
    quickReplies: [quickReply(w.menuTitle, 'recommend')],
  }
}

/** One item: its price, where it belongs, whether it is there, whether the member had it before; others like it, and how to order. */
export async function productReply(turn: Turn, product: ShelfProduct): Promise<Reply> {
  const w = words(turn)
  const { currency } = await merchantOf(turn)
  const { sku, categoryCode, priceMinor, inStock } = product
  const category = (await listCategories(turn.db)).find(({ code }) => code === categoryCode)
  const text = [
    w.detail({
      name: escapeMarkdown(nameIn(turn.locale, product.name)),
      price: formatMoney(turn.locale, { minor: priceMinor, currency }),
    }),
    ...(category ? [w.inCategory({ category: escapeMarkdown(nameIn(turn.locale, category.name)) })] : []),
    inStock ? w.inStock : w.soldOut,
    ...(await boughtNote(turn, product)),
  ].join(w.sentenceGap)
  const similar = {
    ...quickReply(w.similar, 'recommend', categoryCode === undefined ? {} : { categoryCode }),
    aliases: w.similarAliases,
  }
  return {
    text,
    about: { kind: 'product', ids: [sku] },
    quickReplies: [
      ...(turn.isGroup || !turn.member ? [] : [similar]),
      quickReply(w.menuTitle, 'recommend'),
      inStock ? quickReply(w.howToOrder, 'place-order') : quickReply(w.whenBack, 'check-stock'),
      quickReply(w.redeem, 'redeem-coupon'),
    ],
  }
}

/** These products as the member knows them; as anybody may in a group. */
export function readProducts(turn: Turn, skus: readonly string[]): Promise<ShelfProduct[]> {
  const memberId = turn.isGroup ? undefined : turn.member?.id
  return readShelf(turn.db, { skus, ...(memberId === undefined ? {} : { memberId }) })
}

export function choiceOf({ sku, name }: Pick<ShelfProduct, 'sku' | 'name'>): Choice {
  return { title: name.en, aliases: [name.zh], action: { verb: 'recommend-item', args: { sku } } }
}

async function boughtNote(turn: Turn, { bought }: ShelfProduct): Promise<string[]> {
  if (!bought) return []
  const w = words(turn)
  const { timeZone } = await merchantOf(turn)
  const last = formatShortDate(turn.locale, { at: bought.lastAt, timeZone })
  if (bought.times === 1) return [w.joinReasons([w.boughtOnce({ on: last })])]
  const times = w.times({ count: bought.times })
  return [w.joinReasons([w.boughtTimes({ times, last })])]
}
