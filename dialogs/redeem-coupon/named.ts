import type { Turn } from '../../src/bot/contract'
import {
  bestName,
  CLEAR_NAME,
  containsName,
  corrected,
  fold,
  LIKELY_NAME,
  partlyNamed,
  takesBackNumber,
} from '../../src/bot/kit/choose'
import { simplified } from '../../src/bot/kit/simplified'
import type { CouponKind, RedeemableCoupon } from '../../src/core/coupons/catalogue'
import type { Offers } from './offers'

/** The coupon that was named: word for word, by what it takes off, nearly, or by a part of its name that no other has. */
export function findNamed(
  turn: Turn,
  { coupons }: Pick<Offers, 'coupons'>,
  scoreMin: number,
): RedeemableCoupon | undefined {
  const named = namesOf(turn, coupons)
  const within = coupons.filter((_, index) => named[index]?.some((name) => containsName(turn.said, name)))
  if (within.length === 1) return within[0]
  const worth = valueIn(turn)
  const alike = worth ? coupons.filter(({ kind, value }) => kind === worth.kind && worth.values.includes(value)) : []
  if (alike.length === 1) return alike[0]
  const best = bestName(turn.said, named, Math.min(scoreMin, LIKELY_NAME))
  if (best && best.score >= CLEAR_NAME) return coupons[best.index]
  const [part, ...others] = namedAlike(turn, { coupons })
  if (part) return others.length === 0 ? part : undefined
  return best && best.score >= scoreMin ? coupons[best.index] : undefined
}

/** The coupons that a part of a name may mean: "free delivery" the standard and the express one, "5 off" that of five. */
export function namedAlike(turn: Turn, { coupons }: Pick<Offers, 'coupons'>): RedeemableCoupon[] {
  const said = inOneWord(fold(corrected(turn.said)).replace(REDEEMING, ' '))
  const names = namesOf(turn, coupons).map((own) => own.map((name) => inOneWord(fold(name))))
  const alike = partlyNamed(said, names).flatMap((index) => coupons[index] ?? [])
  const numbered = alike.filter((coupon) =>
    turn.understood.entities.numbers.some((number) => hasNumber(coupon, number)),
  )
  return numbered.length > 0 ? numbered : alike
}

/** Those that have this number in their name: "the ten" of £5 and £10. */
export function numberedAs(number: number, { coupons }: Pick<Offers, 'coupons'>): RedeemableCoupon[] {
  return coupons.filter((coupon) => hasNumber(coupon, number))
}

function hasNumber({ name }: RedeemableCoupon, number: number): boolean {
  return name.en.match(/\d+/g)?.some((digits) => Number(digits) === number) === true
}

/** Words for one thing: people say one of them, and a coupon another. */
const SAME_THINGS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:shipping|postage)\b/g, 'delivery'],
  [/包邮|免邮费?|免运费|免快递费/g, '免配送费'],
  [/满减/g, '立减'],
]

function inOneWord(text: string): string {
  return SAME_THINGS.reduce((current, [words, one]) => current.replace(words, one), text)
}

/** What is said of redeeming itself, or asked of the price, whatever the coupon. */
const REDEEMING =
  /\b(?:how much|is|are|does|do|costs?|price of|redeem|exchange|swap|trade|spend|use|get|buy|points?|my|to|can|could|a few|some|everything)\b|要?(?:用)?(?:多少钱|多少积分|多少分|几分)|用?积分|兑换|换成|换/g

function namesOf(turn: Turn, coupons: readonly RedeemableCoupon[]): string[][] {
  return coupons.map(({ name }) => [...new Set([name[turn.locale], name.en, name.zh])])
}

const MONEY =
  /[£$€¥] ?(\d+(?:\.\d\d)?)|(?<![\d.])(\d+(?:\.\d\d)?) ?(?:[£$€]|pounds?\b|quid\b|euros?\b|dollars?\b|英镑|镑|欧元?|美元|块|元)/
const MONEY_WORDS = /\b(?:pounds?|quid|euros?|dollars?)\b|英镑|镑|欧元|美元|块|元/
const PERCENT_WORDS = /%|\bper ?cent\b|百分之/
/** 八折 leaves eight tenths to pay, 八五折 eighty-five hundredths. */
const TENTHS = /([一二三四五六七八九\d])([一二三四五六七八九\d])?折/
const DIGITS = '零一二三四五六七八九'

/** "The five pound one", 八折那张: what a coupon is said to take off; 两张五镑 may be of two or of five. */
function valueIn({ said, understood }: Turn): { kind: CouponKind; values: readonly number[] } | undefined {
  const text = simplified(corrected(said)).toLowerCase()
  const [, tens, ones] = TENTHS.exec(text) ?? []
  if (tens !== undefined) return { kind: 'percent-off', values: [100 - 10 * digitOf(tens) - digitOf(ones ?? '0')] }
  const [, before, after] = MONEY.exec(text) ?? []
  const written = before ?? after
  if (written !== undefined) return { kind: 'amount-off', values: [Math.round(100 * Number(written))] }
  // "Not the ten pounds, the five": the last is meant.
  const numbers = takesBackNumber(said) ? understood.entities.numbers.slice(-1) : understood.entities.numbers
  if (numbers.length === 0) return undefined
  if (PERCENT_WORDS.test(text)) return { kind: 'percent-off', values: numbers }
  if (!MONEY_WORDS.test(text)) return undefined
  return { kind: 'amount-off', values: numbers.map((number) => Math.round(100 * number)) }
}

function digitOf(written: string): number {
  return /\d/.test(written) ? Number(written) : DIGITS.indexOf(written)
}

/** "Two free coffees": a number that is not part of the coupon's own name or worth. */
export function quantityBeside(turn: Turn, { name, kind, value }: RedeemableCoupon): number | undefined {
  if (takesBackNumber(turn.said)) return undefined
  const own = new Set(`${name.en} ${name.zh}`.match(/\d+/g)?.map(Number))
  own.add(kind === 'amount-off' ? value / 100 : value)
  if (TENTHS.test(simplified(turn.said))) own.add((100 - value) / 10).add(100 - value)
  const beside = turn.understood.entities.numbers.filter((number) => !own.has(number))
  const [number] = beside
  return beside.length === 1 && number !== undefined && Number.isInteger(number) && number > 0 ? number : undefined
}
