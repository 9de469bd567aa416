import type { Entities, Understanding } from '../../src/bot/contract'
import { fold } from '../../src/bot/kit/choose'
import { simplified } from '../../src/bot/kit/simplified'
import { dateIn } from '../../src/bot/nlu/dates'
import type { Locale } from '../../src/core/locale'

/** What the stand-in understands. Some is deliberately misleading: an open question must not be put off by it. */
export const phrases: Readonly<Record<string, readonly string[]>> = {
  cancel: ['cancel', 'never mind', '不用了', '取消', '算了'],
  'cancel-order': ['cancel my order', '怎么取消订单'],
  'change-language': [
    ...['English please', 'change language', "I don't speak English", 'my English is not good', 'speak Chinese'],
    ...['换语言', '我不会中文'],
  ],
  'check-coupon': ['check a coupon code', 'does this code work', '查询券码'],
  'delivery-options': ['free delivery'],
  'delivery-period': ['how long does delivery take', '几天能到'],
  'get-invoice': ['没收到'],
  'get-refund': ['how do I get a refund', '我要退款'],
  goodbye: ['bye', '再见'],
  greeting: ['hello', 'hello there', 'hi', '你好', '您好'],
  help: ['help', 'home', 'menu', 'what can you do', '你能做什么', '帮助', '菜单'],
  'link-account': ['link my account', '关联会员'],
  'messages-off': ['no more offers please', '关掉优惠推送'],
  'messages-on': ['turn on offers', 'turn reminders on', '打开提醒', '订阅优惠'],
  'my-coupons': ['my coupons', '我的优惠券', '还有吗'],
  'my-orders': [
    'when did I last buy my teapot',
    'when did I last buy earl grey',
    '上次买茶壶是什么时候',
    'my last order',
    'my orders',
    'my orders in 2025',
    'my orders since March',
    'orders from last month',
    'show my orders from 21 September',
    'where is my order, it should have arrived yesterday',
    '上个月的订单',
    '去年的订单',
    '我的订单',
    '查一下9月21日的订单',
  ],
  'none-of-these': ['none of these', 'not what I meant', '都不是'],
  'points-balance': ['how many points do I have', 'my points', 'points', '我有多少积分', '我的积分', '积分'],
  'points-history': [
    'points history',
    'points history of last month',
    'points I earned in March',
    '3月的积分明细',
    '上个月的积分明细',
    '积分明细',
  ],
  'rate-service': ['rate the service', '评价服务'],
  'redemption-dispute': ['my points were taken twice for one coupon', '我的积分被扣了两次'],
  recommend: ['looking for a teapot', 'what should I buy again', '有什么推荐'],
  'redeem-coupon': [
    'I want to spend my points on free biscuits',
    'redeem a coupon',
    'redeem two coupons',
    '兑换优惠券',
    '换两张优惠券',
  ],
  'talk-to-person': ['I want to speak to a human', 'real person please', 'talk to a person', '我要人工', '转人工'],
  thanks: ['no thanks', 'thanks', 'thanks a lot', '谢谢'],
  'share-points': ['can I give my points to somebody else', '积分能转给别人吗'],
  'tier-status': ['my tier', '我的等级'],
  'track-order': ['how do I track order A1003', 'track my order', '怎么查物流 A1003'],
  'unlink-account': ['unlink my account', '解除关联'],
  'use-coupon': ['how do I use a coupon', '优惠券怎么用'],
  'who-are-you': ['who are you', '你是谁'],
}

/** Messages that ask for two things: each with its own words. */
const twoWishes: Readonly<
  Record<string, readonly [readonly [intent: string, said: string], readonly [string, string]]>
> = {
  'redeem free biscuits and show my orders': [
    ['redeem-coupon', 'redeem free biscuits'],
    ['my-orders', 'show my orders'],
  ],
  'show order a1003 and redeem free delivery': [
    ['my-orders', 'show order A1003'],
    ['redeem-coupon', 'redeem free delivery'],
  ],
  换免费饼干券再看我的订单: [
    ['redeem-coupon', '换免费饼干券'],
    ['my-orders', '再看我的订单'],
  ],
}

const byPhrase = new Map(Object.entries(phrases).flatMap(([intent, list]) => list.map((text) => [fold(text), intent])))

/**
 * A recogniser for tests of the conversations that knows a few phrases and nothing else, so that a transcript fails for
 * what a conversation does and not for what a model learnt.
 */
export function standInRecogniser(said: string, fallback: Locale): Understanding {
  const locale: Locale = /\p{Script=Han}/u.test(said) ? 'zh' : /[a-z]{2}/i.test(said) ? 'en' : fallback
  const [first, second] = twoWishes[fold(said).replace(/(?<=\p{Script=Han}) /gu, '')] ?? []
  const intent = first?.[0] ?? byPhrase.get(fold(said)) ?? 'none'
  const partOf = ([asked, words]: readonly [string, string]) => {
    return { intent: asked, said: words, entities: entitiesOf(words, locale) }
  }
  return {
    locale,
    intent,
    score: intent === 'none' ? 0.2 : 0.9,
    alternatives: [],
    entities: entitiesOf(simplified(said), locale),
    ...(first && second ? { parts: [partOf(first), partOf(second)] } : {}),
  }
}

const NUMBERS: Readonly<Record<string, number>> = {
  ...{ one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, ten: 10, hundred: 100 },
  ...{ 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 十: 10, 一百: 100 },
}
const ORDINALS: Readonly<Record<string, number>> = {
  ...{ first: 1, second: 2, third: 3, fourth: 4, last: -1, 第一: 1, 第二: 2, 第三: 3, 最后: -1 },
}

function entitiesOf(said: string, locale: Locale): Entities {
  const found = dateIn(said, locale)
  const text = said.toLowerCase().replace(found?.words ?? '', '')
  const numbers = [...text.matchAll(/(?<![a-z\d@-])-?\d+(\.\d+)?(?![a-z\d@-])|一百|[一二两三四五十]|[a-z]+/g)]
    .map(([word]) => NUMBERS[word] ?? Number(word))
    .filter((value) => !Number.isNaN(value))
  const ordinal = Object.entries(ORDINALS).find(([word]) => new RegExp(`(^|[^a-z])${word}([^a-z]|$)`).test(text))?.[1]
  return {
    numbers: ordinal === undefined ? numbers : [],
    ...(ordinal === undefined ? {} : { ordinal }),
    couponCodes: said.match(/\b[A-Z0-9]{4}(-[A-Z0-9]{4}){3}\b/gi) ?? [],
    orderCodes: said.match(/\b[A-Z]-?\d{4,}\b|\b\d{6}\b/g) ?? [],
    emails: said.match(/[^\s@]+@[^\s@]+\.[a-z]{2,}/gi) ?? [],
    products: [],
    categories: [],
    ...(found ? { date: found.date } : {}),
  }
}
