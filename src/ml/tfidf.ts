import type { SparseRows } from './spline-basis'
import { createFeatureList, extractFeatures, type FeatureList, featureBlocks } from './text-features'
import type { TextLanguage } from './text-words'

/** The features that were met in training, and how much each says. Immutable. */
export interface TfidfVocabulary {
  readonly language: TextLanguage
  /** Hash of each feature, the commonest first: a feature's column is its place here. */
  readonly hashes: Uint32Array
  readonly idf: Float32Array
}

/** One text's vector: the first `length` places of `columns` and `values`. Reused by the next text: read at once. */
export interface TfidfVector {
  columns: Uint32Array
  values: Float64Array
  length: number
  /** Share of the text's single words, and of its pairs of words, that were met in training; 0 where it has none. */
  knownWords: number
  knownPairs: number
}

export interface TfidfOptions {
  language: TextLanguage
  /** A feature must be in so many training texts. Default 2: what is met once is mostly misspelt. */
  documentsMin?: number
}

/** How much each block of features weighs; found by cross-validation on banking77 and CLINC150. */
const BLOCK_WEIGHTS = { words: 0.8, sequences: 0.7, characters: 1, pairs: 1.4 } as const
const blockWeights = featureBlocks.map((block) => BLOCK_WEIGHTS[block])
const WORDS = featureBlocks.indexOf('words')
const PAIRS = featureBlocks.indexOf('pairs')
/** Less than 1 keeps rare features from drowning the others; cross-validated as well. */
const IDF_POWER = 0.75

/** Learns the vocabulary of a collection of texts. */
export function fitTfidf(texts: readonly string[], { language, documentsMin = 2 }: TfidfOptions): TfidfVocabulary {
  const list = createFeatureList()
  const documents = new Tally()
  for (const [text, said] of texts.entries()) {
    extractFeatures(said, language, list)
    const size = list.ends.at(-1)!
    for (let i = 0; i < size; i++) documents.note(list.hashes[i]! >>> 0, text)
  }
  // The commonest first: what is read most lies together in memory, which makes training twice as fast.
  const kept = documents.commonestFirst(documentsMin)
  const idf = Float32Array.from(kept.counts, (count) => (Math.log((1 + texts.length) / (1 + count)) + 1) ** IDF_POWER)
  return { language, hashes: kept.hashes, idf }
}

/** More texts than there can be; beside a hash it still is a whole number that a double holds. */
const COUNT_END = 2 ** 21

/** In how many texts each feature is: an open-addressing table, since a Map and a Set a text take most of the time. */
class Tally {
  private hashes = new Uint32Array(2 ** 16)
  private counts = new Uint32Array(2 ** 16)
  /** The text that a feature was last met in. */
  private lastIn = new Int32Array(2 ** 16)
  private size = 0

  note(hash: number, text: number): void {
    const slot = this.slotOf(hash)
    if (this.counts[slot] === 0) {
      this.hashes[slot] = hash
      this.size += 1
    } else if (this.lastIn[slot] === text) return
    this.counts[slot]! += 1
    this.lastIn[slot] = text
    if (2 * this.size > this.hashes.length) this.grow()
  }

  /** What is in at least `countMin` texts, by falling count and, where that is equal, rising hash. */
  commonestFirst(countMin: number): { hashes: Uint32Array; counts: Uint32Array } {
    // Count and hash as one number each: sorting numbers takes a tenth of the time that sorting pairs does.
    const keys = new Float64Array(this.size)
    let size = 0
    for (let slot = 0; slot < this.counts.length; slot++) {
      const count = this.counts[slot]!
      if (count > 0 && count >= countMin) keys[size++] = (COUNT_END - count) * 2 ** 32 + this.hashes[slot]!
    }
    const sorted = keys.subarray(0, size).sort()
    return {
      hashes: Uint32Array.from(sorted, (key) => key % 2 ** 32),
      counts: Uint32Array.from(sorted, (key) => COUNT_END - Math.floor(key / 2 ** 32)),
    }
  }

  private slotOf(hash: number): number {
    const mask = this.hashes.length - 1
    let slot = hash & mask
    while (this.counts[slot] !== 0 && this.hashes[slot] !== hash) slot = (slot + 1) & mask
    return slot
  }

  private grow(): void {
    const { hashes, counts, lastIn } = this
    this.hashes = new Uint32Array(2 * hashes.length)
    this.counts = new Uint32Array(2 * hashes.length)
    this.lastIn = new Int32Array(2 * hashes.length)
    for (const [old, hash] of hashes.entries()) {
      if (counts[old] === 0) continue
      const slot = this.slotOf(hash)
      this.hashes[slot] = hash
      this.counts[slot] = counts[old]!
      this.lastIn[slot] = lastIn[old]!
    }
  }
}

/** Turns texts into vectors over a vocabulary. */
export interface TfidfVectoriser {
  vector(text: string): TfidfVector
  rows(texts: readonly string[]): SparseRows
}

export function createTfidfVectoriser({ language, hashes, idf }: TfidfVocabulary): TfidfVectoriser {
  const work: Work = {
    list: createFeatureList(),
    table: tableOf(hashes),
    counts: new Uint16Array(hashes.length),
    idf,
    known: new Uint32Array(featureBlocks.length),
    found: { columns: new Uint32Array(1024), values: new Float64Array(1024), length: 0, knownWords: 0, knownPairs: 0 },
  }
  const vector = (text: string): TfidfVector => {
    extractFeatures(text, language, work.list)
    weigh(work)
    return work.found
  }
  return { vector, rows: (texts) => stack(texts, vector, hashes.length) }
}

