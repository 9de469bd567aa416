import type { Words } from './replies.en'

export const zh: Words = {
  menuTitle: '订单、配送与退换',
  topics: '这些问题我都可以解答：',
  person: '转人工客服',
  notIt: '不是我要问的',
}
