import type { EngineWords } from './replies.en'

export const zh: EngineWords = {
  welcome: ({ merchant, name }) =>
    name === undefined
      ? `您好，欢迎光临${merchant}！订单、配送、退货方面的问题都可以问我。确认您的会员身份后，我还能帮您查积分、换优惠券。`
      : `${name}，您好，欢迎回到${merchant}！我可以帮您查积分、兑换优惠券、查订单，还能推荐值得回购的商品。`,
  welcomeGroup: ({ merchant }) =>
    `大家好！我是${merchant}的助手。在群里我只回答一般问题；积分、优惠券和订单方面的事，请私聊我。`,
  back: '好，我们接着刚才的。',
  cancelled: '好的，已取消，没有任何变动。',
  restarted: '刚才提问之后系统更新过了，我从头再问您一次。',
  dropped: '刚才聊的那项服务已经下线，我先把它关掉了。',
  needsLink: '这涉及您的个人信息，我得先确认您是谁。',
  privateOnly: '这涉及个人信息，群里其他人也能看到。请私聊我，我很乐意帮您。',
  buttonGone: '这个按钮已经失效了。您想办理什么？',
  empty: '我收到了一条空消息。请直接输入问题，或者选一项：',
  emoji: '谢谢您！🙂 有什么需要直接告诉我，或者选一项：',
  unhappy: '很抱歉让您不愉快。请告诉我出了什么问题，或者我帮您转人工客服。',
  otherLanguage: '抱歉，我只会说中文和英文。I speak Chinese and English.',
  tooLong: '内容有点长，我一下子没看明白。能用一两句话说说吗？',
  rephrase: '抱歉，我没听懂。能换个说法吗？',
  guess: '我不太确定您的意思。是下面哪一项吗？如果都不是，请换个说法。',
  guessOne: ({ guess }) => `我不太确定您的意思。您是想问“${guess}”吗？如果不是，请换个说法。`,
  noneOfThese: '都不是',
  choose: '抱歉，我还是没明白。您是想问下面哪一项？',
  chooseOpen: '抱歉，我还是没明白。请回答我的问题，或者回复“取消”跳过，也可以选别的：',
  person: '很抱歉，看来我帮不上忙了。要帮您转给人工客服吗？',
  talkToPerson: '转人工客服',
  yes: ['是', '是的', '好', '好的', '要', '可以', '嗯', '转吧'],
  no: ['不', '不要', '不用', '不用了', '不了'],
  help: '你能做什么？',
  cancel: '取消',
}
