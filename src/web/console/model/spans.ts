import type { Locale } from '../../shared/locale'

const tags = { en: 'en-GB', zh: 'zh-CN' } as const

/** A span that ticks: `0:42`, `12:05`, `1:02:09`. Never negative, for clocks differ. */
export function ticking(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const two = (value: number): string => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

/** A span as people say it: "40 seconds", "3 minutes", "2 hours". */
export function spoken(seconds: number, locale: Locale): string {
  const [value, unit] =
    seconds < 90 ? [seconds, 'second'] : seconds < 5_400 ? [seconds / 60, 'minute'] : [seconds / 3_600, 'hour']
  const maximumFractionDigits = unit === 'hour' ? 1 : 0
  return new Intl.NumberFormat(tags[locale], {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    maximumFractionDigits,
  }).format(value)
}

/** A day and time of day. */
export function dayAndTime(iso: string, locale: Locale): string {
  return new Intl.DateTimeFormat(tags[locale], { dateStyle: 'medium', timeStyle: 'short' }).format(Date.parse(iso))
}

/** A day. */
export function day(iso: string, locale: Locale): string {
  return new Intl.DateTimeFormat(tags[locale], { dateStyle: 'medium' }).format(Date.parse(iso))
}

/** An amount of money from its minor units. */
export function money(minor: number, currency: string, locale: Locale): string {
  const format = new Intl.NumberFormat(tags[locale], { style: 'currency', currency })
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}

/** A whole number. */
export function whole(value: number, locale: Locale): string {
  return new Intl.NumberFormat(tags[locale], { maximumFractionDigits: 0 }).format(value)
}

/** A share of one, as percent. */
export function percent(share: number, locale: Locale): string {
  return new Intl.NumberFormat(tags[locale], { style: 'percent', maximumFractionDigits: 0 }).format(share)
}
