import type { Locale } from '../locale'
import type { OrderStatus } from '../orders/read'

interface Where {
  readonly channel: string
  readonly language: string
  readonly at: string
}

type When = 'first' | 'then'

const en = {
  member: ({ name, tier, since, channel, language, at }: Where & { name: string; tier: string; since: string }) =>
    `${name} (${tier}, member since ${since}) asked for help on ${at}, on ${channel}, in ${language}.`,
  stranger: ({ channel, language, at }: Where) =>
    `A visitor whom no membership is linked to asked for help on ${at}, on ${channel}, in ${language}.`,
  nameless: 'A member without a name on file',
  channels: { directline: 'web chat', msteams: 'Teams', emulator: 'the test channel' } as Readonly<
    Record<string, string>
  >,
  languages: { en: 'English', zh: 'Chinese' },
  nothingAsked: 'Nothing was asked of the bot before.',
  leftOut: (count: number) => (count === 1 ? 'One message more came before.' : `${count} messages more came before.`),
  answered: ({ said, answer, when }: { said: string; answer: string; when: When }) =>
    `${when === 'first' ? 'They said' : 'Then'} “${said}”; the bot answered “${answer}”${ending(answer)}`,
  unanswered: ({ said, when }: { said: string; when: When }) =>
    `${when === 'first' ? 'They said' : 'Then'} “${said}”, to which the bot said nothing.`,
  notUnderstood: ({ said, when }: { said: string; when: When }) =>
    `${when === 'first' ? 'They said' : 'Then'} “${said}”, which the bot did not understand.`,
  failed: ({ said, when }: { said: string; when: When }) =>
    `${when === 'first' ? 'They said' : 'Then'} “${said}”, at which something failed on our side.`,
  reasons: {
    asked: 'Then they asked for a person.',
    'not-understood': 'The bot handed over because it did not understand.',
    error: 'The bot handed over because something failed on our side.',
    complaint: 'The bot handed over because it is a complaint.',
    redemption: 'The bot handed over because a redemption is disputed.',
    'low-feedback': 'The bot handed over because of a low rating.',
    agent: 'A colleague took the conversation over.',
    reopened: 'They came back because the matter was not solved.',
  } as Readonly<Record<string, string>>,
  otherReason: 'Then it went to a person.',
  openRedemption: ({ coupon, quantity }: { coupon: string | null; quantity: number | null }) =>
    coupon === null
      ? 'Open: a redemption was begun, no coupon chosen yet.'
      : `Open: the redemption of ${quantity === null ? '' : `${quantity} × `}“${coupon}” was begun and not confirmed; no points were spent on it.`,
  openQuestion: (title: string) => `Open: the bot was in the middle of “${title}”.`,
  lastOrder: ({
    id,
    placed,
    total,
    status,
    expected,
  }: {
    id: string
    placed: string
    total: string
    status: string
    expected?: string
  }) => `Last order: ${id} of ${placed}, ${total}, ${status}${expected === undefined ? '' : `, expected ${expected}`}.`,
  refund: 'a refund',
  orderStatus: {
    placed: 'not shipped yet',
    shipped: 'on its way',
    delivered: 'delivered',
    cancelled: 'cancelled',
    refunded: 'refunded',
  } satisfies Readonly<Record<OrderStatus, string>>,
}

export type SummaryWords = typeof en

/** A quoted sentence brings its own full stop along. */
function ending(quoted: string): string {
  return /[.!?…。！？]$/.test(quoted) ? '' : '.'
}

const zh: SummaryWords = {
  member: ({ name, tier, since, channel, language, at }) =>
    `${name}（${tier}，${since}入会）于${at}通过${channel}用${language}求助。`,
  stranger: ({ channel, language, at }) => `一位未关联会员身份的访客于${at}通过${channel}用${language}求助。`,
  nameless: '未登记姓名的会员',
  channels: { directline: '网页聊天', msteams: 'Teams', emulator: '测试渠道' },
  languages: { en: '英语', zh: '中文' },
  nothingAsked: '此前没有向机器人提问。',
  leftOut: (count) => `此前还有 ${count} 条消息。`,
  answered: ({ said, answer, when }) => `${when === 'first' ? '先说' : '接着说'}“${said}”，机器人回答“${answer}”。`,
  unanswered: ({ said, when }) => `${when === 'first' ? '先说' : '接着说'}“${said}”，机器人没有回答。`,
  notUnderstood: ({ said, when }) => `${when === 'first' ? '先说' : '接着说'}“${said}”，机器人没有听懂。`,
  failed: ({ said, when }) => `${when === 'first' ? '先说' : '接着说'}“${said}”，但我方系统出错。`,
  reasons: {
    asked: '随后要求转人工。',
    'not-understood': '机器人因没有听懂而转人工。',
    error: '因我方系统出错，机器人转人工。',
    complaint: '因属投诉，机器人转人工。',
    redemption: '因兑换有争议，机器人转人工。',
    'low-feedback': '因评分较低，机器人转人工。',
    agent: '由同事主动接管。',
    reopened: '问题未解决，会员再次求助。',
  },
  otherReason: '随后转人工。',
  openRedemption: ({ coupon, quantity }) =>
    coupon === null
      ? '未完成：已开始兑换，尚未选择优惠券。'
      : `未完成：已开始兑换“${coupon}”${quantity === null ? '' : ` ${quantity} 张`}，尚未确认，未扣积分。`,
  openQuestion: (title) => `未完成：机器人正在处理“${title}”。`,
  lastOrder: ({ id, placed, total, status, expected }) =>
    `最近一单：${id}，${placed}下单，${total}，${status}${expected === undefined ? '' : `，预计${expected}送达`}。`,
  refund: '退款单',
  orderStatus: {
    placed: '尚未发货',
    shipped: '运输中',
    delivered: '已送达',
    cancelled: '已取消',
    refunded: '已退款',
  },
}

export const summaryWords: Readonly<Record<Locale, SummaryWords>> = { en, zh }
