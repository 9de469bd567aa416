import { setImmediate } from 'node:timers/promises'
import type { CatalogNames } from '../../core/catalog/read'
import type { NamedProduct } from '../contract'
import { fold } from '../kit/choose'
import { createSpelling, type Spelling } from './spelling'

/** Finds the products that people call by some words, from memory. */
export interface ProductIndex {
  /** Those of whose name, or category, every word is a part, nearly: best first, at most `limit`. */
  find(words: readonly string[], limit: number): readonly NamedProduct[]
  /** Does what the first search would have to, a little at a time: of a large catalogue nobody's turn waits for all of it. */
  prepare(): Promise<void>
}

/** One product's name in one language: before the first comma, bracket or (Chinese) space is what it is, after it how it is packed. */
interface Shelved {
  readonly sku: string
  readonly base: string
  readonly variant: string
  readonly category: string
}

/** Where words were found counts by what it says: what a thing is, of which kind, how it is packed. */
const WEIGHT = { base: 3, category: 2, variant: 1 } as const
const HAN = /\p{Script=Han}/u
/** One Chinese character is in everything; it names what ends with it, and nothing else may be said. */
const CHARACTERS_MIN = 2
/** Of so many products the names are read at a time. */
const PREPARED_AT_ONCE = 500
/** A shorter word has so many neighbours that it is held for a misspelt one only where the whole name comes of it. */
const MISSPELT_LETTERS_MIN = 5

/** Builds the index of both languages' names, at the latest for the first search. */
export function createProductIndex(names: CatalogNames): ProductIndex {
  let built: Built | undefined
  return {
    find(words, limit) {
      built ??= atOnce(building(names))
      return search(built, words, limit)
    },
    async prepare() {
      const steps = building(names)
      let step = steps.next()
      for (; !step.done; step = steps.next()) await setImmediate()
      built ??= step.value
    },
  }
}

interface Built {
  readonly english: readonly Shelved[]
  readonly chinese: readonly Shelved[]
  /** By word, which of `english` hold it. */
  readonly byWord: ReadonlyMap<string, readonly number[]>
  /** By character, which of `chinese` hold it. */
  readonly byCharacter: ReadonlyMap<string, readonly number[]>
  readonly spelling: Spelling
}

