import type { Pointing } from '../contract'
import { fold } from './choose'
import { mandarin } from './mandarin'

/** What somebody says who has just been shown a thing; longer questions speak for themselves. */
const SAID_MAX = 40

const IT = '(?:it|that|this|they|them|these|those|(?:this|that|the) (?:one|order|parcel|coupon|voucher))'
const ARRIVE = '(?:arrive|come|get here|get to me|be here|be delivered|reach me|turn up|be coming|ship)'
const DUE = '(?:coming|arriving|due|expected|delivered|here|getting here|going to (?:arrive|come|be here))'
const WANT =
  '(?:can i|could i|may i|can you|could you|i want to|i need to|i would like to|id like to|let me|how do i|how can i)'

const english: Readonly<Record<Pointing, readonly string[]>> = {
  where: [
    `wheres? (?:(?:is|are|was) )?${IT}(?: at)?`,
    `(?:${WANT} )?track ${IT}`,
    `ha(?:s|ve) ${IT} (?:been )?(?:shipped|dispatched|left|gone out|sent|arrived|come|delivered)(?: out)?`,
    `did ${IT} (?:ship|arrive|come|go out)`,
    `(?:is|are) ${IT} (?:on (?:its|the|their) way|here|delivered|shipped)`,
    `(?:whats |what is )?(?:the |its )?status(?: of ${IT})?`,
    `(?:is there )?any (?:news|updates?|word)(?: (?:on|about|of) ${IT})?`,
  ],
  when: [
    `when(?: (?:will|does|do|did|would|should) ${IT} ${ARRIVE})?`,
    `when(?:s| is| are| was) ${IT} ${DUE}`,
    `when (?:will|do|can|should) i (?:get|receive|have|expect) ${IT}`,
    `how (?:long|much longer)(?: (?:will|does) ${IT} take| (?:until|till|before) ${IT} (?:arrives|comes|gets here|is here))`,
    `(?:whats the )?eta`,
  ],
  cancel: [`(?:${WANT} )?cancel ${IT}`, `i (?:dont|do not|no longer) want ${IT}(?: any ?more)?`],
  price: [
    `how much(?: (?:is|are|was|were) ${IT}| (?:does|do|did) ${IT} cost)?`,
    `what(?:s| does| do| did) ${IT} cost`,
    `(?:what(?:s| is| was) )?(?:the|its) (?:price|cost|total)(?: of ${IT})?`,
    'price',
    `how many points (?:is ${IT}|are ${IT}|does ${IT} (?:cost|take)|for ${IT}|do i need for ${IT})`,
  ],
  contents: [
    `what(?:s| is| was) (?:in|inside) ${IT}`,
    `what did i (?:order|buy|get) (?:in ${IT}|there|then)`,
    `what does ${IT} contain`,
  ],
  stock: [
    `(?:is|are) ${IT} (?:still |currently )?(?:in stock|available|sold out|out of stock)`,
    `do you (?:still )?have ${IT}(?: in stock)?`,
    `(?:still )?in stock`,
    `(?:is there |are there |do you have )?any left`,
  ],
  again: [
    `(?:the )?same(?: one| thing)?(?: again| once more| as (?:last time|before))`,
    '(?:once )?again|once more',
    `one more(?: of (?:those|them|that))?`,
    `(?:${WANT} )?(?:do|order|buy|get|redeem|have) ${IT} again`,
    `(?:${WANT} )?re ?order(?: ${IT})?`,
  ],
  buy: [
    `(?:${WANT} |where (?:do|can) i )?(?:buy|order|get|take|have|redeem|purchase) ${IT}`,
    `i ?(?:ll|will|would like|d like|want) (?:take |have |buy )?${IT}`,
    `(?:${WANT} )?(?:add|put) ${IT} (?:to|in|into) (?:my|the) (?:basket|cart)`,
  ],
}

const DAS = '(?:它|他|[这那](?:一)?(?:个|单|张|款|件|份|笔|个订单|个包裹|笔订单)?|该订单)'
const WHEN = '(?:大概|大约|预计)?(?:什么时候|啥时候|何时|哪天|几号|几点)'
const MAY = '(?:我)?(?:能不能|可不可以|可以|能|想要|想|要)?'

