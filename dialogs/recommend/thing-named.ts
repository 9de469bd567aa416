import type { NamedProduct, Turn } from '../../src/bot/contract'
import { fold } from '../../src/bot/kit/choose'
import { mandarin } from '../../src/bot/kit/mandarin'
import { askedFor, ENGLISH_AROUND, wanted } from './asked-for'

/** Named in passing in a longer text nothing is asked for. */
const SAID_MAX = 80
const HAN = /\p{Script=Han}/u
const CHINESE_MAX = 14

/** "How much is …", "is … in stock", "I'd like …": what is asked of a thing, around its name. */
const ASKED_EN: readonly RegExp[] = [
  /\bhow much (?:is|are|was|for|do|does|would) (.+?)(?: cost| costs| sell for| go for| now)?$/,
  /\b(?:prices?|costs?) (?:of|for) (.+)$/,
  /^whats? (?:is |are |do |does )?(.+?) costs?$/,
  /^(.+) (?:price|prices|cost)$/,
  /^(?:and )?(?:is|are) (.+?) (?:still |back |currently )*(?:in stock|available|sold out|out of stock)$/,
  /\bany (.+?) (?:left|in stock|available)$/,
  /\b(?:want|need|id like|would like|after|buy|order|get|give me|purchase|fancy|interested in)(?: to (?:buy|order|get|have|try))? (.+)$/,
  /\b(?:tell me|know|info|information|details|something) (?:more )?(?:about|on) (.+)$/,
]
const BOUGHT_EN: readonly RegExp[] = [
  /\b(?:when|how often|how many times|have|did|last time)\b(?: did)? i\b.*?\b(?:buy|bought|order|ordered|get|got|had)\b (.+)$/,
  /\blast time i (?:bought|ordered|got|had) (.+)$/,
]
const ASKED_ZH: readonly RegExp[] = [
  /^(.+?)(?:要|是|得|卖|现在|一[包罐袋盒瓶份个])*(?:多少钱|什么价格?|怎么卖|几块钱?|价格(?:是)?(?:多少)?|价钱|贵不贵)$/,
  /^(.+?)(?:现在|还|目前)*(?:有没有货|有货|有现货|缺货|断货|卖完|卖光|有卖|有得卖|有没有|还有|有)(?:没有|没)?$/,
  /^(?:我)?(?:想买|要买|想要|想订|想喝|想吃|购买|买|订|要|来)(?:一)?(?:点|些|个|包|罐|袋|盒|瓶|份)?(.+)$/,
  /^(?:介绍一?下|说说|讲讲|看看)(.+)$/,
]
const BOUGHT_ZH: readonly RegExp[] = [
  /^(?:我)?(?:上次|最近|最后一次|上一次)(?:是)?(?:什么时候)?(?:买|订)(?:过)?的?(.+?)(?:是)?(?:什么时候)?$/,
  /^(?:我)?(?:什么时候|有没有|以前|之前)*(?:买|订)过(.+?)(?:没有|没)?$/,
]
const LEAD_ZH = /^(?:请问|想问一?下?|那|你们店?家?|店里|咱们|帮我|查一?下|麻烦|我想知道)+/
const TAIL_ZH = /(?<=.)(?:[啊呀呢吗嘛吧哦啦了的]|(?<!什)么)+$/

/** Of a text that names a product, in itself or with a question around it, the words for it. */
interface Named {
  readonly words: readonly string[]
  /** Nothing else is said. */
  readonly isBare: boolean
}

function thingIn(said: string, { bought }: { bought: boolean }): Named[] {
  if (said.length > SAID_MAX) return []
  const text = fold(said)
  if (HAN.test(text)) return thingsInChinese(text, { bought })
  const [, found] = firstMatch(bought ? BOUGHT_EN : ASKED_EN, text) ?? []
  const around = found === undefined ? undefined : wanted(found.replace(ENGLISH_AROUND, ' '))
  if (bought) return around ? [{ words: around, isBare: false }] : []
  const bare = wanted(
    text
      .replace(/^(?:(?:and|hi|hello|what about|how about|about)\s+)*(?:(?:the|a|an|some|your|any)\s+)?/, '')
      .replace(/ (?:please|pls)$/, ''),
  )
  const asked = askedFor(said)
  return [
    ...(bare ? [{ words: bare, isBare: true }] : []),
    ...(around ? [{ words: around, isBare: false }] : []),
    ...(asked ? [{ words: asked, isBare: false }] : []),
  ]
}

function thingsInChinese(folded: string, { bought }: { bought: boolean }): Named[] {
  const text = mandarin(folded).replace(LEAD_ZH, '').replace(TAIL_ZH, '')
  const [, found] = firstMatch(bought ? BOUGHT_ZH : ASKED_ZH, text) ?? []
  const asked = bought ? undefined : askedFor(text)
  return [
    ...(bought || text.length > CHINESE_MAX ? [] : [{ words: text.split(' '), isBare: true }]),
    ...(found === undefined || found.length > CHINESE_MAX ? [] : [{ words: found.split(' '), isBare: false }]),
    ...(asked ? [{ words: asked, isBare: false }] : []),
  ]
}

function firstMatch(patterns: readonly RegExp[], text: string): RegExpExecArray | undefined {
  for (const pattern of patterns) {
    const match = pattern.exec(text)
    if (match) return match
  }
  return undefined
}

/** From how near a match on a category's name counts as having named it for sure. */
export const CLEARLY_NAMED = 0.85

/**
 * The products that a text names or asks about, best first; empty where it does neither, or there is none such. No more than
 * a category's name means none of its products in particular.
 */
export function productsNamed(turn: Turn, limit: number): readonly NamedProduct[] {
  const named = productsIn(turn, thingIn(turn.said, { bought: false }), limit)
  const [category] = turn.understood.entities.categories
  const isOfCategory = category !== undefined && category.score >= CLEARLY_NAMED
  return isOfCategory && named[0]?.isWhole !== true ? [] : named
}

/** The products that a text asks about whether, or when, they were bought. */
export function productsAskedBought(turn: Turn, limit: number): readonly NamedProduct[] {
  return productsIn(turn, thingIn(turn.said, { bought: true }), limit)
}

/** Whether a text is nothing but the whole name of a product. */
export function isProductsName(turn: Turn): boolean {
  const bare = thingIn(turn.said, { bought: false }).filter(({ isBare }) => isBare)
  return productsIn(turn, bare, 1)[0]?.isWhole === true
}

function productsIn({ findProducts }: Turn, things: readonly Named[], limit: number): readonly NamedProduct[] {
  for (const { words } of things) {
    const found = findProducts?.(words, limit) ?? []
    if (found.length > 0) return found
  }
  return []
}
