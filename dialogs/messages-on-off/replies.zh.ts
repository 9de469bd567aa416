import type { MessageKind } from '../../src/core/retention/consent'
import type { Words } from './replies.en'

const names: Readonly<Record<MessageKind, string>> = { offers: '优惠消息', reminders: '提醒消息' }
const both = (kinds: readonly MessageKind[]) => kinds.map((kind) => names[kind]).join('和')

export const zh: Words = {
  menuTitle: '消息推送',
  off: (kinds) => `好的，以后不会在这里给您发送${both(kinds)}。您的提问我照常回答。`,
  on: (kinds) => `好的，以后可能会在这里给您发送${both(kinds)}。随时回复“退订”即可停止。`,
  none: '目前只有您来找我时，我才会回复。如果您愿意，我可以偶尔在这里给您发送优惠或提醒。',
  standing: (kinds) => `我可能会在这里给您发送${both(kinds)}。`,
  wantOffers: '接收优惠',
  wantReminders: '接收提醒',
  turnOn: '重新开启',
  turnOff: '关闭',
  allow: '重新开启',
  forbid: '关闭',
  plain: '好的，今后我发送或推荐的内容不再依据您的购买记录。您的积分和价格不受影响。',
  personal: '好的，今后我发送或推荐的内容可能依据您的购买记录。随时回复“关闭个性化”即可停止。',
  whyFirst: (shop, channel) => `您收到这条消息，是因为您同意${channel}接收${shop}的消息。点击“不再接收”即可立即停止。`,
  here: '在此聊天中',
  stop: '不再接收',
  given: (points) => `${points}已存入您的账户。`,
  givenCoupon: (code, lastDay) => `您的优惠券：${code}，有效期至${lastDay}。`,
}
