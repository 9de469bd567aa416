import type { QuickReply, Reply, Turn } from '../../src/bot/contract'
import { formatDayAndTime } from '../../src/bot/kit/format'
import { localisedWords } from '../../src/bot/kit/words'
import { supportAt } from '../../src/core/handoff/hours'
import { readWait } from '../../src/core/handoff/wait'
import type { Locale } from '../../src/core/locale'
import type { Merchant } from '../../src/core/merchant'
import { en } from './replies.en'
import { zh } from './replies.zh'

export const words = localisedWords({ en, zh })

/** Verbs of the buttons that those who wait have, beside the conversation's own. */
export const TO_BOT = 'back-to-bot'
export const LEAVE_MESSAGE = 'leave-message'

/** The two ways out of the queue, by button or typed. */
export function waysOut(locale: Locale): readonly QuickReply[] {
  const w = words({ locale })
  return [
    { title: w.toBot, action: { verb: TO_BOT, args: {} }, aliases: w.toBotAliases },
    { title: w.leave, action: { verb: LEAVE_MESSAGE, args: {} }, aliases: w.leaveAliases },
  ]
}

/**
 * What somebody who waits is told: the place in the queue and how long it may take, as far as that is known; while nobody is
 * there, when somebody is again. `first`: it is the first they hear of it.
 */
export async function queueReply(
  db: Turn['db'],
  {
    requestId,
    merchant,
    locale,
    at,
    first,
  }: { requestId: number; merchant: Merchant; locale: Locale; at: Date; first: boolean },
): Promise<Reply> {
  const w = words({ locale })
  const { timeZone, settings } = merchant
  const { isOpen, opensAt } = supportAt(at, { hours: settings.desk.hours, timeZone })
  const { place, expectedSeconds } = await readWait(db, { requestId, at })
  const said = [(first ? w.place : w.placeStill)({ place: place ?? 1 })]
  if (!isOpen)
    said.push(opensAt ? w.closed({ opens: formatDayAndTime(locale, { at: opensAt, timeZone }) }) : w.closedForNow)
  else if (expectedSeconds === null) said.push(w.waitUnknown)
  else if (expectedSeconds < 90) said.push(w.waitSoon)
  else said.push(w.waitMinutes({ minutes: Math.ceil(expectedSeconds / 60) }))
  if (first) said.push(w.goesToThem)
  return { text: said.join(locale === 'zh' ? '' : ' '), quickReplies: waysOut(locale) }
}
