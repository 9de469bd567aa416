import type { Turn } from '../../src/bot/contract'
import { formatNumber, formatShortDate } from '../../src/bot/kit/format'
import { merchantOf } from '../../src/bot/kit/merchant'
import { localisedWords } from '../../src/bot/kit/words'
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
  if (reason.code === 'popular') {
    const buyers = w.buyers({ count: reason.buyers, number: number(reason.buyers) })
    return w.popular({ buyers, days: number(reason.withinDays) })
  }
  const { timeZone } = await merchantOf(turn)
  const last = formatShortDate(turn.locale, { at: reason.lastAt, timeZone })
  const { everyDays, dueInDays } = reason
  return w.joinReasons([
    w.boughtTimes({ times: w.times({ count: reason.times }), last }),
    ...(everyDays === undefined ? [] : [w.rhythm({ days: number(Math.max(1, Math.round(everyDays))) })]),
    ...(dueInDays === undefined ? [] : dueText(w, Math.round(dueInDays))),
  ])
}

function dueText(w: ReturnType<typeof words>, days: number): string[] {
  if (days > SOON_DAYS) return []
  if (days > ABOUT_NOW_DAYS) return [w.dueSoon({ days })]
  return days >= -ABOUT_NOW_DAYS ? [w.dueNow] : [w.overdue]
}
