import type { Words } from './replies.en'

export const zh: Words = {
  menuTitle: '我的优惠券',
  intro: '您的优惠券：',
  none: '您还没有优惠券。要不要看看积分能换什么？',
  line: ({ name, code, status }) => `**${name}** · ${code} · ${status}`,
  statuses: {
    issued: ({ at }) => `有效期至${at}`,
    used: ({ at }) => `已于${at}使用`,
    expired: ({ at }) => `已于${at}过期`,
    void: () => '已作废',
  },
  check: {
    issued: ({ name, code, at }) => `**${code}** 可以使用：${name}，有效期至${at}。结账时输入券码即可。`,
    used: ({ name, code, at }) => `**${code}**（${name}）已于${at}使用。`,
    expired: ({ name, code, at }) => `**${code}**（${name}）已于${at}过期。`,
    void: ({ name, code }) => `**${code}**（${name}）已作废，积分已退还。`,
    unknown: ({ code }) => `在您的优惠券里没有找到 **${code}**。`,
    misspelt: ({ code }) => `**${code}** 应该有输错的地方，请逐个字符核对一下。`,
  },
  askCode: '要查哪个券码？可以直接粘贴过来。',
  codeHint: '没看到券码。券码的样子类似 ABCD-EFGH-JKMN-PQRS。',
  older: ({ count }) => `另有 ${count} 张更早的优惠券。`,
  cardTitle: '您的优惠券',
  checkButton: '查看',
  checkCode: '查询券码',
  mine: '我的优惠券',
  redeem: '兑换优惠券',
  cancel: '取消',
  person: '转人工客服',
}
