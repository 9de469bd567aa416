import type { Locale } from '../../core/locale'
import type { Understanding } from '../contract'
import { cleanText } from './clean-text'
import type { Incoming } from './incoming'

/** Finds out what a text means, in the language given where the text does not tell its own. */
export type Recognise = (said: string, options: { locale?: Locale }) => Understanding

/** What was said in a message; what it means is found out once it is asked for. */
export interface Heard {
  /** Empty for what is no message. */
  readonly said: string
  understand(locale: Locale): Understanding
}

/** A turn may be tried again, and guesses before it begins: recognising takes time, and its answer is kept for all of that. */
export function hear({ content }: Incoming, recognise: Recognise): Heard {
  const said = content.kind === 'message' ? cleanText(content.text) : ''
  const hasAction = content.kind === 'message' && content.action !== undefined
  let known: { askedIn: Locale; understanding: Understanding } | undefined
  return {
    said,
    understand(locale) {
      if (said === '' || hasAction) return nothingUnderstood(locale)
      // A text in the language that is asked for now is understood alike, whichever was asked for then.
      if (known?.askedIn !== locale && known?.understanding.locale !== locale) {
        known = { askedIn: locale, understanding: recognise(said, { locale }) }
      }
      return known.understanding
    },
  }
}

/** What there is to understand in a turn without words. */
export function nothingUnderstood(locale: Locale): Understanding {
  const entities = { numbers: [], couponCodes: [], orderCodes: [], emails: [], products: [], categories: [] }
  return { locale, intent: 'none', score: 0, alternatives: [], entities }
}
