import type { Conversation, Turn } from '../../src/bot/contract'
import { numberArgument } from '../../src/bot/kit/arguments'
import { formatShortDate, formatSigned } from '../../src/bot/kit/format'
import { escapeMarkdown } from '../../src/bot/kit/markdown'
import { memberIdOf } from '../../src/bot/kit/member'
import { merchantOf } from '../../src/bot/kit/merchant'
import { formatPeriod, type Period, periodArgument, periodArguments, periodOf } from '../../src/bot/kit/period'
import { localisedWords, nameIn, quickReply, say } from '../../src/bot/kit/words'
import { type HistoryItem, readHistory } from '../../src/core/points/history'
import { historyCard } from './card'
import { en } from './replies.en'
import { zh } from './replies.zh'

const words = localisedWords({ en, zh })
const PAGE = 8

/** What happened on the points account, newest first, page by page. */
export const pointsHistory: Conversation = {
  id: 'points-history',
  version: 1,
  intents: ['points-history'],
  verbs: [],
  personal: true,
  menuTitle: { en: en.menuTitle, zh: zh.menuTitle },
  async start(turn) {
    return { say: [await page(turn)], next: { kind: 'end' } }
  },
  questions: {},
}

async function page(turn: Turn) {
  const w = words(turn)
  const before = numberArgument(turn.action, 'before', { min: 1, max: Number.MAX_SAFE_INTEGER })
  const { timeZone } = await merchantOf(turn)
  const within = periodAsked(turn, timeZone)
  const found = await readHistory(turn.db, {
    memberId: memberIdOf(turn),
    limit: PAGE + 1,
    ...(before === undefined ? {} : { before }),
    ...(within ? { within } : {}),
  })
  const items = found.slice(0, PAGE)
  const last = items.at(-1)
  const period = within && formatPeriod(turn.locale, within, timeZone)
  if (!last) {
    const nothing = before !== undefined ? w.noMore : period === undefined ? w.none : w.noneIn({ period })
    return say(
      nothing,
      ...(within ? [quickReply(w.all, 'points-history')] : []),
      quickReply(w.balance, 'points-balance'),
    )
  }
  const rows = items.map((item) => ({
    points: formatSigned(turn.locale, item.points),
    date: formatShortDate(turn.locale, { at: item.occurredAt, timeZone }),
    what: whatOf(turn, item),
  }))
  const more = {
    ...quickReply(w.more, 'points-history', { before: last.transferId, ...(within ? periodArguments(within) : {}) }),
    aliases: w.moreAliases,
  }
  return {
    text: `${before !== undefined ? w.further : period === undefined ? w.intro : w.introIn({ period })}\n\n${rows.map((row) => w.line(row)).join('\n')}`,
    card: historyCard(w, rows),
    quickReplies: [
      ...(found.length > PAGE ? [more] : []),
      ...(within ? [quickReply(w.all, 'points-history')] : []),
      quickReply(w.balance, 'points-balance'),
      quickReply(w.redeem, 'redeem-coupon'),
    ],
  }
}

/** The time that a text names, or that "more" carries on with. */
function periodAsked({ action, understood, now }: Turn, timeZone: string): Period | undefined {
  const { date } = understood.entities
  return action || !date ? periodArgument(action) : periodOf(date, { now, timeZone })
}

function whatOf(turn: Turn, { kind, points, orderExternalId, couponName }: HistoryItem): string {
  const w = words(turn)
  // A reversal that gives points is the return of a redemption.
  if (kind === 'reverse' && points > 0) return w.reversedBurn
  return w.kinds[kind]({
    ...(orderExternalId === undefined ? {} : { order: escapeMarkdown(orderExternalId) }),
    ...(couponName === undefined ? {} : { coupon: escapeMarkdown(nameIn(turn.locale, couponName)) }),
  })
}
