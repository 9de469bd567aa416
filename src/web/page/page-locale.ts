import { type Locale, localeOf } from '../shared/locale'

const storageKey = 'demo:locale'

/** The language last chosen in this tab, or the browser's. */
export function readLocale(): Locale {
  return localeOf(sessionStorage.getItem(storageKey)) ?? localeOf(navigator.language) ?? 'en'
}

/** Remembers the language and says it in the page's own `lang`. */
export function writeLocale(locale: Locale): void {
  sessionStorage.setItem(storageKey, locale)
  document.documentElement.lang = locale === 'zh' ? 'zh-CN' : 'en-GB'
}
