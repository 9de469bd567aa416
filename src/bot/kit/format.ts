import type { Locale } from '../../core/locale'

const tags: Readonly<Record<Locale, string>> = { en: 'en-GB', zh: 'zh-CN' }

// Intl formatters cost some 50 µs to make and are needed in every reply.
const numberFormats = new Map<string, Intl.NumberFormat>()
const dateFormats = new Map<string, Intl.DateTimeFormat>()

/** A whole number with the language's grouping: 1,234. */
export function formatNumber(locale: Locale, value: number): string {
  return numberFormat(locale, {}).format(value)
}

/** "1 point", "1,234 points", "1,234 积分". */
export function formatPoints(locale: Locale, value: number): string {
  const number = formatNumber(locale, value)
  if (locale === 'zh') return `${number} 积分`
  return Math.abs(value) === 1 ? `${number} point` : `${number} points`
}

/** Points with a sign in front, as a history shows them: "+120", "−40". */
export function formatSigned(locale: Locale, value: number): string {
  const number = formatNumber(locale, Math.abs(value))
  if (value === 0) return number
  return value > 0 ? `+${number}` : `−${number}`
}

/** Minor units as money of an ISO 4217 currency: £12.50. Whole amounts can do without their ".00". */
export function formatMoney(
  locale: Locale,
  { minor, currency, short = false }: { minor: number; currency: string; short?: boolean },
): string {
  const digits = numberFormat(locale, { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  const value = minor / 10 ** digits
  const whole = short && Number.isInteger(value)
  return numberFormat(locale, {
    style: 'currency',
    currency,
    ...(whole ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {}),
  }).format(value)
}

/** "30 November 2026", "2026年11月30日", as the calendar stands in `timeZone`. */
export function formatDate(locale: Locale, { at, timeZone }: { at: Date; timeZone: string }): string {
  return dateFormat(locale, { dateStyle: 'long', timeZone }).format(at)
}

/** "Monday 30 November, 09:00", "11月30日星期一 09:00", as clocks and calendar stand in `timeZone`. */
export function formatDayAndTime(locale: Locale, { at, timeZone }: { at: Date; timeZone: string }): string {
  const day = dateFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', timeZone }).format(at)
  const time = dateFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone }).format(at)
  return locale === 'zh' ? `${day} ${time}` : `${day}, ${time}`
}

/** The last day on which something is good that ends at the instant `at`: midnight belongs to the day before. */
export function formatLastDay(locale: Locale, { at, timeZone }: { at: Date; timeZone: string }): string {
  return formatDate(locale, { at: new Date(at.getTime() - 1), timeZone })
}

/** "30 Nov 2026", "2026年11月30日": for rows of a list. */
export function formatShortDate(locale: Locale, { at, timeZone }: { at: Date; timeZone: string }): string {
  return dateFormat(locale, { dateStyle: 'medium', timeZone }).format(at)
}

/** The calendar day in `timeZone` as 2026-11-30, for comparing. */
export function calendarDay(at: Date, timeZone: string): string {
  const parts = dateFormat('en', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone }).formatToParts(at)
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}`
}

function numberFormat(locale: Locale, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale} ${JSON.stringify(options)}`
  let format = numberFormats.get(key)
  if (!format) {
    format = new Intl.NumberFormat(tags[locale], options)
    numberFormats.set(key, format)
  }
  return format
}

function dateFormat(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`
  let format = dateFormats.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat(tags[locale], options)
    dateFormats.set(key, format)
  }
  return format
}
