import { simplifiedPairs } from './simplified-pairs'

const simplifiedOf = new Map<string, string>()
for (const line of simplifiedPairs) {
  for (let at = 0; at < line.length; at += 2) simplifiedOf.set(line.charAt(at), line.charAt(at + 1))
}
const HAN = /[\u4e00-\u9fff]/g
/** 回覆 is how traditional texts write 回复; elsewhere it is a character of its own, as in 覆盖. */
const REPLYING = /(?<=[回答])覆/g

/**
 * The text with its traditional characters put as simplified ones, one for one: 訂單 as 订单. For understanding and comparing
 * only; where one simplified character serves for several, what is shown to people stays as it was typed.
 */
export function simplified(text: string): string {
  return text.replace(HAN, (character) => simplifiedOf.get(character) ?? character).replace(REPLYING, '复')
}
