import type { Conversation, Turn } from '../../src/bot/contract'
import { numberArgument } from '../../src/bot/kit/arguments'
import { formatShortDate, formatSigned } from '../../src/bot/kit/format'
import { escapeMarkdown } from '../../src/bot/kit/markdown'
import { memberIdOf } from '../../src/bot/kit/member'
import { merchantOf } from '../../src/bot/kit/merchant'
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
  const asked = { memberId: memberIdOf(turn), limit: PAGE + 1, ...(before === undefined ? {} : { before }) }
  const found = await readHistory(turn.db, asked)
  const items = found.slice(0, PAGE)
  const last = items.at(-1)
  if (!last) return say(before === undefined ? w.none : w.noMore, quickReply(w.balance, 'points-balance'))
  const { timeZone } = await merchantOf(turn)
  const rows = items.map((item) => ({
    points: formatSigned(turn.locale, item.points),
    date: formatShortDate(turn.locale, { at: item.occurredAt, timeZone }),
    what: whatOf(turn, item),
  }))
  const more = { ...quickReply(w.more, 'points-history', { before: last.transferId }), aliases: w.moreAliases }
  return {
    text: `${before === undefined ? w.intro : w.further}\n\n${rows.map((row) => w.line(row)).join('\n')}`,
    card: historyCard(w, rows),
    quickReplies: [
      ...(found.length > PAGE ? [more] : []),
      quickReply(w.balance, 'points-balance'),
      quickReply(w.redeem, 'redeem-coupon'),
    ],
  }
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
