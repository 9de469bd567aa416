import type { Locale } from '../../core/locale'
import type { SaidDate } from '../contract'

/** A date in a text, and the words that said it. */
export interface FoundDate {
  readonly date: SaidDate
  readonly words: string
}

type Groups = Readonly<Record<string, string | undefined>>
type Unit = 'day' | 'week' | 'month' | 'year'
type Pattern = readonly [RegExp, (groups: Groups) => SaidDate | undefined]

/** Who dates an order does so early in the message. */
const SEARCHED_MAX = 200

/**
 * The first date or time span that a text names, as it is said: "last week", "3 May", 上个月. Only ways of speaking of the past
 * are looked for; which days are meant depends on today and the time zone (see `kit/period.ts`).
 */
export function dateIn(said: string, locale: Locale): FoundDate | undefined {
  const text = said.slice(0, SEARCHED_MAX).toLowerCase()
  for (const [pattern, read] of locale === 'zh' ? [...chinese, ...digits] : [...digits, ...english]) {
    const match = pattern.exec(text)
    if (!match) continue
    const date = read(match.groups ?? {})
    // The 31st of February is no February either.
    if (!date) return undefined
    const [words] = match
    const isSince =
      SINCE_BEFORE.test(text.slice(0, match.index)) ||
      words.startsWith('since ') ||
      SINCE_AFTER.test(text.slice(match.index + words.length))
    return { date: isSince ? { ...date, since: true } : date, words }
  }
  return undefined
}

const SINCE_BEFORE = /(?:\bsince(?: the)?\s*|自从?)$/
const SINCE_AFTER = /^\s*(?:\bonwards?\b|以来|以后|之后|至今|到现在|到今天|起)/

const YEAR = '(?<year>(?:19|20)\\d\\d)'

/** Digits with separators. The day comes first, as in most of the world, unless it can't. */
const digits: readonly Pattern[] = [
  [new RegExp(`(?<!\\d)${YEAR}[-/.](?<month>\\d{1,2})[-/.](?<day>\\d{1,2})(?!\\d)`), calendar],
  [
    new RegExp(`(?<![\\d.,])(?<day>\\d{1,2})(?<by>[-/.])(?<month>\\d{1,2})\\k<by>${YEAR}(?!\\d)`),
    (groups) => calendar(groups) ?? calendar({ ...groups, day: groups.month, month: groups.day }),
  ],
]

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const MONTH =
  '(?<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)'
const ENGLISH_NUMBERS = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
]
const COUNT = `(?<count>\\d{1,3}|${ENGLISH_NUMBERS.slice(1).join('|')}|an?(?: couple(?: of)?)?|couple(?: of)?|few)`
const UNIT = '(?<unit>day|week|month|year)s?'
const DAY = '(?<day>\\d{1,2})(?:st|nd|rd|th)?'
/** "May I …" and "march" are no months; what stands before or after one tells. */
const OF_A_MONTH = '(?:in|of|from|for|during|since|last|this|until|by|my|whole)'

const english: readonly Pattern[] = [
  [new RegExp(`\\b${DAY}(?: of)? ${MONTH}\\b\\.?(?:,? ${YEAR}\\b| (?<last>last) year\\b)?`), calendar],
  [new RegExp(`\\b${MONTH}\\.? ${DAY}\\b(?:,? ${YEAR}\\b| (?<last>last) year\\b)?`), calendar],
  [new RegExp(`\\b${MONTH}\\b\\.?,?(?: of)? (?:${YEAR}|(?<last>last) year)\\b`), calendar],
  [/\bday before yesterday\b/, () => ago('day', 2)],
  [/\b(?:yesterday|last night)\b/, () => ago('day', 1)],
  [/\b(?:today|this (?:morning|afternoon|evening))\b/, () => ago('day', 0)],
  [new RegExp(`\\b${COUNT} ${UNIT} ago\\b`), ({ unit, count }) => ago(unit as Unit, countOf(count))],
  [
    new RegExp(`\\b(?:last|past|previous) ${COUNT} ${UNIT}\\b`),
    ({ unit, count }) => within(unit as Unit, countOf(count)),
  ],
  [/\bpast (?<unit>week|month|year)\b/, ({ unit }) => within(unit as Unit, 1)],
  [
    /\b(?<which>this|last|previous) (?<unit>week|month|year)\b/,
    ({ which, unit }) => ago(unit as Unit, which === 'this' ? 0 : 1),
  ],
  [
    /\b(?:on|last|since|this|from) (?<weekday>mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nes|nesday|r|rs|rsday|urday)?\b/,
    ({ weekday = '' }) => ({ kind: 'weekday', weekday: WEEKDAYS.indexOf(weekday) + 1 }),
  ],
  [new RegExp(`\\b${OF_A_MONTH} (?:the month of )?${MONTH}\\b`), calendar],
  [/\b(?<month>january|february|april|june|july|august|september|october|november|december)\b/, calendar],
  [new RegExp(`\\b(?:in|of|from|for|during|since|year) ${YEAR}\\b`), calendar],
]

