import type { Locale } from '../../core/locale'
import type { Entities } from '../contract'
import { dateIn } from './dates'
import { numbersIn, ordinalIn, withoutDates, withoutOrdinals } from './numbers'

const EMAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu
/** Sixteen characters in fours, as core/coupons/code.ts makes them, with separators or none; with spaces only in capitals. */
const COUPON_CODE = /(?<![0-9A-Z])[0-9A-Z]{4}(?:[-_.]?[0-9A-Z]{4}){3}(?![0-9A-Z])/gi
const SPACED_COUPON_CODE = /(?<![0-9A-Za-z])[0-9A-Z]{4}(?: [0-9A-Z]{4}){3}(?![0-9A-Za-z])/g
/** One that lost or gained a character. */
const BROKEN_COUPON_CODE = /(?<![0-9A-Z-])[0-9A-Z]{3,5}(?:-[0-9A-Z]{1,5}){2,5}(?![0-9A-Z-])/gi
/** A code of another system, such as SUMMER2024X9 would be; long enough to be no order. */
const ONE_RUN_CODE = /(?<![0-9A-Z])[0-9A-Z]{12,20}(?![0-9A-Z])/gi
/** Letters and digits together are an order's number on sight. */
const LETTERED_ORDER = /(?<![0-9A-Z-])(?:[A-Z]{1,3}-?\d{3,10}(?:-\d{1,4})?)(?![0-9A-Z-])/gi
/** So are five to twelve digits that count nothing, and fewer where the text says what they are. */
const PLAIN_ORDER =
  /(?<![\d.,£$€¥-])\d{5,12}(?![\d.,]\d|\d|\s*(?:points?|pts|积分|分|点|%|元|块|yuan|pounds?|dollars?|euros?))/gi
const NAMED_ORDER =
  /(?:\border(?:\s+(?:number|no\.?|nr\.?|id|code))?\s*[:#]?\s*#?|订单号?(?:是|为)?\s*[:：#]?\s*#?|#)(\d{3,12})\b/gi
const TEXT_MAX = 1_000

/** What a text holds besides its intent and the catalogue's names: numbers, a place in a list, codes, addresses, a date. */
export function plainEntities(said: string, locale: Locale): Omit<Entities, 'products' | 'categories'> {
  const text = said.slice(0, TEXT_MAX)
  const emails = text.match(EMAIL) ?? []
  const withoutEmails = text.replace(EMAIL, ' ')
  const date = dateIn(withoutEmails, locale)
  const rest = new Remainder(withoutDates(date ? without(date.words, withoutEmails) : withoutEmails))
  const couponCodes = [COUPON_CODE, SPACED_COUPON_CODE, BROKEN_COUPON_CODE, ONE_RUN_CODE].flatMap((pattern) =>
    rest.take(pattern, isDrawn),
  )
  const orderCodes = [NAMED_ORDER, LETTERED_ORDER, PLAIN_ORDER].flatMap((pattern) => rest.take(pattern))
  const ordinal = ordinalIn(rest.text, locale)
  return {
    numbers: numbersIn(withoutOrdinals(rest.text, locale), locale),
    ...(ordinal === undefined ? {} : { ordinal }),
    couponCodes: unique(couponCodes.map((code) => code.toUpperCase())),
    orderCodes: unique(orderCodes.map((code) => code.toUpperCase())),
    emails: unique(emails),
    ...(date ? { date: date.date } : {}),
  }
}

/** The text without the words of its date, whose case was lost in finding them. */
function without(words: string, text: string): string {
  const from = text.toLowerCase().indexOf(words)
  return from < 0 ? text : `${text.slice(0, from)} ${text.slice(from + words.length)}`
}

/** Drawn at random a code has letters, and digits too or else only capitals: words with hyphens do not. */
function isDrawn(code: string): boolean {
  return /[A-Z]/i.test(code) && (/\d/.test(code) || code === code.toUpperCase())
}

/** What is left of a text after codes were taken out of it: a code is one thing only. */
class Remainder {
  constructor(public text: string) {}

  /** Takes out all matches that are `wanted`; returns their first group where the pattern has one, else the whole. */
  take(pattern: RegExp, wanted: (match: string) => boolean = () => true): string[] {
    const taken: string[] = []
    this.text = this.text.replace(pattern, (whole: string, group: unknown) => {
      const found = typeof group === 'string' ? group : whole
      if (!wanted(found)) return whole
      taken.push(found)
      return ' '
    })
    return taken
  }
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)]
}
