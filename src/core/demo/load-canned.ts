import type { Db } from '../../db/sql'
import type { Locale } from '../locale'

interface DemoText {
  readonly locale: Locale
  readonly title: string
  readonly text: string
}

/** What the demo shop's people say often. */
const texts: readonly DemoText[] = [
  {
    locale: 'en',
    title: 'Greeting',
    text: 'Hello {name}, thank you for waiting. I have read what you wrote and am looking into it now.',
  },
  {
    locale: 'en',
    title: 'Late parcel',
    text: "I'm sorry that your parcel is late, {name}. I have asked the carrier where it is and will write to you here as soon as I know.",
  },
  {
    locale: 'en',
    title: 'Broken on arrival',
    text: "I'm sorry that it arrived broken. There is no need to send it back: shall I send you a new one, or refund it?",
  },
  {
    locale: 'en',
    title: 'Points and tier',
    text: 'You have {points} points to spend, {name}, and your tier is {tier}. Shall I show you what they buy?',
  },
  {
    locale: 'en',
    title: 'Farewell',
    text: 'You are welcome, {name}. Thank you for shopping with {shop}!',
  },
  { locale: 'zh', title: '问候', text: '{name}您好，让您久等了。您的留言我已看过，正在为您处理。' },
  {
    locale: 'zh',
    title: '包裹延误',
    text: '{name}您好，非常抱歉包裹晚到了。我已联系承运商查询，一有消息就在这里告诉您。',
  },
  { locale: 'zh', title: '到货破损', text: '非常抱歉商品到货时已破损。您无需寄回，请问您希望补发，还是退款？' },
  {
    locale: 'zh',
    title: '积分与等级',
    text: '{name}您好，您现有 {points} 积分可用，会员等级为{tier}。需要我看看能兑换什么吗？',
  },
  { locale: 'zh', title: '道别', text: '不客气，{name}。感谢您光顾{shop}！' },
]

/** Gives everybody at the demo shop's desk texts to use again. */
export async function addDemoCanned(db: Db, { at }: { at: Date }): Promise<void> {
  await db.sql`
    insert into canned_reply (locale, title, text, updated_at)
    select locale, title, text, ${at} from unnest(
      ${texts.map(({ locale }) => locale)}::text[], ${texts.map(({ title }) => title)}::text[],
      ${texts.map(({ text }) => text)}::text[]) as demo(locale, title, text)`
}
