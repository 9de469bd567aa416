import type { Locale } from '../../core/locale'

type Recognisers = typeof import('@microsoft/recognizers-text-number')
let loaded: Recognisers | undefined

/** Loaded by the first text with a number word in it: it takes 100 ms that a start should not wait for. */
function recognisers(): Recognisers {
  loaded ??= require('@microsoft/recognizers-text-number') as Recognisers
  return loaded
}

const CULTURE = { en: 'en-us', zh: 'zh-cn' } as const

/** Words without which there is no number: the recogniser takes up to a millisecond, and most texts have none. */
const HINT = {
  en: /\d|\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|thousand|million|dozens?|half|couple|pair)\b/i,
  zh: /\d|[零〇一二两俩三四五六七八九十百千万半壹贰叁肆伍陆柒捌玖拾佰仟]/,
} as const

/** "The other one" counts nothing, and 看一下 is no 1. */
const NOT_COUNTED = {
  en: /(?<=\b(?:the|a) (?!number |no |nr |option |item )(?:[\p{L}\d£$€%-]+ ){1,3})ones?\b|\b(?:this|that|which|another|other|new|same|right|wrong|best|cheapest|only|any|every|some|no|last|next) ones?\b|\bone of\b|\bhalf an hour\b/giu,
  zh: /一下|一些|一点|一直|一起|一样|一般|一定|一会|一共|一切|一旦|一边|第一次|唯一|统一|万一|千万|十分|有点儿?|半天|一个人|一步|三方|四处|百分之?|星期[一二三四五六]|周[一二三四五六]/g,
} as const

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\ba (?:couple|pair)(?: of)?\b/gi, '2 '],
  [/\bhalf a dozen\b/gi, '6'],
]

/**
 * How much of a text is searched: the recognisers take time with its square, most of a second for a thousand numerals, and
 * nobody counts that far into a message.
 */
const SEARCHED_MAX = 200

/** Whole and decimal numbers in reading order: digits, number words, Chinese numerals. `text` has its full-width forms folded. */
export function numbersIn(text: string, locale: Locale): number[] {
  const counted = text.slice(0, SEARCHED_MAX).replace(NOT_COUNTED[locale], ' ')
  const numbers = locale === 'zh' ? chineseNumbers(counted) : englishNumbers(counted)
  return numbers.filter(Number.isFinite)
}

function englishNumbers(text: string): number[] {
  if (!HINT.en.test(text)) return []
  const prepared = WORDS.reduce((current, [pattern, digits]) => current.replace(pattern, digits), text)
  return recognised(prepared, 'en')
}

/** Part by part: 一百二十 两个 together are none to the recogniser. English words in a Chinese text count as well. */
function chineseNumbers(text: string): number[] {
  return text
    .split(/[\s,，、。;；]+(?!\d{3})/)
    .flatMap((part) => (HINT.zh.test(part) ? recognised(part, 'zh') : HINT.en.test(part) ? recognised(part, 'en') : []))
}

function recognised(text: string, locale: Locale): number[] {
  return recognisers()
    .recognizeNumber(text, CULTURE[locale])
    .map(({ resolution }) => Number(resolution?.value))
}

const DATES = [
  /\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b|\b\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})\b/g,
  /\d{4}年(?:\d{1,2}月)?(?:\d{1,2}[日号])?|\d{1,2}月(?:份|\d{1,2}[日号])/g,
  /\b(?:\d{1,2}(?:st|nd|rd|th)?(?: of)? )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,4}(?:st|nd|rd|th)?(?:,? \d{4})?\b/gi,
  /\b\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b/gi,
] as const

/** The text without its dates, which are neither amounts nor places in a list. */
export function withoutDates(text: string): string {
  return DATES.reduce((rest, pattern) => rest.replace(pattern, ' '), text)
}

const ORDINAL = {
  en: /\b(?:(?:twen|thir|for|fif|six|seven|eigh|nine)ty[ -])?(?:first|second|third|(?:four|fif|six|seven|eigh|nin|ten|eleven|twelf|\w+teen|\w+tie)th|\d+(?:st|nd|rd|th))\b/i,
  zh: /第[\d零〇一二两三四五六七八九十百]+/,
} as const
const LAST = {
  en: /\b(?:last|final|bottom)\b(?! (?:month|week|year|night|time))/i,
  zh: /最后(?:那|这)?一?[个张条项款单]|最后一|末尾|最下面/,
} as const
const FROM_END = {
  en: /\b(?:second|third|next) (?:to|from the) (?:last|end)\b|\bpenultimate\b/i,
  zh: /倒数第([一二两三四五六七八九\d])/,
} as const
const TOP = { en: /\b(?:top|topmost) one\b/i, zh: /头一?个|首个|最上面/ } as const
const CHINESE_DIGITS = '零一二三四五六七八九'

/** 1 for "the first one" or 第一个, −1 for "the last one", −2 for the one before that. */
export function ordinalIn(said: string, locale: Locale): number | undefined {
  const text = said.slice(0, SEARCHED_MAX)
  const fromEnd = FROM_END[locale].exec(text)
  if (fromEnd) {
    if (locale === 'en') return /third/i.test(fromEnd[0]) ? -3 : -2
    const digit = fromEnd[1] ?? ''
    return -(digit === '两' ? 2 : /\d/.test(digit) ? Number(digit) : CHINESE_DIGITS.indexOf(digit))
  }
  if (ORDINAL[locale].test(text)) {
    const [first] = recognisers().recognizeOrdinal(text, CULTURE[locale])
    const value = Number(first?.resolution?.value)
    if (Number.isInteger(value) && value > 0) return value
  }
  if (LAST[locale].test(text)) return -1
  return TOP[locale].test(text) ? 1 : undefined
}

const ORDINAL_PARTS = {
  en: /\b(?:(?:twen|thir|for|fif|six|seven|eigh|nine)ty[ -])?(?:first|second|third|(?:four|fif|six|seven|eigh|nin|ten|eleven|twelf|\w+teen|\w+tie)th|\d+(?:st|nd|rd|th))\b(?: ones?\b)?/gi,
  zh: /倒?数?第[\d零〇一二两三四五六七八九十百]+[个张条项款单]?|最后(?:那|这)?一?[个张条项款单]|头一?个/g,
} as const

/** The text without its ordinals: "the second one" is neither 2 nor 1 of anything. */
export function withoutOrdinals(text: string, locale: Locale): string {
  return text.replace(ORDINAL_PARTS[locale], ' ')
}

const SPENT = {
  en: /\b(?:zero|one|ones|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|thousand|million|dozens?|half|couple|pair|last|final|penultimate|first|second|third|next|from|to|end|the|a|an|and|of|number|no|st|nd|rd|th|please|just)\b/gi,
  zh: /[零〇一二两俩三四五六七八九十百千万半第个张条项款单份件次号年月日点最后倒数头的这那请要我]/g,
} as const

/** Whether a text says a number, or a place in a list, and nothing else: an answer to a question, with no intent of its own. */
export function isOnlyNumbers(text: string, locale: Locale): boolean {
  if (text.length > SEARCHED_MAX) return false
  const rest = withoutOrdinals(text, locale).replace(SPENT[locale], ' ')
  return !/\p{L}/u.test(rest) && (numbersIn(text, locale).length > 0 || ordinalIn(text, locale) !== undefined)
}
