import type { ChatSettings, Theme } from '../shared/frame-messages'
import { localeOf } from '../shared/locale'

/** What a script tag asks for. */
export interface TagSettings {
  readonly settings: ChatSettings
  readonly tokenUrl?: string
  readonly openAtOnce: boolean
}

/** Reads `data-token` or `data-token-url`, `data-locale`, `data-theme`, `data-title` (and `data-title-zh`), `data-accent` and `data-open` of the script tag. */
export function settingsOf(script: HTMLScriptElement): TagSettings {
  const { token, tokenUrl, locale, theme, title, titleZh, accent, open } = script.dataset
  const settings: ChatSettings = {
    locale: localeOf(locale) ?? localeOf(document.documentElement.lang) ?? localeOf(navigator.language) ?? 'en',
    theme: themeOf(theme),
    ...(token ? { token } : {}),
    ...(title ? { title: { en: title, zh: titleZh ?? title } } : {}),
    ...(accent ? { accent } : {}),
  }
  return { settings, ...(tokenUrl ? { tokenUrl } : {}), openAtOnce: open !== undefined && open !== 'false' }
}

function themeOf(theme: string | undefined): Theme {
  return theme === 'light' || theme === 'dark' ? theme : 'auto'
}
