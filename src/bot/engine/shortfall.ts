import { type Locale, locales } from '../../core/locale'
import { apology } from '../turn/words'
import { type EngineWords, en } from './replies.en'
import { zh } from './replies.zh'

const words: Readonly<Record<Locale, EngineWords>> = { en, zh }

const notUnderstood = new Set(
  locales.flatMap((locale) => {
    const { tooLong, rephrase, choose, chooseOpen, person } = words[locale]
    return [tooLong, rephrase, choose, chooseOpen, person]
  }),
)

const failed = new Set(locales.flatMap((locale) => [apology(locale, 'failed').text, apology(locale, 'slow').text]))

/** Whether an answer is one of those with which the bot says that it did not understand, or that something failed. */
export function shortfallOf(answer: string): 'not-understood' | 'failed' | undefined {
  if (notUnderstood.has(answer)) return 'not-understood'
  return failed.has(answer) ? 'failed' : undefined
}
