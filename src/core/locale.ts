/** The languages that members are spoken to in. */
export type Locale = 'en' | 'zh'

export const locales: readonly Locale[] = ['en', 'zh']

/** A text in every language. */
export type Localised = Readonly<Record<Locale, string>>

/** The language of a BCP 47 tag (`zh-CN`, `en_GB`, …), or undefined when it is neither English nor Chinese. */
export function localeOf(tag: string | null | undefined): Locale | undefined {
  const language = tag?.toLowerCase().split(/[-_]/)[0]
  return language === 'en' || language === 'zh' ? language : undefined
}
