import type { Locale, Localised } from '../locale'
import type { Reason } from './recommend'

/** Why a member is likely to want an item, as a sentence for the people who serve the member. */
export function recommendationReasonInWords(reason: Reason): Localised {
  return { en: inEnglish(reason), zh: inChinese(reason) }
}

function inEnglish(reason: Reason): string {
  switch (reason.code) {
    case 'bought-again': {
      const bought = `bought ${reason.times === 1 ? 'once' : `${reason.times} times`}`
      if (reason.everyDays === undefined) return bought
      return [bought, `about every ${days(reason.everyDays)}`, ...dueInEnglish(reason.dueInDays)].join(', ')
    }
    case 'goes-with':
      return `goes with ${named(reason.name, 'en')}, which the member bought (${buyers(reason.buyers)} bought both)`
    case 'similar-members':
      return `bought by ${buyers(reason.buyers)} who shop alike`
    case 'popular':
      return `popular: ${buyers(reason.buyers)} within ${days(reason.withinDays)}`
    case 'favourite-category':
      return `from ${named(reason.name, 'en')}, where the member bought ${reason.times === 1 ? 'once' : `${reason.times} times`}`
  }
}

function inChinese(reason: Reason): string {
  switch (reason.code) {
    case 'bought-again': {
      const bought = `买过 ${reason.times} 次`
      if (reason.everyDays === undefined) return bought
      return [bought, `约每 ${Math.round(reason.everyDays)} 天一次`, ...dueInChinese(reason.dueInDays)].join('，')
    }
    case 'goes-with':
      return `与会员买过的“${named(reason.name, 'zh')}”常一起购买（${reason.buyers} 位会员两样都买过）`
    case 'similar-members':
      return `购物习惯相似的会员中有 ${reason.buyers} 位买过`
    case 'popular':
      return `热销：${reason.withinDays} 天内有 ${reason.buyers} 位会员购买`
    case 'favourite-category':
      return `属于会员买过 ${reason.times} 次的“${named(reason.name, 'zh')}”`
  }
}

function dueInEnglish(dueInDays: number | undefined): string[] {
  if (dueInDays === undefined) return []
  const due = Math.round(dueInDays)
  if (due === 0) return ['due today']
  return [due > 0 ? `due in ${days(due)}` : `overdue by ${days(-due)}`]
}

function dueInChinese(dueInDays: number | undefined): string[] {
  if (dueInDays === undefined) return []
  const due = Math.round(dueInDays)
  if (due === 0) return ['预计今天再买']
  return [due > 0 ? `预计 ${due} 天后再买` : `已过预计 ${-due} 天`]
}

function named(name: Localised, locale: Locale): string {
  return name[locale] || name.en
}

function days(count: number): string {
  const whole = Math.round(count)
  return whole === 1 ? 'day' : `${whole} days`
}

function buyers(count: number): string {
  return count === 1 ? '1 member' : `${count} members`
}
