import type { CatalogNames } from '../../core/catalog/read'
import type { Entities } from '../contract'
import { simplified } from '../kit/simplified'

/** Finds the catalogue's names in a text, exactly or nearly. */
export interface NameIndex {
  find(said: string): Pick<Entities, 'products' | 'categories'>
}

interface Named {
  readonly isProduct: boolean
  readonly id: string
  readonly name: string
}

const MATCHES_MAX = 5
/** Of a longer text only the start is searched: it would hold bits of everything. */
const SAID_MAX = 200

/**
 * The share of a name that a text must hold for the name to count, by how many pieces it has: of a long name some may be
 * misspelt or missing, a short one must be there whole ("tea" is not in "team").
 */
function scoreMin(pieces: number): number {
  if (pieces >= 8) return 0.6
  return pieces >= 5 ? 0.75 : 0.99
}

/**
 * An inverted index over both languages' names: trigrams of Latin words with a mark at each end, bigrams of Chinese. A name
 * scores the share of its pieces that the text holds, each counted by how rare it is, so that a text may say more than
 * the name, and "organic" alone names nothing.
 */
export function createNameIndex({ categories, products }: CatalogNames): NameIndex {
  const entries: Named[] = []
  const pieceLists: string[][] = []
  const add = (isProduct: boolean, id: string, names: { en: string; zh: string }) => {
    for (const name of new Set([names.en, names.zh])) {
      const pieces = piecesOf(name)
      if (pieces.length === 0) continue
      entries.push({ isProduct, id, name })
      pieceLists.push(pieces)
    }
  }
  for (const { code, name } of categories) add(false, code, name)
  for (const { sku, name } of products) add(true, sku, name)
  const index = invert(pieceLists)
  const hits = new Float32Array(entries.length)
  return {
    find(said) {
      const found = search(index, hits, withCharacters(said.slice(0, SAID_MAX)))
      return {
        products: best(entries, found, true).map(({ id, name, score }) => ({ sku: id, name, score })),
        categories: best(entries, found, false).map(({ id, name, score }) => ({ code: id, name, score })),
      }
    },
  }
}

/** Piece p is in the entries postings[start[p]] … postings[start[p + 1] − 1], and weighs rarity[p]. */
interface Inverted {
  readonly ids: ReadonlyMap<string, number>
  readonly start: Uint32Array
  readonly postings: Uint32Array
  readonly rarity: Float32Array
  /** Sum of the rarities of each entry's pieces, and how many it has. */
  readonly totals: Float32Array
  readonly sizes: Uint16Array
}

function invert(pieceLists: readonly string[][]): Inverted {
  const ids = new Map<string, number>()
  for (const pieces of pieceLists) for (const piece of pieces) if (!ids.has(piece)) ids.set(piece, ids.size)
  const idLists = pieceLists.map((pieces) => pieces.map((piece) => ids.get(piece) ?? 0))
  const start = new Uint32Array(ids.size + 1)
  for (const list of idLists) for (const id of list) start[id + 1] = (start[id + 1] ?? 0) + 1
  const rarity = new Float32Array(ids.size)
  for (let id = 0; id < ids.size; id++) {
    const count = start[id + 1] ?? 0
    rarity[id] = 1 + Math.log(pieceLists.length / Math.max(1, count))
    start[id + 1] = count + (start[id] ?? 0)
  }
  const next = start.slice()
  const postings = new Uint32Array(start[ids.size] ?? 0)
  const totals = new Float32Array(pieceLists.length)
  for (const [entry, list] of idLists.entries()) {
    for (const id of list) {
      const at = next[id] ?? 0
      postings[at] = entry
      next[id] = at + 1
      totals[entry] = (totals[entry] ?? 0) + (rarity[id] ?? 0)
    }
  }
  return { ids, start, postings, rarity, totals, sizes: Uint16Array.from(pieceLists, ({ length }) => length) }
}

interface Found {
  readonly entry: number
  readonly score: number
}

/** The entries of which enough is in the text. `hits` comes in, and is left, all zero. */
function search(index: Inverted, hits: Float32Array, pieces: readonly string[]): Found[] {
  const touched: number[] = []
  for (const piece of pieces) {
    const id = index.ids.get(piece)
    if (id === undefined) continue
    const weight = index.rarity[id] ?? 0
    const to = index.start[id + 1] ?? 0
    for (let k = index.start[id] ?? 0; k < to; k++) {
      const entry = index.postings[k] ?? 0
      if (hits[entry] === 0) touched.push(entry)
      hits[entry] = (hits[entry] ?? 0) + weight
    }
  }
  const found: Found[] = []
  for (const entry of touched) {
    const score = Math.min(1, (hits[entry] ?? 0) / (index.totals[entry] ?? 1))
    hits[entry] = 0
    if (score >= scoreMin(index.sizes[entry] ?? 0)) found.push({ entry, score })
  }
  return found
}

/** The best matches of a kind, a thing once. Of names that match alike the longer says more: "green tea" rather than "tea". */
function best(entries: readonly Named[], found: readonly Found[], isProduct: boolean): (Named & { score: number })[] {
  const byId = new Map<string, Named & { score: number }>()
  for (const { entry, score } of found) {
    const named = entries[entry]
    if (named?.isProduct !== isProduct) continue
    const known = byId.get(named.id)
    if (!known || score > known.score) byId.set(named.id, { ...named, score: Math.round(score * 1000) / 1000 })
  }
  return [...byId.values()]
    .sort((a, b) => b.score - a.score || b.name.length - a.name.length || (a.id < b.id ? -1 : 1))
    .slice(0, MATCHES_MAX)
}

/** A name of one Chinese character is found by it: 茶. */
function withCharacters(said: string): string[] {
  return [...new Set([...piecesOf(said), ...(simplified(said).match(/\p{Script=Han}/gu) ?? [])])]
}

/** Each piece once. A plural s counts for nothing. */
function piecesOf(text: string): string[] {
  const pieces = new Set<string>()
  const folded = simplified(text).normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  for (const [run] of folded.matchAll(/\p{Script=Han}+|[^\P{L}\p{Script=Han}]+|\p{N}+/gu)) {
    const isChinese = /^\p{Script=Han}/u.test(run)
    const marked = isChinese ? run : `^${run.length > 3 ? run.replace(/s$/, '') : run}$`
    const length = isChinese ? 2 : 3
    if (marked.length <= length) pieces.add(marked)
    for (let at = 0; at + length < marked.length + 1; at++) pieces.add(marked.slice(at, at + length))
  }
  return [...pieces]
}
