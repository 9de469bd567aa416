import type { Turn } from '../contract'
import { likeness } from './likeness'
import { simplified } from './simplified'

/** A name from which it is safe to say that it was meant, and one from which it is worth a guess. */
export const CLEAR_NAME = 0.78
export const LIKELY_NAME = 0.55
const SAID_MAX = 200

/** Text as it is compared: compatibility forms, traditional characters and case folded, accents and punctuation gone, single spaces. */
export function fold(text: string): string {
  return simplified(text)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

const NUMBER_WORDS =
  /\b(\d+(st|nd|rd|th)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|hundred|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|couple)\b|[零〇一二两俩三四五六七八九十百千第]|最后/g
const NUMBER_WORDS_ONCE = new RegExp(NUMBER_WORDS.source)
const FILLERS =
  /\b(the|a|an|one|ones|number|no|nr|option|item|please|pls|just|only|of|them|id|i|would|like|want|take|give|me|ill|lets|go|for|with|have|choose|pick|select|need|want|it|that|make|times|x|pieces?|coupons?|vouchers?|on|my|in|list|rather|instead|actually|maybe|better|sorry|and|what about|how about|then|show|see|open|you|hi|hello|hey|thanks|kindly)\b|我|帮|麻烦|可以|能不能|领|拿|要|想|请|选|就|给|来|换|兑换|个|张|号|项|条|份|款|种|那|这|吧|的|了|买|优惠券|券|谢谢|一下|还是|改成|改为|不如|看看|看|再|吗|呢|啊/g

/** Three coupons, 三张: how many, and no place in a list. */
const COUNTED =
  /(?:\d|[零〇一二两俩三四五六七八九十百]) ?[张份]|\b(?:coupons|vouchers|pieces|times)\b|\bof (?:them|those|these|each)\b/

/**
 * The number of a text that says nothing but a number: "2", "number two, please", "the second one", 第二个; and, with no
 * ordinal, 要两张. An ordinal counts from the end when negative ("the last one" is -1).
 */
export function bareNumber(turn: Turn): { number?: number; ordinal?: number } | undefined {
  const { numbers, ordinal } = turn.understood.entities
  const { corrected } = correctionIn(turn.said)
  const isTakenBack = takesBackNumber(turn.said)
  // "Not the second, the third", "not the £5, the £10": things are told apart, and which the number is of cannot be told here.
  if (isTakenBack && (ordinal !== undefined || TOLD_APART.test(turn.said))) return undefined
  const text = fold(corrected)
  if (text.replace(NUMBER_WORDS, ' ').replace(FILLERS, ' ').trim() !== '') return undefined
  if (ordinal !== undefined) return { ordinal }
  // "Not two, three": the last.
  const number = numbers.at(-1)
  if (numbers.length !== (isTakenBack ? 2 : 1) || number === undefined) return undefined
  // "The last one" counts from the end of a list; "-1" is no place in it.
  return number > 0 && !COUNTED.test(text) ? { number, ordinal: number } : { number }
}

const TOLD_APART = /\bthe\b|[£$€¥%]|[镑块元折]/i

const CORRECTION =
  /^(?:(?:no|nope|nah|wait|sorry|oops|oh|hmm|actually|not (?:that|this|it)(?: one)?|not the [\p{L}\p{N}]+(?: one)?|i (?:meant?|said|wanted)|not (?!yet\b|now\b|sure\b|really\b|today\b)(?:the )?[^,;.]{1,24}[,;](?: but)?|不是?(?:这|那)[个张款]|不要(?:这|那)[个张款]|不(?:是|要)[^，,；;。是要了]{1,8}[，,；;]?[是要换](?!的)|不(?:要|行)?(?=[，,。！! ])|不是|不对|错了|等等|等一下|抱歉|不好意思|哦|啊|我(?:是)?(?:说|指)的?(?:是|要)?|我要的是|应该是)(?![\p{Script=Latin}])[\s,.;:!，。；：！、-]*)+/iu

/** Whether a text takes back what was said before: "no, I meant …", 不是，我要…. */
export function isCorrection(said: string): boolean {
  return correctionIn(said).dropped !== ''
}

/** Whether one of the numbers is not meant: "not two, three". */
export function takesBackNumber(said: string): boolean {
  return NUMBER_WORDS_ONCE.test(fold(correctionIn(said).dropped).replace(/\bone\b/g, ' '))
}

/** What was said without the words that take back what was said before. */
export function corrected(said: string): string {
  return correctionIn(said).corrected
}

/** A correction without its first words: "no, I meant the express" is "the express". What is nothing else stays. */
function correctionIn(said: string): { corrected: string; dropped: string } {
  const [dropped = ''] = CORRECTION.exec(simplified(said).trimStart()) ?? []
  const corrected = said
    .trimStart()
    .slice(dropped.length)
    .replace(dropped === '' ? /^$/ : /^是(?!的)/, '')
  return corrected.trim() === '' ? { corrected: said, dropped: '' } : { corrected, dropped }
}

/** The position (from 0) that an ordinal has in a list of `length`, or undefined when it points outside. */
export function positionOf(ordinal: number, length: number): number | undefined {
  const position = ordinal < 0 ? length + ordinal : ordinal - 1
  return Number.isInteger(position) && position >= 0 && position < length ? position : undefined
}

/** Of two things nearer to each other than this neither is the one that was named. */
const CLEARLY_BETTER = 0.05

/**
 * Of several things, each with its names, the one that `said` means and how alike they are (0 to 1); undefined when
 * none comes up to `scoreMin`, or when two are likely alike.
 */
export function bestName(
  said: string,
  things: readonly (readonly string[])[],
  scoreMin = LIKELY_NAME,
): { index: number; score: number } | undefined {
  // A speech names nothing in passing, and comparing all its parts would take long.
  if (said.length > SAID_MAX) return undefined
  const whole = fold(correctionIn(said).corrected)
  const text: Folded = { whole, bare: fold(whole.replace(FILLERS, ' ')) }
  // Below this a thing is neither the best nor near it.
  const above = scoreMin - CLEARLY_BETTER
  const scored = things
    .map((names, index) => ({ index, score: Math.max(0, ...names.map((name) => nameScore(text, name, above))) }))
    .sort((left, right) => right.score - left.score)
  const [first, second] = scored
  if (!first || first.score < scoreMin) return undefined
  return second && first.score - second.score < CLEARLY_BETTER && first.score < 1 ? undefined : first
}

/** A word this near to one of a name is that, misspelt. */
const SAME_WORD = 0.8
const WORD_MIN = { latin: 3, han: 2 } as const

/**
 * The things of whose names what was said is a part, word for word or nearly: "the express", 咖啡那款. Words around a name
 * count for nothing, all others have to be in it; of a name that is said whole this says nothing.
 */
export function partlyNamed(said: string, things: readonly (readonly string[])[]): number[] {
  if (said.length > SAID_MAX) return []
  const text = fold(fold(correctionIn(said).corrected).replace(NUMBER_WORDS, ' ').replace(FILLERS, ' '))
  const words = text.match(/\p{Script=Han}+|[^\s\p{Script=Han}]+/gu) ?? []
  const telling = words.filter((word) => word.length >= (HAN.test(word) ? WORD_MIN.han : WORD_MIN.latin))
  if (telling.length === 0) return []
  const isIn = (name: string) => {
    const target = fold(name)
    const parts = target.split(' ')
    return words.every((word) =>
      HAN.test(word) ? isWithin(word, target) : parts.some((part) => likeness(word, part, SAME_WORD) >= SAME_WORD),
    )
  }
  return things.flatMap((names, index) => (names.some(isIn) ? [index] : []))
}

const HAN = /\p{Script=Han}/u

/** Whether a Chinese word is in a name, or three characters and more of it in their order: 免配送费 in 免标准配送费. */
function isWithin(word: string, name: string): boolean {
  if (word.length < 3 || name.includes(word)) return name.includes(word)
  let at = 0
  for (const character of name) if (character === word[at]) at += 1
  return at >= word.length
}

/** Whether `said` has this name in it, word for word. */
export function containsName(said: string, name: string): boolean {
  const target = fold(name)
  if (target === '') return false
  const text = fold(said)
  return /\p{Script=Han}/u.test(target) ? text.includes(target) : ` ${text} `.includes(` ${target} `)
}

/** What was said, folded; as a whole and without the words around a name. */
interface Folded {
  readonly whole: string
  readonly bare: string
}

/**
 * How well what was said names a thing: likeness of the whole, or of the part of what was said that is nearest to it, so
 * that "the free cofee please" finds "Free coffee". What is not above `above` may come out lower than it is.
 */
function nameScore({ whole, bare }: Folded, name: string, above: number): number {
  const target = fold(name)
  return Math.max(foldedScore(whole, target, above), bare === whole ? 0 : foldedScore(bare, target, above))
}

function foldedScore(text: string, target: string, above: number): number {
  if (text === '' || target === '') return 0
  if (text === target) return 1
  const whole = likeness(text, target, above)
  // A short name inside a long sentence is weaker evidence than a sentence that is little else.
  const share = Math.min(1, (target.length / text.length) * 1.6)
  if (share <= above) return whole
  const words = text.split(' ')
  const length = target.split(' ').length
  let part = 0
  for (let from = 0; from + length <= words.length; from++) {
    part = Math.max(part, likeness(words.slice(from, from + length).join(' '), target, Math.max(part, above / share)))
  }
  const within = /\p{Script=Han}/u.test(target) && text.includes(target) ? 0.95 : 0
  return Math.max(whole, part * share, within * share)
}
