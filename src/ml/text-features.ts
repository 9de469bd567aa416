import { remembered, stemOf, type TextLanguage, wordsOf } from './text-words'

/**
 * What a text is described by. `words` and `sequences` are single words and neighbours; `characters` are runs of 3 to 5
 * within a word (for Chinese: runs of 3), which survive misspellings; `pairs` are any two words of a text in any order,
 * which lets a linear model weigh "card … lost" otherwise than "card" and "lost" (a quadratic kernel written out).
 */
export const featureBlocks = ['words', 'sequences', 'characters', 'pairs'] as const
export type FeatureBlock = (typeof featureBlocks)[number]

/**
 * The features of one text as 32-bit hashes, block after block: those of block b are the places ends[b − 1] … ends[b] − 1
 * (from 0 for the first). Reused: read at once.
 */
export interface FeatureList {
  hashes: Int32Array
  readonly ends: Uint32Array
}

export function createFeatureList(): FeatureList {
  return { hashes: new Int32Array(1024), ends: new Uint32Array(featureBlocks.length) }
}

const WORDS = 0
const SEQUENCES = 1
const CHARACTERS = 2
const PAIRS = 3
const RUN_MIN = 3
const RUN_MAX = 5
/** Pairs grow with the square of the words; what comes later in a long text adds little. */
const PAIRED_WORDS_MAX = 30
const START = '^'
const END = '$'
const NO_RUNS = new Int32Array()

/** What a word says by itself, whatever stands beside it: the hashes of it, of its runs, and of it as one of a pair. */
interface WordParts {
  readonly word: number
  readonly runs: Int32Array
  readonly paired: number
}

/** By language. People use the same words, and their runs are most of a text's features. */
const partsOf: Readonly<Record<TextLanguage, (word: string) => WordParts>> = {
  en: remembered((word) => ({
    word: hashOf(word, WORDS),
    runs: runsOf(word),
    paired: hashOf(stemOf(word), PAIRS + 30),
  })),
  zh: remembered((word) => ({ word: hashOf(word, WORDS), runs: NO_RUNS, paired: hashOf(word, PAIRS + 30) })),
}

/** Lists the features of a text into `list`, a feature as often as it occurs. */
export function extractFeatures(text: string, language: TextLanguage, list: FeatureList): void {
  const words = wordsOf(text)
  list.ends.fill(0)
  if (words.length === 0) return
  const parts = words.map(partsOf[language])
  makeRoom(list, parts)
  const { hashes, ends } = list
  let size = 0
  for (const { word } of parts) hashes[size++] = word
  ends[WORDS] = size
  let before = START_WORD
  for (const { word } of parts) {
    hashes[size++] = ofTwo(before, word, SEQUENCES + 10)
    before = word
  }
  hashes[size++] = ofTwo(before, END_WORD, SEQUENCES + 10)
  ends[SEQUENCES] = size
  size = language === 'zh' ? addThrees(parts, hashes, size) : addRuns(parts, hashes, size)
  ends[CHARACTERS] = size
  ends[PAIRS] = addPairs(parts, hashes, size)
}

function makeRoom(list: FeatureList, parts: readonly WordParts[]): void {
  let size = 3 * parts.length + 1 + PAIRED_WORDS_MAX ** 2 / 2
  for (const { runs } of parts) size += runs.length
  if (size > list.hashes.length) list.hashes = new Int32Array(2 * size)
}

function addRuns(parts: readonly WordParts[], hashes: Int32Array, from: number): number {
  let size = from
  for (const { runs } of parts) for (let i = 0; i < runs.length; i++) hashes[size++] = runs[i]!
  return size
}

function addThrees(parts: readonly WordParts[], hashes: Int32Array, from: number): number {
  for (let i = 0; i < parts.length; i++) {
    const start = ofTwo(parts[i - 1]?.word ?? START_WORD, parts[i]!.word, CHARACTERS + 20)
    hashes[from + i] = ofTwo(start, parts[i + 1]?.word ?? END_WORD, CHARACTERS + 20)
  }
  return from + parts.length
}

const paired = new Int32Array(PAIRED_WORDS_MAX)

function addPairs(parts: readonly WordParts[], hashes: Int32Array, from: number): number {
  let count = 0
  for (let i = 0; i < parts.length && count < PAIRED_WORDS_MAX; i++) {
    const hash = parts[i]!.paired
    let at = 0
    while (at < count && paired[at] !== hash) at += 1
    if (at === count) paired[count++] = hash
  }
  let size = from
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      // In either order the same, so that "lost my card" meets "my card is lost".
      const [one, other] = [paired[i]!, paired[j]!]
      hashes[size++] = one < other ? ofTwo(one, other, PAIRS + 40) : ofTwo(other, one, PAIRS + 40)
    }
  }
  return size
}

/** Runs of 3 to 5 characters of a word with a space at each end. */
function runsOf(word: string): Int32Array {
  const marked = ` ${word} `
  const runs: number[] = []
  for (let from = 0; from + RUN_MIN <= marked.length; from++) {
    let hash = CHARACTERS + 20
    const to = Math.min(marked.length, from + RUN_MAX)
    for (let at = from; at < to; at++) {
      hash = step(hash, marked.charCodeAt(at))
      if (at - from + 1 >= RUN_MIN) runs.push(finish(hash))
    }
  }
  return Int32Array.from(runs)
}

function hashOf(text: string, seed: number): number {
  let hash = seed
  for (let i = 0; i < text.length; i++) hash = step(hash, text.charCodeAt(i))
  return finish(hash)
}

function ofTwo(first: number, second: number, seed: number): number {
  return finish(step(step(seed, first), second))
}

const START_WORD = hashOf(START, WORDS)
const END_WORD = hashOf(END, WORDS)

/** One round of MurmurHash3 (Appleby, x86 32 bits): at 100,000 features about one pair in all shares a hash. */
function step(hash: number, value: number): number {
  let mixed = Math.imul(value, 0xcc9e2d51)
  mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
  const joined = hash ^ mixed
  return (Math.imul((joined << 13) | (joined >>> 19), 5) + 0xe6546b64) | 0
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
