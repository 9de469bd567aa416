import { type Locale, locales } from '../../core/locale'
import { isTraditional, traditional } from '../kit/traditional'
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
  if (isAmong(notUnderstood, answer)) return 'not-understood'
  return isAmong(failed, answer) ? 'failed' : undefined
}

/** A log holds what was shown: in traditional characters to who writes them. */
function isAmong(texts: ReadonlySet<string>, answer: string): boolean {
  return (
    texts.has(answer) || (isTraditional(answer) === true && [...texts].some((text) => traditional(text) === answer))
  )
}
