// The one stemmer: natural's index loads those of sixteen languages.
const PorterStemmer: typeof import('natural/lib/natural/stemmers').PorterStemmer = require('natural/lib/natural/stemmers/porter_stemmer')

/** How a language is taken apart: English by words, Chinese, which writes no spaces, by characters. */
export type TextLanguage = 'en' | 'zh'

const MARKS = /[’‘`´]/g
const WORD = /\p{Script=Han}|[\p{L}\p{M}]+(?:'[\p{L}]+)*|\p{N}+/gu
/** Words of one text that are looked at; what is longer is no question. */
const WORDS_MAX = 250
/** All numbers are one word: how many is for the entities, not for the intent. */
const NUMBER_WORD = '#'
/** So many words are remembered, and none that is longer: a long piece of a string keeps all of it in memory. */
const REMEMBERED_MAX = 20_000
const REMEMBERED_LENGTH_MAX = 12

/** The words of a text in lower case, contractions written out, every number as "#". A Chinese character is a word. */
export function wordsOf(text: string): string[] {
  const plain = text.normalize('NFKC').toLowerCase().replace(MARKS, "'")
  const words: string[] = []
  WORD.lastIndex = 0
  for (let found = WORD.exec(plain); found && words.length < WORDS_MAX; found = WORD.exec(plain)) {
    words.push(...writtenOut(found[0]))
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
const writtenOut = remembered((word: string): readonly string[] => {
  if (/^\p{N}/u.test(word)) return [NUMBER_WORD]
  const negated = Object.hasOwn(NOT_FORMS, word)
    ? NOT_FORMS[word]
    : word.endsWith("n't")
      ? word.slice(0, -3)
      : NOT_WITHOUT_MARK.exec(word)?.[1]
  if (negated !== undefined) return [negated, 'not']
  const known = Object.hasOwn(WITHOUT_MARK, word) ? WITHOUT_MARK[word] : undefined
  if (known) return known
  const [, start, ending] = /^(.+)'(m|re|ve|ll|s|d)$/.exec(word) ?? []
  return start === undefined || ending === undefined ? [word] : [start, ENDINGS[ending] ?? "'s"]
})

/** Porter's stem of a word; natural's stemmer takes some 5 µs. */
export const stemOf = remembered((word: string): string => PorterStemmer.stem(word))

/** The same function, which remembers what it said of words: people use the same ones. */
export function remembered<Said>(say: (word: string) => Said): (word: string) => Said {
  const sayings = new Map<string, Said>()
  return (word) => {
    const known = sayings.get(word)
    if (known !== undefined) return known
    const said = say(word)
    if (word.length > REMEMBERED_LENGTH_MAX) return said
    if (sayings.size >= REMEMBERED_MAX) sayings.clear()
    sayings.set(word, said)
    return said
  }
}
