import { Culture } from '@microsoft/recognizers-text'
import { NumberOptions, recognizeNumber, recognizeOrdinal } from '@microsoft/recognizers-text-number'
import type { Locale } from '../../core/locale'
import type { Entities } from '../contract'

const EMAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu
/** Groups of letters and digits as coupon codes are written: joined by hyphens, in capitals with spaces, or in one run. */
const COUPON_CODE =
  /\b(?=[0-9A-Z-]*\d)[0-9A-Z]{3,5}(?:-[0-9A-Z]{1,5}){2,5}\b|\b(?=[0-9A-Za-z]*\d)(?=[0-9A-Za-z]*[A-Za-z])[0-9A-Za-z]{12,24}\b/gi
const SPACED_CODE = /\b(?=[0-9A-Z ]*\d)[0-9A-Z]{4}(?: [0-9A-Z]{4}){2,4}(?: [0-9A-Z]{1,3})?\b/g
const ORDER_CODE = /\b(?:[A-Z]{1,3}-?)?\d{4,10}(?:-\d{1,4})?\b/gi

/** What else a text holds, besides its intent: numbers, a place in a list, codes, addresses. Catalogue names come from names.ts. */
export function plainEntities(said: string, locale: Locale): Omit<Entities, 'products' | 'categories'> {
  const emails = said.match(EMAIL) ?? []
  const withoutEmails = said.replace(EMAIL, ' ')
  const couponCodes = [...(withoutEmails.match(COUPON_CODE) ?? []), ...(withoutEmails.match(SPACED_CODE) ?? [])]
  const rest = couponCodes.reduce((text, code) => text.replace(code, ' '), withoutEmails)
  const orderCodes = rest.match(ORDER_CODE) ?? []
  const ordinal = ordinalIn(rest, locale)
  return {
    // The "second one" is a place in a list, neither 2 nor 1 of anything.
    numbers: numbersIn(rest.replace(ORDINAL_WORDS[locale], ' '), locale),
    ...(ordinal === undefined ? {} : { ordinal }),
    couponCodes,
    orderCodes,
    emails,
  }
}

const NUMBER_HINT = {
  en: /\d|\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|dozen|half|couple)\b/i,
  zh: /\d|[零〇一二两俩三四五六七八九十百千万半]/,
}

function numbersIn(text: string, locale: Locale): number[] {
  // The recogniser costs a millisecond or more; most texts have no number at all.
  if (!NUMBER_HINT[locale].test(text)) return []
  if (locale === 'zh') return recognizeNumber(spaced(text), 'zh-cn', NumberOptions.None).flatMap(numberOf)
  return recognizeNumber(text, Culture.English).flatMap(numberOf)
}

/** 两个 and 俩 are "two" to people, and not to the recogniser. */
function spaced(text: string): string {
  return text.replace(/[两俩](?=[^百千万]|$)/g, '二')
}

function numberOf({ resolution }: { resolution?: Record<string, unknown> }): number[] {
  const value = Number(resolution?.value)
  return Number.isFinite(value) ? [value] : []
}

const LAST = { en: /\b(?:the )?last(?: one)?\b/i, zh: /最后(?:一)?[个张条项]/ }
/** An ordinal with what it stands before: its words are no numbers. */
const ORDINAL_WORDS = {
  en: /\b(?:first|second|third|(?:four|fif|six|seven|eigh|nin|ten|eleven|twelf)th|last|\d+(?:st|nd|rd|th))\b(?: ones?\b)?/gi,
  zh: /第[\d零〇一二两三四五六七八九十百]+|最后(?:一)?[个张条项]/g,
}
const PLAIN_ORDINAL = {
  en: /\b(?:first|second|third|\w+th|\d+(?:st|nd|rd|th))\b/i,
  zh: /第[\d零〇一二两三四五六七八九十百]+/,
}

function ordinalIn(text: string, locale: Locale): number | undefined {
  if (PLAIN_ORDINAL[locale].test(text)) {
    const [first] = recognizeOrdinal(text, locale === 'zh' ? 'zh-cn' : Culture.English).flatMap(numberOf)
    if (first !== undefined) return first
  }
  return LAST[locale].test(text) ? -1 : undefined
}
