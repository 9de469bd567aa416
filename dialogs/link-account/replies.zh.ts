import type { Words } from './replies.en'

export const zh: Words = {
  menuTitle: '关联会员账户',
  already: ({ name }) =>
    name === undefined ? '这个聊天已经关联您的会员账户了。' : `${name}，这个聊天已经关联您的会员账户了。`,
  privateOnly: '这里其他人也能看到。请私聊我，我们在那里关联您的账户。',
  askEmail: '您的会员账户登记的是哪个邮箱？我会往那里发送一次性验证码。',
  emailHint: '这看起来不像邮箱地址，格式应类似 name@example.com。还不是会员？请回复“注册”。',
  notNow: '好的。积分、优惠券和订单需要先确认身份；其他问题随时可以问我。',
  notMember: '没关系，注册账户免费，从第一笔订单起就能得积分。',
  signUp: '注册账户',
  sent: '如果该邮箱已登记，6 位验证码正在发送途中，10 分钟内有效。',
  askCode: '请在这里输入 6 位验证码。',
  codeHint: '验证码是邮件里的 6 位数字。如果没收到，请看看垃圾邮件，或者换一个邮箱。',
  tooManyRequests: '这个聊天请求验证码的次数过多，请一小时后再试。',
  wrong: ({ triesLeft }) => `验证码不对，还可以再试 ${triesLeft} 次。`,
  expired: '验证码已过期，我们重新来一次。',
  noCode: '这个聊天没有待验证的验证码，我们重新来一次。',
  tooManyTries: '验证码错误次数过多，这次先到这里。您可以重新获取验证码，或转人工客服。',
  linked: ({ name }) =>
    name === undefined
      ? '谢谢，身份已确认，这个聊天已关联您的会员账户。'
      : `谢谢您，${name}，身份已确认，这个聊天已关联您的会员账户。`,
  resend: '重新获取验证码',
  resendAliases: ['重发', '再发一次', '换个邮箱', '没收到', '重新发送'],
  cancel: '取消',
  unlink: '解除关联',
  person: '转人工客服',
  retry: '再试一次',
  points: '我的积分',
  redeem: '兑换优惠券',
}
