import type { Words } from './replies.en'

export const zh: Words = {
  menuTitle: '订单、配送与退换',
  topics: '这些问题我都可以解答：',
  person: '转人工客服',
  notIt: '不是我要问的',
  closing: {
    none: '',
    'ask-on': '\n\n如果还有没说清楚的地方，换个说法再问我一次，也许我还知道些别的。',
  },
}