function atOnce(steps: Generator<void, Built>): Built {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** Yields where something else may come between. */
function* building({ categories, products }: CatalogNames): Generator<void, Built> {
  const kinds = new Map(
    categories.map(({ code, name }) => [code, { en: stems(fold(name.en)), zh: fold(name.zh) }] as const),
  )
  const english: Shelved[] = []
  const chinese: Shelved[] = []
  const byWord = new Map<string, number[]>()
  const byCharacter = new Map<string, number[]>()
  for (const [at, { sku, name, categoryCode }] of products.entries()) {
    const kind = kinds.get(categoryCode ?? '')
    const [base, variant] = partsOf(name.en).map(stems) as [string, string]
    note(byWord, `${base} ${variant} ${kind?.en ?? ''}`.split(' ').filter(Boolean), english.length)
    english.push({ sku, base, variant, category: kind?.en ?? '' })
    const [baseZh, variantZh] = partsOf(name.zh)
    if (HAN.test(baseZh)) {
      note(byCharacter, `${baseZh}${variantZh}${kind?.zh ?? ''}`, chinese.length)
      chinese.push({ sku, base: baseZh, variant: variantZh, category: kind?.zh ?? '' })
    }
    if (at % PREPARED_AT_ONCE === PREPARED_AT_ONCE - 1) yield
  }
  return { english, chinese, byWord, byCharacter, spelling: createSpelling([...byWord.keys()]) }
}

function note(lists: Map<string, number[]>, keys: Iterable<string>, index: number): void {
  for (const key of new Set(keys)) {
    const list = lists.get(key)
    if (list) list.push(index)
    else lists.set(key, [index])
  }
}

function partsOf(name: string): [base: string, variant: string] {
  const at = HAN.test(name) ? name.search(/[\s,，(（[]/) : name.search(/[,(（[]/)
  return at <= 0 ? [fold(name), ''] : [fold(name.slice(0, at)), fold(name.slice(at))]
}

interface Scored extends NamedProduct {
  readonly score: number
  readonly length: number
}

/** A number alone is in how something is packed, and may be anything: a place in a list, a mark, an order's. */
const TELLING = /\p{L}{2}|\p{Script=Han}/u

function search(built: Built, words: readonly string[], limit: number): NamedProduct[] {
  if (!words.some((word) => TELLING.test(word))) return []
  const latin = words.filter((word) => !HAN.test(word)).map((word) => stems(fold(word)))
  const han = words.filter((word) => HAN.test(word)).map(fold)
  if (latin.length + han.length === 0) return []
  const inEnglish = latin.length > 0 ? englishOf(built, latin) : undefined
  const inChinese = han.length > 0 ? chineseOf(built, han) : undefined
  const found = inEnglish && inChinese ? both(inEnglish, inChinese) : (inEnglish ?? inChinese ?? [])
  const named = found.filter(({ isNamed }) => isNamed)
  return (named.length > 0 ? named : found)
    .sort((a, b) => b.score - a.score || a.length - b.length || (a.sku < b.sku ? -1 : 1))
    .slice(0, limit)
    .map(({ sku, isNamed, isWhole }) => ({ sku, isNamed, isWhole }))
}

function both(english: readonly Scored[], chinese: readonly Scored[]): Scored[] {
  const bySku = new Map(chinese.map((each) => [each.sku, each]))
  return english.filter(({ sku }) => bySku.has(sku))
}

function englishOf({ english, byWord, spelling }: Built, typed: readonly string[]): Scored[] {
  const misspelt = typed.filter((word) => !byWord.has(word))
  const isShort = misspelt.some((word) => word.length < MISSPELT_LETTERS_MIN)
  const words = typed.map((word) => (byWord.has(word) ? word : spelling.correct(word)))
  const [first = [], ...others] = words.map((word) => byWord.get(word) ?? [])
  const rest = others.map((list) => new Set(list))
  return (
    first
      .filter((index) => rest.every((list) => list.has(index)))
      .flatMap((index) => english[index] ?? [])
      .map(({ sku, base, variant, category }) => {
        const baseWords = base.split(' ')
        const inBase = words.filter((word) => baseWords.includes(word)).length
        const inCategory = words.filter(
          (word) => !baseWords.includes(word) && category.split(' ').includes(word),
        ).length
        const isWhole = baseWords.every((word) => words.includes(word))
        const isHead = words.includes(headOf(base))
        return {
          ...{ sku, isWhole, isNamed: isWhole || isHead || (inBase + inCategory === words.length && inCategory > 0) },
          score: scoreOf({ isWhole, inBase, inCategory, inVariant: words.length - inBase - inCategory }),
          length: base.length + variant.length,
        }
      })
      // What is misspelt and no more than a part of a name may be anything.
      .filter(({ isWhole, isNamed }) => misspelt.length === 0 || (isShort ? isWhole : isNamed))
  )
}

function chineseOf({ chinese, byCharacter }: Built, said: readonly string[]): Scored[] {
  const whole = said.join('')
  const isOne = whole.length < CHARACTERS_MIN
  // All that is said has to be in a name: only those with its rarest character need be looked at.
  const [fewest = []] = [...new Set(whole.replaceAll(' ', ''))]
    .map((character) => byCharacter.get(character) ?? [])
    .sort((left, right) => left.length - right.length)
  return fewest.flatMap((index) => {
    const { sku, base, variant, category } = chinese[index]!
    const found = { base: 0, category: 0, variant: 0 }
    let last = ''
    for (const text of said) {
      for (let at = 0; at < text.length; at += last.length) {
        const piece = pieceAt(text, at, [base, category, variant])
        if (piece === undefined) return []
        last = piece.text
        found[(['base', 'category', 'variant'] as const)[piece.where] ?? 'variant'] += last.length
      }
    }
    // A single character is in everything: 茶 after 龙井 tells the kind, and alone too, but only where it ends a name.
    if (isOne) {
      found.category = category.endsWith(whole) ? 1 : 0
      if (found.category === 0 && !base.endsWith(whole)) return []
    } else if (found.base < CHARACTERS_MIN && found.category < CHARACTERS_MIN && found.variant < CHARACTERS_MIN)
      return []
    // 乌龙茶 is a category's, and of its teas rather 冻顶乌龙.
    const inBase = Math.max(found.base, sharedLength(whole, base))
    const isWhole = whole.includes(base)
    const isHead = base.endsWith(last) && (isOne || last.length >= CHARACTERS_MIN)
    const isKind = found.variant === 0 && found.category > 0
    return {
      ...{ sku, isWhole, isNamed: isWhole || isHead || isKind },
      score: scoreOf({ isWhole, inBase, inCategory: found.category, inVariant: found.variant }),
      length: base.length + variant.length,
    }
  })
}

/** The longest piece of `text` from there on that is in one of the parts, the first part before the others. */
function pieceAt(text: string, at: number, parts: readonly string[]): { text: string; where: number } | undefined {
  for (let length = text.length - at; length >= 1; length--) {
    const piece = text.slice(at, at + length)
    const where = parts.findIndex((part) => part.includes(piece))
    // One character counts in what a thing is or of which kind, not in how it is packed.
    if (where >= 0 && (length >= CHARACTERS_MIN || where < 2)) return { text: piece, where }
  }
  return undefined
}

/** How long the longest piece of the text is that the name has too, two characters at least. */
function sharedLength(text: string, name: string): number {
  let longest = 0
  for (let at = 0; at < text.length; at++) {
    let length = Math.max(longest + 1, CHARACTERS_MIN)
    while (at + length <= text.length && name.includes(text.slice(at, at + length))) {
      longest = length
      length += 1
    }
  }
  return longest
}

function scoreOf(found: { isWhole: boolean; inBase: number; inCategory: number; inVariant: number }): number {
  const { isWhole, inBase, inCategory, inVariant } = found
  return (isWhole ? 100 : 0) + WEIGHT.base * inBase + WEIGHT.category * inCategory + WEIGHT.variant * inVariant
}

/** The word that says what a thing is: "pistachio" of "pistachios in the shell", "descaler" of "kettle descaler". */
function headOf(base: string): string {
  const [thing = ''] = base.split(/ (?:in|of|with|for|from|on|to) /)
  return thing.split(' ').at(-1) ?? ''
}

/** A plural finds the singular: "teapots" is in no name, "teapot" is. */
function stems(text: string): string {
  return text
    .split(' ')
    .map((word) => (word.length > 3 ? word.replace(/(?<=[^s])s$/, '') : word))
    .join(' ')
}
