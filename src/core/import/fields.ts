import type { Fields } from './format'

const QUANTITY_MAX = 1_000_000
/** Ten million of a major unit of two digits. */
const PRICE_MINOR_MAX = 1_000_000_000
const MICRO = 1_000_000

export type NumberRefusal = 'bad-quantity' | 'absurd-quantity' | 'bad-price' | 'negative-price' | 'absurd-price'
export type DateRefusal = 'bad-date' | 'absurd-date'

/** A whole number, also written "6.0" as some tools export it. Zero is no quantity. */
export function parseQuantity(text: string): number | NumberRefusal {
  // Nearly all quantities are of one or two digits.
  const first = text.charCodeAt(0) - 48
  if (text.length === 1 && first >= 1 && first <= 9) return first
  const second = text.charCodeAt(1) - 48
  if (text.length === 2 && first >= 1 && first <= 9 && second >= 0 && second <= 9) return first * 10 + second
  const digits = text.endsWith('.0') ? text.slice(0, -2) : text
  const value = Number(digits)
  if (digits === '' || !Number.isInteger(value) || value === 0 || !/^\s*[-+]?\d+\s*$/.test(digits))
    return 'bad-quantity'
  return Math.abs(value) > QUANTITY_MAX ? 'absurd-quantity' : value
}

/** A price as written, exact to a millionth of a major unit. */
export interface Price {
  /** Rounded to whole minor units, halves up. */
  unitMinor: number
  /** Millionths of a major unit. */
  micro: number
  /** No fraction of a minor unit was rounded away. */
  isExact: boolean
}

/**
 * Reads a decimal such as "2.55" without passing through a binary fraction. Digits after the sixth are cut off: they
 * are what a spreadsheet's arithmetic left behind. `minorDigits` is 2 for pounds, 0 for yen.
 */
export function parsePrice(text: string, minorDigits: number): Price | NumberRefusal {
  const match = /^\s*(-?)(\d*)(?:\.(\d*))?\s*$/.exec(text)
  if (!match) return 'bad-price'
  const whole = match[2] ?? ''
  const fraction = match[3] ?? ''
  if (whole === '' && fraction === '') return 'bad-price'
  if (whole.length > 9) return 'absurd-price'
  const micro = Number(whole) * MICRO + Number(fraction.slice(0, 6).padEnd(6, '0'))
  if (match[1] === '-' && micro > 0) return 'negative-price'
  const scale = 10 ** (6 - minorDigits)
  const unitMinor = Math.floor(micro / scale + 0.5)
  return unitMinor > PRICE_MINOR_MAX ? 'absurd-price' : { unitMinor, micro, isExact: micro % scale === 0 }
}

/** Reads a column by `parse`, which is asked once for a text that has a number, or that stands on several lines in a row. */
export function readerOf<Value extends NonNullable<unknown> | null>(
  column: number | undefined,
  parse: (text: string) => Value,
): (fields: Fields) => Value {
  const known: (Value | undefined)[] = []
  let lastText = ''
  let last = parse(lastText)
  if (column === undefined) return () => last
  return (fields) => {
    const id = fields.id(column)
    const before = id < 0 ? undefined : known[id]
    if (before !== undefined) return before
    const text = fields.text(column)
    if (text !== lastText) {
      lastText = text
      last = parse(text)
    }
    if (id >= 0) known[id] = last
    return last
  }
}

/** Quantity times price in minor units, rounded once, halves away from zero. */
export function amountMinor(quantity: number, price: Price, minorDigits: number): number {
  if (price.isExact) return quantity * price.unitMinor
  const scale = 10 ** (6 - minorDigits)
  // Fractions of a penny: the product may pass 2^53, so it is taken in big integers.
  const product = BigInt(Math.abs(quantity)) * BigInt(price.micro)
  const rounded = Number((product + BigInt(scale / 2)) / BigInt(scale))
  return quantity < 0 ? -rounded : rounded
}

/** An instant of the file: sorts as text within one kind. Local ones are "YYYY-MM-DD HH:MM:SS", absolute ones end with Z. */
export type FileInstant = string

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?)?\s*(Z|[-+]\d{2}:?\d{2})?$/
const AMERICAN = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2})(?::(\d{2}))?$/
const YEAR_MIN = 1990

/** ISO 8601, with or without an offset; a date alone is its midnight. */
export function parseIsoInstant(text: string, latest: FileInstant): FileInstant | DateRefusal {
  const match = ISO.exec(text.trim())
  if (!match) return 'bad-date'
  const [, year, month, day, hour = '00', minute = '00', second = '00', offset] = match
  return instantOf({ year, month, day, hour, minute, second }, offset, latest)
}

/** ISO 8601, or "12/1/2010 8:26" with the month first, as spreadsheets in American English write it. */
export function parseSpreadsheetInstant(text: string, latest: FileInstant): FileInstant | DateRefusal {
  const match = AMERICAN.exec(text.trim())
  if (!match) return parseIsoInstant(text, latest)
  const [, month, day, year, hour, minute, second = '00'] = match
  return instantOf({ year, month, day, hour, minute, second }, undefined, latest)
}

type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second'

function instantOf(
  parts: Readonly<Record<Part, string | undefined>>,
  offset: string | undefined,
  latest: FileInstant,
): FileInstant | DateRefusal {
  const { year, month, day, hour, minute, second } = parts
  const utcMs = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  const instant = new Date(utcMs)
  // Date.UTC carries 31 February over into March: then the parts no longer agree.
  const isReal =
    instant.getUTCMonth() === Number(month) - 1 &&
    instant.getUTCDate() === Number(day) &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60
  if (!isReal) return 'bad-date'
  if (offset === undefined) {
    const text = `${year}-${twoDigits(month)}-${twoDigits(day)} ${twoDigits(hour)}:${minute}:${second}`
    return Number(year) < YEAR_MIN || text > latest ? 'absurd-date' : text
  }
  const text = textOf(new Date(utcMs - offsetMinutes(offset) * 60_000))
  return Number(year) < YEAR_MIN || text > latest ? 'absurd-date' : `${text}Z`
}

function twoDigits(part: string | undefined): string {
  return String(part).padStart(2, '0')
}

function offsetMinutes(offset: string | undefined): number {
  if (offset === undefined || offset === 'Z') return 0
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2))
  return offset.startsWith('-') ? -minutes : minutes
}

/** "YYYY-MM-DD HH:MM:SS" of an instant in UTC; the bound given to the parsers is made by it. */
export function textOf(instant: Date): string {
  return instant.toISOString().slice(0, 19).replace('T', ' ')
}

/** How many digits the minor unit of a currency has; undefined when it is no ISO 4217 code. */
export function minorDigitsOf(currency: string): number | undefined {
  if (!/^[A-Z]{3}$/.test(currency)) return undefined
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits
}

/** A copy that does not keep alive the piece of the file that the text was cut from. */
export function detached(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8')
}