/** What a vectoriser works with; all of it is used again for the next text. */
interface Work {
  readonly list: FeatureList
  readonly table: ColumnTable
  /** How often each column is in the text at hand; zeros between texts. */
  readonly counts: Uint16Array
  readonly idf: Float32Array
  /** How many of each block's features are known. */
  readonly known: Uint32Array
  readonly found: TfidfVector
}

/**
 * Sublinear tf times idf (Manning, Raghavan and Schütze 2008, section 6.4), each block brought to its weight as length and
 * the whole to length 1.
 */
function weigh(work: Work): void {
  const { list, table, known, found } = work
  const { hashes, ends } = list
  const size = ends.at(-1)!
  if (found.columns.length < size) {
    found.columns = new Uint32Array(2 * size)
    found.values = new Float64Array(2 * size)
  }
  // Each place of the table is asked for before any is worked on: memory is waited for once, not look by look.
  for (let i = 0; i < size; i++) found.columns[i] = table.places[hashes[i]! & table.mask]!
  found.length = 0
  let from = 0
  let squares = 0
  for (let block = 0; block < ends.length; block++) {
    const start = found.length
    known[block] = count(work, from, ends[block]!)
    if (found.length > start) squares += blockWeights[block]! ** 2
    scaleBlock(work, start, blockWeights[block]!)
    from = ends[block]!
  }
  const scale = 1 / Math.sqrt(squares)
  for (let i = 0; i < found.length; i++) found.values[i]! *= scale
  found.knownWords = known[WORDS]! / (ends[WORDS]! || 1)
  found.knownPairs = known[PAIRS]! / (ends[PAIRS]! - ends[PAIRS - 1]! || 1)
}

/** Adds the columns of one block's features to what was found, with their counts. Returns how many features are known. */
function count({ list: { hashes }, table, counts, found }: Work, from: number, to: number): number {
  const { columns } = found
  let known = 0
  let size = found.length
  for (let i = from; i < to; i++) {
    const column = columnOf(table, hashes[i]!, columns[i]!)
    if (column < 0) continue
    known += 1
    const times = counts[column]!
    if (times === 0) columns[size++] = column
    counts[column] = times + 1
  }
  found.length = size
  return known
}

/** The values of the columns from `start` on, brought to `weight` as length. Empties `counts` again. */
function scaleBlock({ counts, idf, found }: Work, start: number, weight: number): void {
  const { columns, values, length } = found
  let squares = 0
  for (let i = start; i < length; i++) {
    const column = columns[i]!
    const times = counts[column]!
    // Most features are in a text once, and logarithms take time.
    const value = times === 1 ? idf[column]! : (1 + Math.log(times)) * idf[column]!
    counts[column] = 0
    values[i] = value
    squares += value * value
  }
  const scale = weight / Math.sqrt(squares)
  for (let i = start; i < length; i++) values[i]! *= scale
}

function stack(texts: readonly string[], vector: (text: string) => TfidfVector, columns: number): SparseRows {
  const start = new Uint32Array(texts.length + 1)
  let index = new Uint32Array(128 * texts.length + 1024)
  let value = new Float64Array(index.length)
  for (const [row, text] of texts.entries()) {
    const { columns: places, values, length } = vector(text)
    const from = start[row]!
    if (from + length > index.length) {
      index = grown(index, new Uint32Array(2 * (from + length)))
      value = grown(value, new Float64Array(2 * (from + length)))
    }
    index.set(places.subarray(0, length), from)
    value.set(values.subarray(0, length), from)
    start[row + 1] = from + length
  }
  const end = start[texts.length]!
  return { rows: texts.length, columns, start, index: index.slice(0, end), value: value.slice(0, end) }
}

function grown<Values extends Uint32Array | Float64Array>(from: Values, into: Values): Values {
  into.set(from)
  return into
}

/**
 * An open-addressing table from hash to column in one number a place: the column + 1 in the low bits, and above them the same
 * bits of the hash. The bits below are told by the place, so that only what is not where it belongs can be taken for
 * another, one time in thousands. 0 is nothing.
 */
interface ColumnTable {
  readonly places: Uint32Array
  readonly mask: number
  readonly columnMask: number
}

function tableOf(hashes: Uint32Array): ColumnTable {
  const columnMask = 2 ** Math.ceil(Math.log2(hashes.length + 2)) - 1
  const mask = 2 * columnMask + 1
  const places = new Uint32Array(mask + 1)
  for (let column = 0; column < hashes.length; column++) {
    const hash = hashes[column]!
    let slot = hash & mask
    while (places[slot] !== 0) slot = (slot + 1) & mask
    places[slot] = (hash & ~columnMask) | (column + 1)
  }
  return { places, mask, columnMask }
}

/** The column of a hash, given what stands at its first place; −1 for what is not there. */
function columnOf({ places, mask, columnMask }: ColumnTable, hash: number, first: number): number {
  let place = first
  for (let slot = hash & mask; place !== 0; place = places[slot]!) {
    if (((place ^ hash) & ~columnMask) === 0) return (place & columnMask) - 1
    slot = (slot + 1) & mask
  }
  return -1
}
