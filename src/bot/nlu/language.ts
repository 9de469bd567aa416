import type { Locale } from '../../core/locale'

const HAN = /\p{Script=Han}/gu
const LATIN_WORD = /\p{Script=Latin}{2,}/gu
/** A Chinese sentence with a brand or a code in it is Chinese; an English one that quotes a word or two is English. */
const WORDS_PER_HAN = 1

/**
 * The language of a text: Chinese where there are at least as many Chinese characters as Latin words, English where there are
 * more words; undefined where letters do not tell (numbers, codes, emoji, other scripts), so that the conversation's stays.
 */
export function languageOf(said: string): Locale | undefined {
  const characters = said.match(HAN)?.length ?? 0
  const words = said.replace(CODES, ' ').match(LATIN_WORD)?.length ?? 0
  if (characters === 0 && words === 0) return undefined
  return characters >= WORDS_PER_HAN * words ? 'zh' : 'en'
}

/** Codes, addresses and links are in no language. */
const CODES = /\S*[@\d]\S*|https?:\S*/g
