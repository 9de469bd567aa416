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
    for (let i = 0; i < list.length; i++) documents.note(list.hashes[i]!, text)
  }
  const kept = documents.entries().filter(([, count]) => count >= documentsMin)
  // The commonest first: what is read most lies together in memory, which makes training twice as fast.
  kept.sort(([hashA, countA], [hashB, countB]) => countB - countA || hashA - hashB)
  const hashes = Uint32Array.from(kept, ([hash]) => hash)
  const idf = Float32Array.from(kept, ([, count]) => {
    return (Math.log((1 + texts.length) / (1 + count)) + 1) ** IDF_POWER
  })
  return { language, hashes, idf }
}

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

  entries(): [hash: number, count: number][] {
    const found: [number, number][] = []
    for (const [slot, count] of this.counts.entries()) if (count > 0) found.push([this.hashes[slot]!, count])
    return found
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

export function createTfidfVectoriser(vocabulary: TfidfVocabulary): TfidfVectoriser {
  const table = tableOf(vocabulary.hashes)
  const list = createFeatureList()
  const counts = new Uint16Array(vocabulary.hashes.length)
  const scratch: Scratch = {
    columns: new Uint32Array(1024),
    values: new Float64Array(1024),
    blocks: new Uint8Array(1024),
    length: 0,
    knownWords: 0,
    knownPairs: 0,
  }
  const vector = (text: string): TfidfVector => {
    extractFeatures(text, vocabulary.language, list)
    count(list, table, counts, scratch)
    weigh(scratch, vocabulary.idf, counts)
    return scratch
  }
  return { vector, rows: (texts) => stack(texts, vector, vocabulary.hashes.length) }
}

/** A vector in the making, with the block of each feature. */
interface Scratch extends TfidfVector {
  blocks: Uint8Array
}

/** Finds the columns of a text's features and leaves their counts in `counts`. */
function count(list: FeatureList, table: Int32Array, counts: Uint16Array, into: Scratch): void {
  if (into.columns.length < list.length) {
    into.columns = new Uint32Array(2 * list.length)
    into.values = new Float64Array(2 * list.length)
    into.blocks = new Uint8Array(2 * list.length)
  }
  const { columns, blocks: blocksInto } = into
  let size = 0
  const all = new Float64Array(featureBlocks.length)
  const known = new Float64Array(featureBlocks.length)
  const { hashes, blocks, length } = list
  // Each place of the table is asked for before any is worked on: memory is waited for once, not look by look.
  const mask = (table.length >> 1) - 1
  for (let i = 0; i < length; i++) columns[i] = table[2 * (hashes[i]! & mask)]!
  for (let i = 0; i < length; i++) {
    const block = blocks[i]!
    const column = columnOf(table, hashes[i]! | 0)
    all[block]! += 1
    if (column < 0) continue
    known[block]! += 1
    const times = counts[column]!
    if (times === 0) {
      columns[size] = column
      blocksInto[size++] = block
    }
    counts[column] = times + 1
  }
  into.length = size
  into.knownWords = known[WORDS]! / (all[WORDS]! || 1)
  into.knownPairs = known[PAIRS]! / (all[PAIRS]! || 1)
}

/**
 * Sublinear tf times idf (Manning, Raghavan and Schütze 2008, section 6.4), each block brought to its weight as length and
 * the whole to length 1. Empties `counts` again.
 */
function weigh({ columns, values, blocks, length: size }: Scratch, idf: Float32Array, counts: Uint16Array): void {
  const squares = new Float64Array(featureBlocks.length)
  for (let i = 0; i < size; i++) {
    const column = columns[i]!
    const times = counts[column]!
    // Most features are in a text once, and logarithms take time.
    const value = times === 1 ? idf[column]! : (1 + Math.log(times)) * idf[column]!
    counts[column] = 0
    values[i] = value
    squares[blocks[i]!]! += value * value
  }
  let total = 0
  const scales = new Float64Array(featureBlocks.length)
  for (let block = 0; block < squares.length; block++) {
    if (squares[block] === 0) continue
    scales[block] = blockWeights[block]! / Math.sqrt(squares[block]!)
    total += blockWeights[block]! ** 2
  }
  const length = Math.sqrt(total)
  for (let i = 0; i < size; i++) values[i]! *= scales[blocks[i]!]! / length
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
 * An open-addressing table from hash to column: a place of it is a hash and its column + 1 beside it, so that a look reads one
 * piece of memory. A column of 0 is nothing.
 */
function tableOf(hashes: Uint32Array): Int32Array {
  const size = 2 ** Math.ceil(Math.log2(2 * hashes.length + 2))
  const table = new Int32Array(2 * size)
  const mask = size - 1
  for (let column = 0; column < hashes.length; column++) {
    let slot = hashes[column]! & mask
    while (table[2 * slot + 1] !== 0) slot = (slot + 1) & mask
    table[2 * slot] = hashes[column]!
    table[2 * slot + 1] = column + 1
  }
  return table
}

/** The column of a hash, as the table has it (signed); −1 for what is not there. */
function columnOf(table: Int32Array, hash: number): number {
  const mask = (table.length >> 1) - 1
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const place = table[2 * slot + 1]!
    if (place === 0 || table[2 * slot] === hash) return place - 1
  }
}
