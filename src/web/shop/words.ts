import type { Locale } from '../shared/locale'

interface ShopWords {
  readonly headline: string
  readonly lead: string
  readonly start: string
  readonly tryTitle: string
  readonly tryNote: string
  readonly questions: readonly string[]
  readonly who: string
  readonly whoNote: string
  readonly search: string
  readonly searchPlaceholder: string
  readonly chattingAs: string
  readonly stranger: string
  readonly strangerNote: string
  readonly points: (points: string) => string
  readonly tiers: Readonly<Record<string, string>>
  readonly speaks: Readonly<Record<Locale, string>>
  readonly none: string
  readonly loading: string
  readonly failed: string
  readonly again: string
  readonly embedTitle: string
  readonly embedNote: string
  readonly mailNote: string
}

export const shopWords: Readonly<Record<Locale, ShopWords>> = {
  en: {
    headline: 'Good tea, and all that makes a home.',
    lead: 'Step in as one of our regulars and chat: ask what your points are worth, turn them into a coupon, and see what it is time to buy again, and why.',
    start: 'Start chatting',
    tryTitle: 'Things to ask',
    tryNote: 'Press one, or write it your own way. Slips of the keyboard are fine.',
    questions: [
      'How many points do I have?',
      'I’d like to redeem a coupon',
      'What should I buy again?',
      'Where is my order?',
      'How do I reach the next tier?',
      'Can I cancel an order?',
      '用中文聊',
      'I want to talk to a person',
    ],
    who: 'Who are you today?',
    whoNote:
      'Pick a customer and the chat knows you, as if you had signed in to the shop. Each has a history of orders, points and habits.',
    search: 'Find a customer',
    searchPlaceholder: 'Name or number',
    chattingAs: 'That’s you',
    stranger: 'A guest',
    strangerNote:
      'Nobody the shop knows. You get answers to general questions, and can sign in with a one-time code sent to a customer’s e-mail address.',
    points: (points) => `${points} points`,
    tiers: { member: 'Member', silver: 'Silver', gold: 'Gold', platinum: 'Platinum' },
    speaks: { en: 'English', zh: '中文' },
    none: 'No customer is called that. Try a shorter part of the name.',
    loading: 'Loading customers',
    failed: 'The customers could not be loaded.',
    again: 'Try again',
    embedTitle: 'One line in your own shop',
    embedNote:
      'This page has the chat the way any shop would have it: one script tag. The token is signed by the shop’s server and says who is signed in.',
    mailNote: 'One-time codes go to the demo mailbox',
  },
  zh: {
    headline: '好茶，好物，好生活。',
    lead: '选一位老顾客的身份来聊聊：问问有多少积分，换一张优惠券，看看该回购什么、为什么。',
    start: '开始聊天',
    tryTitle: '可以这样问',
    tryNote: '点一下，或者用您自己的话说。打错几个字也没关系。',
    questions: [
      '我有多少积分？',
      '我想兑换优惠券',
      '我该回购什么？',
      '我的订单到哪儿了？',
      '怎样升到下一个等级？',
      '订单可以取消吗？',
      'Speak English',
      '我要找人工客服',
    ],
    who: '您今天是哪位？',
    whoNote: '选择一位顾客，客服就认识您了，就像您已在店里登录一样。每位顾客都有自己的订单、积分和购物习惯。',
    search: '查找顾客',
    searchPlaceholder: '姓名或编号',
    chattingAs: '当前身份',
    stranger: '访客',
    strangerNote: '店铺不认识的人。可以咨询一般问题，也可以用发送到顾客邮箱的一次性验证码登录。',
    points: (points) => `${points} 积分`,
    tiers: { member: '普通会员', silver: '银卡', gold: '金卡', platinum: '白金卡' },
    speaks: { en: 'English', zh: '中文' },
    none: '没有找到这位顾客，换个短一点的关键词试试。',
    loading: '正在加载顾客',
    failed: '暂时无法加载顾客。',
    again: '重试',
    embedTitle: '您的店铺只需一行代码',
    embedNote: '本页嵌入聊天的方式和任何店铺一样：一个 script 标签。token 由店铺服务器签发，说明登录的是谁。',
    mailNote: '一次性验证码会发到演示邮箱',
  },
}
