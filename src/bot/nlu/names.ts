import type { CatalogNames } from '../../core/catalog/read'

/** Finds the catalogue's names in a text, exactly or nearly. */
export interface NameIndex {
  find(said: string): {
    products: { sku: string; name: string; score: number }[]
    categories: { code: string; name: string; score: number }[]
  }
}

interface Named {
  kind: 'product' | 'category'
  id: string
  name: string
  grams: number
}

const MATCH_MIN = 0.6
const MATCHES_MAX = 5

/**
 * An inverted index from character trigrams (bigrams of Chinese) to names. A name's score is the share of its grams that
 * the text holds, so that a text may say more than the name; short shared bits do not count.
 */
export function createNameIndex(names: CatalogNames): NameIndex {
  const entries: Named[] = []
  const postings = new Map<string, number[]>()
  const add = (kind: Named['kind'], id: string, name: string) => {
    const grams = gramsOf(name)
    if (grams.size === 0) return
    const place = entries.push({ kind, id, name, grams: grams.size }) - 1
    for (const gram of grams) {
      const known = postings.get(gram)
      if (known) known.push(place)
      else postings.set(gram, [place])
    }
  }
  for (const { code, name } of names.categories)
    for (const text of new Set([name.en, name.zh])) add('category', code, text)
  for (const { sku, name } of names.products) for (const text of new Set([name.en, name.zh])) add('product', sku, text)
  return { find: (said) => rank(entries, postings, said) }
}

function rank(entries: Named[], postings: Map<string, number[]>, said: string) {
  const hits = new Map<number, number>()
  for (const gram of gramsOf(said)) {
    for (const place of postings.get(gram) ?? []) hits.set(place, (hits.get(place) ?? 0) + 1)
  }
  const best = new Map<string, Named & { score: number }>()
  for (const [place, count] of hits) {
    const entry = entries[place]
    if (!entry) continue
    const score = count / entry.grams
    const key = `${entry.kind} ${entry.id}`
    if (score >= MATCH_MIN && score > (best.get(key)?.score ?? 0)) best.set(key, { ...entry, score })
  }
  // Of names that match alike the longer says more: "green tea" rather than "tea".
  const ranked = [...best.values()].sort((a, b) => b.score - a.score || b.grams - a.grams || a.id.localeCompare(b.id))
  const of = (kind: Named['kind']) => ranked.filter((entry) => entry.kind === kind).slice(0, MATCHES_MAX)
  return {
    products: of('product').map(({ id, name, score }) => ({ sku: id, name, score })),
    categories: of('category').map(({ id, name, score }) => ({ code: id, name, score })),
  }
}

/** Trigrams of Latin words with a mark at each end (a plural s counts for nothing), bigrams of Chinese. */
function gramsOf(text: string): Set<string> {
  const grams = new Set<string>()
  const folded = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  for (const run of folded.match(/\p{Script=Han}+|[\p{L}\p{N}]+/gu) ?? []) {
    const isHan = /\p{Script=Han}/u.test(run)
    const marked = isHan ? run : `^${run.length > 3 ? run.replace(/s$/, '') : run}$`
    const length = isHan ? 2 : 3
    if (marked.length <= length) grams.add(marked)
    for (let i = 0; i + length <= marked.length; i++) grams.add(marked.slice(i, i + length))
  }
  return grams
}