const CHINESE_COUNT = '(?<count>\\d{1,3}|[一二两三四五六七八九十]{1,3})'
const CHINESE_UNITS: Readonly<Record<string, Unit>> = {
  天: 'day',
  日: 'day',
  周: 'week',
  星期: 'week',
  礼拜: 'week',
  月: 'month',
  年: 'year',
}
const CHINESE_UNIT = '个?(?<unit>天|日|周|星期|礼拜|月|年)'
const WEEK = '(?:周|星期|礼拜)'
const CHINESE_YEAR = '(?:(?<year>(?:19|20)\\d\\d)年|(?<last>去)年|今年)'
const CHINESE_MONTH = '(?<month>\\d{1,2}|十[一二]?|[一二三四五六七八九])月'

const chinese: readonly Pattern[] = [
  [
    new RegExp(`${CHINESE_YEAR}?的?${CHINESE_MONTH}(?:份?的?(?<day>\\d{1,2}|[一二三四五六七八九十]{1,3})[日号]|份)?`),
    calendar,
  ],
  [/大前天/, () => ago('day', 3)],
  [/前[天日]/, () => ago('day', 2)],
  [/昨[天日晚]/, () => ago('day', 1)],
  [/今[天日早晚]/, () => ago('day', 0)],
  [
    new RegExp(`(?<which>上上|上|这|本)?个?${WEEK}(?<weekday>[一二三四五六日天])`),
    ({ which, weekday = '' }) => ({
      ...{ kind: 'weekday', weekday: Math.min(7, '一二三四五六日天'.indexOf(weekday) + 1) },
      ...(which ? { weeksAgo: which === '上上' ? 2 : which === '上' ? 1 : 0 } : {}),
    }),
  ],
  [/(?:最近|近|过去|前)半年/, () => within('month', 6)],
  [/半年(?:以?前|之前)/, () => ago('month', 6)],
  [
    new RegExp(`${CHINESE_COUNT}${CHINESE_UNIT}(?:以前|之前|前)`),
    ({ unit = '', count }) => ago(CHINESE_UNITS[unit], countOf(count)),
  ],
  [
    new RegExp(`(?:最近|近|过去|前)的?这?${CHINESE_COUNT}${CHINESE_UNIT}`),
    ({ unit = '', count }) => within(CHINESE_UNITS[unit], countOf(count)),
  ],
  [
    /(?<which>上上|上|这|本)个?(?<unit>周|星期|礼拜|月)/,
    ({ which, unit = '' }) => ago(CHINESE_UNITS[unit], which === '上上' ? 2 : which === '上' ? 1 : 0),
  ],
  [/(?<which>今|去|前)年/, ({ which = '' }) => ago('year', '今去前'.indexOf(which))],
  [/(?<year>(?:19|20)\d\d)年/, calendar],
]

function ago(unit: Unit | undefined, count: number | undefined): SaidDate | undefined {
  return unit === undefined || count === undefined ? undefined : { kind: 'ago', unit, count }
}

function within(unit: Unit | undefined, count: number | undefined): SaidDate | undefined {
  return unit === undefined || !count ? undefined : { kind: 'within', unit, count }
}

/** A day, a month or a year by name; none where there is no such day. */
function calendar({ year, month, day, last }: Groups): SaidDate | undefined {
  const monthNumber = month === undefined ? undefined : monthOf(month)
  const dayNumber = day === undefined ? undefined : countOf(day)
  if (monthNumber !== undefined && (monthNumber < 1 || monthNumber > 12)) return undefined
  // 2024 was a leap year: without a year 29 February is some day.
  const daysMax = new Date(Date.UTC(year === undefined ? 2024 : Number(year), monthNumber ?? 1, 0)).getUTCDate()
  if (dayNumber !== undefined && (dayNumber < 1 || dayNumber > daysMax)) return undefined
  return {
    kind: 'calendar',
    ...(year === undefined ? {} : { year: Number(year) }),
    ...(last === undefined ? {} : { yearsAgo: 1 }),
    ...(monthNumber === undefined ? {} : { month: monthNumber }),
    ...(dayNumber === undefined ? {} : { day: dayNumber }),
  }
}

function monthOf(name: string): number {
  const place = MONTHS.indexOf(name.slice(0, 3))
  return place >= 0 ? place + 1 : (countOf(name) ?? 0)
}

const CHINESE_DIGITS = '零一二三四五六七八九十'

/** A small number in digits, English words or Chinese numerals up to 99. */
function countOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d+$/.test(text)) return Number(text)
  const english = ENGLISH_NUMBERS.indexOf(text)
  if (english > 0) return english
  if (/couple/.test(text)) return 2
  if (text === 'few') return 3
  if (/^an?$/.test(text)) return 1
  const [, tens, ones] = /^([一二三四五六七八九]?十)?([一二两三四五六七八九])?$/.exec(text) ?? []
  if (tens === undefined && ones === undefined) return undefined
  const onesValue = ones === undefined ? 0 : CHINESE_DIGITS.indexOf(ones === '两' ? '二' : ones)
  if (tens === undefined) return onesValue
  return 10 * (tens.length === 1 ? 1 : CHINESE_DIGITS.indexOf(tens[0] ?? '')) + onesValue
}
