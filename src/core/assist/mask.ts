import type { Locale } from '../locale'

/** What stands in place of what was taken out, in the language of the text. */
const placeholders = {
  en: { name: '[name]', email: '[e-mail]', link: '[link]', code: '[code]', number: '[number]', address: '[address]' },
  zh: { name: '[姓名]', email: '[邮箱]', link: '[链接]', code: '[编号]', number: '[号码]', address: '[地址]' },
} as const satisfies Readonly<Record<Locale, Readonly<Record<string, string>>>>

const EMAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu
const LINK = /(?:https?:\/\/|www\.)[^\s<>"'，。；）)]+/giu
const STREET_EN =
  /\b\d{1,5}[a-z]?,?\s+(?:\p{Lu}[\p{L}'’]*\s+){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Way|Close|Court|Square|Place|Gardens|Terrace)\b\.?/gu
const STREET_ZH =
  /[\p{Script=Han}]{1,12}(?:路|街|巷|弄|大道)\s*\d+\s*号(?:[\p{Script=Han}\d]{0,12}(?:室|楼|单元|栋))?/gu
/** Letters and digits mixed, with separators or without: order numbers, coupon codes, postcodes. */
const CODE =
  /(?<![\p{Script=Latin}\p{N}])(?=[A-Za-z0-9_-]*\d)(?=[A-Za-z0-9_-]*[A-Za-z])[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*(?![\p{Script=Latin}\p{N}])/gu
/** "3rd", "24h", "500g", "2pm" are no codes. */
const QUANTITY = /^\d{1,4}(?:st|nd|rd|th|am|pm|h|hrs?|min|mins|days?|kg|g|mg|l|ml|cm|mm|m|x|k)$/i
/** Numbers as people write them, with spaces and signs between. */
const NUMBER =
  /(?<![\p{L}\p{N}[])[+(]?\d(?:[\d\s().,:/-]*\d)?(?![\p{L}\p{N}])|(?<=\p{Script=Han})\d(?:[\d.,:-]*\d)?|\d(?:[\d.,:-]*\d)?(?=\p{Script=Han})/gu
/** What so few digits say (3–5 days, 24 hours, 10%) is nobody's secret. */
const DIGITS_KEPT_MAX = 2
const GREETING =
  /(?<=(?:^|[.!?\n]\s*)(?:Hi|Hello|Hey|Dear|Good (?:morning|afternoon|evening)|Thanks|Thank you|Sorry),?\s+(?:(?:Mr|Mrs|Ms|Miss|Dr)\.?\s+)?)(?!(?:Mr|Mrs|Ms|Miss|Dr|Sir|Madam|All)\b)(?!(?:there|again|and|for|to|you|the|we|I)\b)\p{Lu}[\p{L}'’-]+/gu
const SIGNED =
  /(?<=(?:regards|wishes|best|cheers|sincerely|yours),?\s*\n?\s*)\p{Lu}[\p{L}'’-]+(?:\s+\p{Lu}[\p{L}'’-]+)?\s*$/giu

/**
 * Takes personal data out of a text before another member's agent sees it: the given names (whole, and each part of two
 * characters or more), e-mail and street addresses, links, codes, and numbers of more than two digits. What is not told
 * by its form, such as a third person's name within a sentence, stays.
 */
export function maskPersonal(text: string, { names, locale }: { names: readonly string[]; locale: Locale }): string {
  const put = placeholders[locale]
  let masked = text
    .replace(EMAIL, put.email)
    .replace(LINK, put.link)
    .replace(STREET_EN, put.address)
    .replace(STREET_ZH, put.address)
  for (const name of partsOf(names)) masked = masked.replace(namePattern(name), put.name)
  return masked
    .replace(GREETING, put.name)
    .replace(SIGNED, put.name)
    .replace(CODE, (code) => (QUANTITY.test(code) ? code : put.code))
    .replace(NUMBER, (number) => maskedNumber(number, put.number))
}

/** Ranges, fractions and times keep their short parts; anything with a longer run, or many short ones, goes. */
function maskedNumber(number: string, placeholder: string): string {
  const runs = number.match(/\d+/g) ?? []
  const isShort = runs.every((run) => run.length <= DIGITS_KEPT_MAX)
  return isShort && runs.length <= 2 ? number : placeholder
}

/** The longest first, so that a whole name goes before its parts do. */
function partsOf(names: readonly string[]): string[] {
  const parts = names.flatMap((name) => [name, ...name.split(/[\s,.·・]+/)]).map((part) => part.trim())
  return [...new Set(parts)].filter((part) => part.length >= 2).sort((left, right) => right.length - left.length)
}

function namePattern(name: string): RegExp {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  // Chinese writes no spaces around a name.
  const edge = /\p{Script=Han}/u.test(name) ? ['', ''] : ['(?<![\\p{L}\\p{N}])', '(?![\\p{L}\\p{N}])']
  return new RegExp(`${edge[0]}${escaped}${edge[1]}`, 'giu')
}
