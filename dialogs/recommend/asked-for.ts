import { fold } from '../../src/bot/kit/choose'

/** "Do you sell …", "looking for …": what comes after is a thing that somebody wants. */
const ASKED_EN =
  /\b(?:do you (?:sell|have|stock|carry)|(?:have you|you) got|got any|looking for|is there|are there|show me)\b(.*)$/
const SMALL_EN =
  /\b(?:a|an|any|some|the|your|my|me|more|for|please|in|of|with|today|now|stock|something|anything|thing|things|else|new|good|nice|recommendations?|suggestions?|products?|items?|what|you|have|i|like|might|may|buy|again|usual|ones?|that|this|similar|popular|best|sellers?|offers?|to)\b/g
const ASKED_ZH =
  /(?:有没有|有卖|卖不卖|卖|想找|找|有)(?:一个|一些|一点|点|些|个)?(\p{Script=Han}{2,8}?)(?:吗|呢|么|的)?$/u
const SMALL_ZH = /推荐|什么|哪些|新品|建议|东西|商品|别的|其他|没有|适合|好货|优惠/

const WORDS_MAX = 4

/** The words of the thing that a text asks for, to be looked up in the catalogue; undefined when it asks for nothing in particular. */
export function askedFor(said: string): string[] | undefined {
  const text = fold(said)
  const chinese = ASKED_ZH.exec(text)?.[1]
  if (chinese !== undefined) return SMALL_ZH.test(chinese) ? undefined : [chinese]
  const words = (ASKED_EN.exec(text)?.[1] ?? '').replace(SMALL_EN, ' ').split(' ').filter(Boolean)
  if (words.length === 0 || words.length > WORDS_MAX) return undefined
  // A plural finds the singular: "teapots" is in no name, "teapot" is.
  return words.map((word) => (word.length > 3 ? word.replace(/(?<=[^s])s$/, '') : word))
}
