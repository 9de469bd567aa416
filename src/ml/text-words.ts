// The one stemmer: natural's index loads those of sixteen languages.
const PorterStemmer: typeof import('natural/lib/natural/stemmers').PorterStemmer = require('natural/lib/natural/stemmers/porter_stemmer')

/** How a language is taken apart: English by words, Chinese, which writes no spaces, by characters. */
export type TextLanguage = 'en' | 'zh'

const WORD = /\p{Script=Han}|[\p{L}\p{M}]+(?:'[\p{L}]+)*|\p{N}+/gu
/** Words of one text that are looked at; what is longer is no question. */
const WORDS_MAX = 250
/** All numbers are one word: how many is for the entities, not for the intent. */
const NUMBER_WORD = '#'

/** The words of a text in lower case, contractions written out, every number as "#". A Chinese character is a word. */
export function wordsOf(text: string): string[] {
  const words: string[] = []
  for (const [word] of text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’‘`´]/g, "'")
    .matchAll(WORD)) {
    if (words.length >= WORDS_MAX) break
    if (/^\p{N}/u.test(word)) words.push(NUMBER_WORD)
    else pushWrittenOut(word, words)
  }
  return words
}

const NOT_FORMS: Readonly<Record<string, string>> = {
  "can't": 'can',
  cant: 'can',
  cannot: 'can',
  "won't": 'will',
  wont: 'will',
}
const NOT_WITHOUT_MARK = /^(do|does|did|is|was|have|has|had|would|could|should|are|were)nt$/
const ENDINGS: Readonly<Record<string, string>> = { m: 'am', re: 'are', ve: 'have', ll: 'will', d: 'would' }
const WITHOUT_MARK: Readonly<Record<string, readonly string[]>> = {
  im: ['i', 'am'],
  ive: ['i', 'have'],
  whats: ['what', "'s"],
}

/** "don't" says "do not", and people leave the apostrophe out. */
function pushWrittenOut(word: string, into: string[]): void {
  const negated = Object.hasOwn(NOT_FORMS, word)
    ? NOT_FORMS[word]
    : word.endsWith("n't")
      ? word.slice(0, -3)
      : NOT_WITHOUT_MARK.exec(word)?.[1]
  if (negated !== undefined) {
    into.push(negated, 'not')
    return
  }
  const known = Object.hasOwn(WITHOUT_MARK, word) ? WITHOUT_MARK[word] : undefined
  if (known) {
    into.push(...known)
    return
  }
  const [, start, ending] = /^(.+)'(m|re|ve|ll|s|d)$/.exec(word) ?? []
  if (start === undefined || ending === undefined) into.push(word)
  else into.push(start, ENDINGS[ending] ?? "'s")
}

const stems = new Map<string, string>()
const STEMS_MAX = 50_000

/** Porter's stem of a word. Remembered, because natural's stemmer takes some 5 µs and people use the same words. */
export function stemOf(word: string): string {
  const known = stems.get(word)
  if (known !== undefined) return known
  const stem = PorterStemmer.stem(word)
  if (stems.size >= STEMS_MAX) stems.clear()
  stems.set(word, stem)
  return stem
}
