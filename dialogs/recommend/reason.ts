import type { Turn } from '../../src/bot/contract'
import { formatNumber, formatShortDate } from '../../src/bot/kit/format'
import { escapeMarkdown } from '../../src/bot/kit/markdown'
import { merchantOf } from '../../src/bot/kit/merchant'
import { localisedWords, nameIn } from '../../src/bot/kit/words'
import type { Localised } from '../../src/core/locale'
import type { Reason } from '../../src/core/recommendations/recommend'
import { en } from './replies.en'
import { zh } from './replies.zh'

export const words = localisedWords({ en, zh })

/** A purchase due within this many days either way is "about now". */
const ABOUT_NOW_DAYS = 3
const SOON_DAYS = 60

/** The true reason for a suggestion, in words. */
export async function reasonText(turn: Turn, reason: Reason): Promise<string> {
  const w = words(turn)
  const number = (value: number) => formatNumber(turn.locale, value)
  const members = (count: number) => w.buyers({ count, number: number(count) })
  const named = (name: Localised) => escapeMarkdown(nameIn(turn.locale, name))
  switch (reason.code) {
    case 'popular':
      return w.popular({ buyers: members(reason.buyers), days: number(reason.withinDays) })
    case 'goes-with':
      return w.goesWith({ name: named(reason.name), buyers: members(reason.buyers) })
    case 'similar-members':
      return w.similarMembers({ buyers: number(reason.buyers) })
    case 'favourite-category':
      return w.favouriteCategory({ category: named(reason.name), times: w.times({ count: reason.times }) })
    case 'bought-again':
      return boughtText(turn, reason)
  }
}

async function boughtText(turn: Turn, reason: Extract<Reason, { code: 'bought-again' }>): Promise<string> {
  const w = words(turn)
  const { timeZone } = await merchantOf(turn)
  const last = formatShortDate(turn.locale, { at: reason.lastAt, timeZone })
  const { times, everyDays, dueInDays } = reason
  if (times === 1) return w.joinReasons([w.boughtOnce({ on: last })])
  return w.joinReasons([
    w.boughtTimes({ times: w.times({ count: times }), last }),
    ...(everyDays === undefined
      ? []
      : [w.rhythm({ days: formatNumber(turn.locale, Math.max(1, Math.round(everyDays))) })]),
    ...(dueInDays === undefined ? [] : dueText(w, Math.round(dueInDays))),
  ])
}

function dueText(w: ReturnType<typeof words>, days: number): string[] {
  if (days > SOON_DAYS) return []
  if (days > ABOUT_NOW_DAYS) return [w.dueSoon({ days })]
  return days >= -ABOUT_NOW_DAYS ? [w.dueNow] : [w.overdue]
}
