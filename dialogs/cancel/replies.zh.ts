import type { Words } from './replies.en'

export const zh: Words = {
  nothing: '目前没有需要取消的操作。您想办理什么？',
  nothingOrder: '目前没有需要取消的操作。您是想取消订单吗？',
  order: '取消订单',
  orderAliases: ['是', '是的', '对', '订单', '我的订单'],
  help: '你能做什么？',
}
