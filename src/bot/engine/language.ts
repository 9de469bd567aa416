import type { Locale } from '../../core/locale'
import type { Turn } from '../contract'
import type { EngineState } from './state'

const HAN = /\p{Script=Han}/u
const LATIN_WORDS = /(?<![\p{L}\p{N}@.-])[a-z]{2,}(?![\p{L}\p{N}@.-]*[@\d])/giu

/**
 * The language to answer in. One that was asked for stays; else the language of what was typed, when it is clearly one:
 * a number, a code, an address or one word of a product's name does not switch.
 */
export function languageOf(turn: Turn, state: EngineState): Locale {
  const last = state.locale ?? turn.locale
  if (state.localeChosen || turn.action) return last
  const { said, understood } = turn
  if (HAN.test(said)) return 'zh'
  if (last === 'en' || understood.locale !== 'en') return last
  const words = said.match(LATIN_WORDS)?.length ?? 0
  return words >= 2 || (words === 1 && understood.intent !== 'none') ? 'en' : last
}
