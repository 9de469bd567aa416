import { stemOf, type TextLanguage, wordsOf } from './text-words'

/**
 * What a text is described by. `words` and `sequences` are single words and neighbours; `characters` are runs of 2 to 5
 * within a word (for Chinese: runs of 3), which survive misspellings; `pairs` are any two words of a text in any order,
 * which lets a linear model weigh "card … lost" otherwise than "card" and "lost" (a quadratic kernel written out).
 */
export const featureBlocks = ['words', 'sequences', 'characters', 'pairs'] as const
export type FeatureBlock = (typeof featureBlocks)[number]

/** The features of one text: 32-bit hashes, and for each the place of its block in `featureBlocks`. Reused: read at once. */
export interface FeatureList {
  hashes: Uint32Array
  blocks: Uint8Array
  length: number
}

export function createFeatureList(): FeatureList {
  return { hashes: new Uint32Array(1024), blocks: new Uint8Array(1024), length: 0 }
}

const WORDS = 0
const SEQUENCES = 1
const CHARACTERS = 2
const PAIRS = 3
const RUN_MIN = 2
const RUN_MAX = 5
/** Pairs grow with the square of the words; what comes later in a long text adds little. */
const PAIRED_WORDS_MAX = 30
const START = '^'
const END = '$'

/** Lists the features of a text into `list`, a feature as often as it occurs. */
export function extractFeatures(text: string, language: TextLanguage, list: FeatureList): void {
  list.length = 0
  const words = wordsOf(text)
  if (words.length === 0) return
  for (const word of words) push(list, hashOf(word, WORDS), WORDS)
  let before = START
  for (const word of [...words, END]) {
    push(list, hashOf(word, hashOf(before, SEQUENCES + 10)), SEQUENCES)
    before = word
  }
  if (language === 'zh') threes(words, list)
  else for (const word of words) runs(word, list)
  pairs(language === 'zh' ? words : words.map(stemOf), list)
}

/** Runs of 2 to 5 characters of a word with a space at each end. */
function runs(word: string, list: FeatureList): void {
  const marked = ` ${word} `
  for (let from = 0; from + RUN_MIN <= marked.length; from++) {
    let hash = CHARACTERS + 20
    const to = Math.min(marked.length, from + RUN_MAX)
    for (let at = from; at < to; at++) {
      hash = step(hash, marked.charCodeAt(at))
      if (at - from + 1 >= RUN_MIN) push(list, finish(hash), CHARACTERS)
    }
  }
}

function threes(words: readonly string[], list: FeatureList): void {
  const marked = [START, ...words, END]
  for (let at = 0; at + 2 < marked.length; at++) {
    const hash = hashOf(marked[at + 1]!, hashOf(marked[at]!, CHARACTERS + 20))
    push(list, hashOf(marked[at + 2]!, hash), CHARACTERS)
  }
}

function pairs(words: readonly string[], list: FeatureList): void {
  const hashes = [...new Set(words)].slice(0, PAIRED_WORDS_MAX).map((word) => hashOf(word, PAIRS + 30))
  for (let i = 0; i < hashes.length; i++) {
    for (let j = i + 1; j < hashes.length; j++) {
      // In either order the same, so that "lost my card" meets "my card is lost".
      const low = Math.min(hashes[i]!, hashes[j]!)
      const high = Math.max(hashes[i]!, hashes[j]!)
      push(list, finish(step(step(PAIRS + 40, low), high)), PAIRS)
    }
  }
}

function push(list: FeatureList, hash: number, block: number): void {
  if (list.length === list.hashes.length) {
    const hashes = new Uint32Array(2 * list.length)
    hashes.set(list.hashes)
    list.hashes = hashes
    const blocks = new Uint8Array(2 * list.length)
    blocks.set(list.blocks)
    list.blocks = blocks
  }
  list.hashes[list.length] = hash
  list.blocks[list.length] = block
  list.length += 1
}

function hashOf(text: string, seed: number): number {
  let hash = seed
  for (let i = 0; i < text.length; i++) hash = step(hash, text.charCodeAt(i))
  return finish(hash)
}

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
  return (mixed ^ (mixed >>> 16)) >>> 0
}
