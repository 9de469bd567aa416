import type { Locale } from '../../core/locale'

const BETWEEN = {
  en: /[,;.?!]+\s+(?:and |also |but |then |plus )*|\s+(?:and|then|plus|also)(?: also| then)?\s+|\n+/gi,
  zh: /(?:[，,。；;？?！!\n]\s*|(?<=\p{Script=Han})\s+(?=\p{Script=Han}))+(?:还有|另外|然后|顺便|以及|再)?|还有|另外|然后|顺便|以及|同时|并且/gu,
} as const
/** Fewer letters ask nothing by themselves. */
const LETTERS_MIN = { en: 6, zh: 2 } as const
const CLAUSES_MAX = 3
/** A longer message tells a story; taking bits of it for questions would be guessing. */
const SAID_MAX = 160

/** The parts of a message that may each ask something: "what are my points and where is my order". Fewer than two are none. */
export function clausesOf(said: string, locale: Locale): string[] {
  if (said.length > SAID_MAX) return []
  const clauses = said
    .split(BETWEEN[locale])
    .map((clause) => clause.trim())
    .filter((clause) => clause.replace(/[^\p{L}]/gu, '').length >= LETTERS_MIN[locale])
  return clauses.length < 2 || clauses.length > CLAUSES_MAX ? [] : clauses
}
