import type { Locale } from '../shared/locale'
import { pageWords } from './words'

/** The head of both pages: the shop, the ways between the pages, the language, and that all this is a demo. */
export function TopBar(props: { locale: Locale; here: 'shop' | 'mailbox'; onLocale: (locale: Locale) => void }) {
  const { locale, here, onLocale } = props
  const words = pageWords[locale]
  return (
    <header>
      <p class="ribbon">
        <strong>{words.demo}</strong> {words.demoMeans}
      </p>
      <div class="top">
        <a class="brand" href="./">
          <Cup />
          <span>{words.shopName}</span>
        </a>
        <nav aria-label={words.pages}>
          {here === 'shop' ? <a href="./mailbox">{words.mailbox}</a> : <a href="./">{words.shop}</a>}
          <a href="./console">{words.console}</a>
          <button
            type="button"
            lang={locale === 'zh' ? 'en' : 'zh-CN'}
            onClick={() => onLocale(locale === 'zh' ? 'en' : 'zh')}
          >
            {words.otherLanguage}
          </button>
        </nav>
      </div>
    </header>
  )
}

function Cup() {
  return (
    <svg viewBox="0 0 32 32" width="34" height="34" aria-hidden="true" focusable="false">
      <rect class="cup-ground" width="32" height="32" rx="9" />
      <path
        class="cup-line"
        d="M8 13.5h12.5v6a5 5 0 0 1-5 5H13a5 5 0 0 1-5-5zM20.5 15h1.3a2.7 2.7 0 0 1 0 5.400h-1.500M11.700 9.800c-.9-1.200.9-1.900 0-3.300M16.200 9.800c-.9-1.200.9-1.900 0-3.300"
      />
    </svg>
  )
}
