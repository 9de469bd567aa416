import type { ChurnReason } from '../../ml/churn-reasons'
import type { Locale } from '../locale'
import { writeMoney } from '../segments/money'

/** A reason as a sentence for the people who run the shop. Amounts are in minor units of `currency`. */
export function churnReasonInWords(reason: ChurnReason, { locale, currency }: { locale: Locale; currency: string }) {
  return locale === 'zh' ? inChinese(reason, currency) : inEnglish(reason, currency)
}

function inEnglish(reason: ChurnReason, currency: string): string {
  switch (reason.code) {
    case 'silent': {
      const last = reason.daysSinceLast === 0 ? 'last order today' : `last order ${days(reason.daysSinceLast)} ago`
      if (reason.usualGapDays === undefined) return last
      return `${last}, usually every ${reason.usualGapDays === 1 ? 'day' : days(reason.usualGapDays)}`
    }
    case 'slowing':
      return `the last order came after ${days(reason.lastGapDays)}, usually after ${days(reason.usualGapDays)}`
    case 'fewer-orders':
      return `${counted(reason.recent, 'order')} in the last ${reason.days} days, ${reason.before} in the ${reason.days} before`
    case 'few-orders':
      return `ordered on only ${counted(reason.orders, 'day')} so far`
    case 'spends-less':
      return `the last order was worth ${writeMoney(reason.lastMinor, currency)}, usually ${writeMoney(reason.meanMinor, currency)}`
    case 'sends-back':
      return `sent back ${reason.percent} % of what was bought, in ${counted(reason.refunds, 'refund')}`
    case 'points-unused':
      return `earned ${reason.pointsEarned} points and never spent any`
    case 'complained':
      return `complained ${times(reason.complaints)}, last ${ago(reason.daysAgo)}`
    case 'asked-for-help':
      return `asked for help ${times(reason.questions)}, last ${ago(reason.daysAgo)}`
    case 'one-category':
      return 'buys from one category only'
    case 'small-baskets':
      return `${counted(reason.lastLines, 'article')} in the last order, usually ${reason.meanLines}`
  }
}

function inChinese(reason: ChurnReason, currency: string): string {
  switch (reason.code) {
    case 'silent': {
      const last = reason.daysSinceLast === 0 ? '今天刚下过单' : `上次下单是 ${reason.daysSinceLast} 天前`
      if (reason.usualGapDays === undefined) return last
      return `${last}，平时约每${reason.usualGapDays === 1 ? '天' : ` ${reason.usualGapDays} 天`}一次`
    }
    case 'slowing':
      return `最近一次下单隔了 ${reason.lastGapDays} 天，平时约 ${reason.usualGapDays} 天`
    case 'fewer-orders':
      return `最近 ${reason.days} 天下单 ${reason.recent} 次，再往前 ${reason.days} 天有 ${reason.before} 次`
    case 'few-orders':
      return `至今只在 ${reason.orders} 天里下过单`
    case 'spends-less':
      return `最近一单 ${writeMoney(reason.lastMinor, currency)}，平时约 ${writeMoney(reason.meanMinor, currency)}`
    case 'sends-back':
      return `退货 ${reason.refunds} 次，占购买金额的 ${reason.percent}%`
    case 'points-unused':
      return `已获得 ${reason.pointsEarned} 积分，从未使用`
    case 'complained':
      return `投诉过 ${reason.complaints} 次，最近一次在${agoInChinese(reason.daysAgo)}`
    case 'asked-for-help':
      return `咨询过 ${reason.questions} 次，最近一次在${agoInChinese(reason.daysAgo)}`
    case 'one-category':
      return '只买过一个品类'
    case 'small-baskets':
      return `最近一单 ${reason.lastLines} 种商品，平时约 ${reason.meanLines} 种`
  }
}

function days(count: number): string {
  return counted(count, 'day')
}

function ago(daysAgo: number): string {
  return daysAgo === 0 ? 'today' : `${days(daysAgo)} ago`
}

function agoInChinese(daysAgo: number): string {
  return daysAgo === 0 ? '今天' : ` ${daysAgo} 天前`
}

function times(count: number): string {
  if (count === 1) return 'once'
  return count === 2 ? 'twice' : `${count} times`
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}
