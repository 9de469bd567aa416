import { fold } from '../../src/bot/kit/choose'

/** "Do you sell …", "looking for …": what comes after is a thing that somebody wants. */
const ASKED_EN =
  /\b(?:do you (?:sell|have|stock|carry)|(?:have you|you) got|got any|looking for|is there|are there|show me)\b(.*)$/
/** Small words around a thing's name. */
export const ENGLISH_AROUND =
  /\b(?:a|an|any|some|the|your|my|me|more|for|please|in|of|with|today|now|stock|something|anything|thing|things|else|new|good|nice|recommendations?|suggestions?|products?|items?|what|you|have|i|like|might|may|buy|again|usual|ones?|that|this|similar|popular|best|sellers?|offers?|to)\b/g
const ASKED_ZH = /(?:有没有|有卖|卖不卖|卖|想找|找|有)(?:一个|一些|一点|点|些|个)?(\p{Script=Han}{1,8})$/u
const PARTICLES_ZH = /(?:吗|呢|的|(?<!什)么)+$/u
const SMALL_ZH = /推荐|什么|哪些|新品|建议|东西|商品|别的|其他|没有|适合|好货|优惠|^没$/

const WORDS_MAX = 4

/** The words of the thing that a text asks for, to be looked up in the catalogue; undefined when it asks for nothing in particular. */
export function askedFor(said: string): string[] | undefined {
  const text = fold(said)
  const chinese = ASKED_ZH.exec(text.replace(PARTICLES_ZH, ''))?.[1]
  if (chinese !== undefined) return SMALL_ZH.test(chinese) ? undefined : [chinese]
  return wanted((ASKED_EN.exec(text)?.[1] ?? '').replace(ENGLISH_AROUND, ' '))
}

/** What people say around a thing when they ask for suggestions. */
const AROUND_EN =
  /\b(?:recommend|suggest|suggestion|show|find|give|get|want|need|try|fancy|looking|would|could|can|should|shall|do|does|is|are|was|which|there|how|about|am|im|id|it|we|people|others?|us|out|on|at|from|time|week|next|bestselling|running|low)\b/g
const AROUND_ZH =
  /推荐|介绍|建议|有没有|有什么|有啥|什么|哪些|看看|看一下|一下|给我|帮我|请|我|想要|想买|想喝|想吃|想|要买|要|买|来点|来|一些|有些|些|点|找|有|好的|好|适合|的|吗|呢|吧|啊|卖|最近|新|啲|嘢|俾|畀|咩/g

/**
 * The words that are left of a text besides those that ask for suggestions: "something in tea" leaves tea, 推荐绿茶 leaves 绿茶.
 * They need not be a thing, so what finds nothing in the catalogue asked for none.
 */
export function mentioned(said: string): string[] | undefined {
  const text = fold(said)
  const chinese = text.replace(AROUND_ZH, ' ').match(/\p{Script=Han}+/gu) ?? []
  if (/\p{Script=Han}/u.test(text))
    return chinese.length === 1 && chinese[0]!.length <= CHINESE_MAX ? [...chinese] : undefined
  return wanted(text.replace(AROUND_EN, ' ').replace(ENGLISH_AROUND, ' '))
}

const CHINESE_MAX = 6

/** The words of a thing's name; undefined where they are too many for one, or none. A plural finds the singular. */
export function wanted(text: string): string[] | undefined {
  const words = text.split(' ').filter(Boolean)
  if (words.length === 0 || words.length > WORDS_MAX) return undefined
  return words.map((word) => (word.length > 3 ? word.replace(/(?<=[^s])s$/, '') : word))
}