const chinese: Readonly<Record<Pointing, readonly string[]>> = {
  where: [
    `${DAS}?(?:现在|目前|已经)?(?:送|走|运|寄|去)?到(?:哪里|哪儿|哪|什么地方)`,
    `${DAS}?(?:现在|目前)?在(?:哪里|哪儿|哪)`,
    `${DAS}?(?:已经|有没有)?(?:发货|发出|寄出)(?:了)?(?:没有|没)?`,
    `${DAS}?(?:已经)?(?:发|寄|到)了(?:没有|没)`,
    `(?:${DAS}的?)?(?:物流|快递|状态|进度)(?:信息)?(?:怎么样)?`,
    `(?:查一?下?|看一?下?)${DAS}?的?(?:物流|快递|状态|进度)`,
  ],
  when: [
    `${DAS}?${WHEN}(?:才|能|可以|会)*(?:到货|到达|送到|送达|收到|拿到|到|来)`,
    `${DAS}?(?:大概|大约)?(?:还要|还需要|还得)(?:等)?(?:多久|几天|多长时间)(?:才|能|可以)*(?:到货|送到|收到|到)?`,
    `${DAS}?(?:大概|大约)?(?:多久|几天)(?:才|能|可以)*(?:到货|送到|收到|到)`,
  ],
  cancel: [
    `${MAY}取消掉?${DAS}`,
    `${MAY}把?${DAS}${MAY}取消掉?`,
    `${MAY}取消掉`,
    `(?:能不能|可不可以|可以|能)取消`,
    `${DAS}我?不(?:想)?要`,
    '不想要',
  ],
  price: [
    `${DAS}?(?:一共|总共)?(?:要|得|需要|是|卖|花)?(?:了)?(?:多少钱|什么价格?|几块钱?|怎么卖|价格(?:是)?(?:多少)?)`,
    `${DAS}?(?:要|需要|得要|得)(?:用)?(?:多少积分|多少分|几分)`,
    `${DAS}(?:多少积分|多少分|几分)`,
  ],
  contents: [`${DAS}?(?:里面|里|里头)(?:都)?(?:是|有)(?:什么|啥|哪些)(?:东西)?`, '都?买了(?:什么|啥)'],
  stock: [`${DAS}?(?:现在|还)?(?:有没有货|有现货|有货|缺货|卖完|卖光)(?:没有|没)?`],
  again: [
    '(?:再|又)来(?:一)?(?:次|单|份|个|张|遍)',
    '(?:再|照样)(?:买|换|下|要|订)(?:一)?(?:次|单|份|个|张|遍)',
    '(?:一样|同样)的?(?:再来(?:一)?(?:次|单|份|个|张))?',
    '[跟和](?:上次|刚才)一样的?',
    `${DAS}再(?:买|来|换|要)(?:一)?(?:次|单|份|个|张)`,
  ],
  buy: [
    `${MAY}(?:买|下单|兑换|换|订|拿)${DAS}`,
    `${DAS}?(?:怎么|如何|在哪(?:里|儿)?|哪里可以|哪里)(?:可以|能)?(?:购买|下单|买|订|换)`,
    `(?:就|我就|那就)(?:买|换|要)${DAS}`,
    `我要${DAS}`,
    `${MAY}(?:把${DAS})?(?:加入|加到|放进)购物车`,
  ],
}

const LEAD_EN = '(?:(?:and|so|ok|okay|but|well|please|then|now|oh|yes|hi|just) )*'
const TAIL_EN = '(?: (?:please|then|now|exactly|thanks|today|yet|right now|though|all together|in total|anyway))*'
const ENGLISH = patternsOf(english, (all) => `^${LEAD_EN}(?:${all})${TAIL_EN}$`)

const LEAD_ZH = /^(?:那么|请问一?下?|麻烦|请|帮我|想问一?下?|所以|好的?|嗯|哦)+/
/** 那 leads in as well as it points: 那多少钱. */
const THEN_ZH = /^那(?=什么时候|多少|怎么|还|几|我|能|可以|到|在|再|要|就|发|取消)/
const TAIL_ZH = /(?<=.)(?:[啊呀呢吗嘛吧哦噢啦喔哈了]|(?<!什)么)+$/
const CHINESE = patternsOf(chinese, (all) => `^(?:${all})$`)

/** What a short text asks of something that it does not name: "where is it", 什么时候到; undefined for any other. */
export function pointingOf(said: string): Pointing | undefined {
  if (said.length > SAID_MAX) return undefined
  const text = fold(said)
  if (!/\p{Script=Han}/u.test(text)) return ENGLISH.find(([, pattern]) => pattern.test(text))?.[0]
  const words = mandarin(text.replaceAll(' ', '')).replace(LEAD_ZH, '').replace(THEN_ZH, '').replace(TAIL_ZH, '')
  return CHINESE.find(([, pattern]) => pattern.test(words))?.[0]
}

function patternsOf(
  phrases: Readonly<Record<Pointing, readonly string[]>>,
  whole: (all: string) => string,
): (readonly [Pointing, RegExp])[] {
  return Object.entries(phrases).map(([asked, all]) => [asked as Pointing, new RegExp(whole(all.join('|')))] as const)
}
