import type { Words } from './replies.en'

export const zh: Words = {
  nothing: '目前没有需要取消的操作。您想办理什么？',
  order: '取消订单',
  help: '你能做什么？',
}
