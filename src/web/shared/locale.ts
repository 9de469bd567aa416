/** The languages of all pages. */
export type Locale = 'en' | 'zh'

/** The language of a BCP 47 tag, or undefined when it is neither. */
export function localeOf(tag: string | null | undefined): Locale | undefined {
  const language = tag?.toLowerCase().split(/[-_]/)[0]
  return language === 'en' || language === 'zh' ? language : undefined
}
