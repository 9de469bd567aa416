import type { Locale } from '../../core/locale'
import type { Understanding } from '../contract'

/** What there is to understand in a turn without words. */
export function nothingUnderstood(locale: Locale): Understanding {
  const entities = { numbers: [], couponCodes: [], orderCodes: [], emails: [], products: [], categories: [] }
  return { locale, intent: 'none', score: 0, alternatives: [], entities }
}
