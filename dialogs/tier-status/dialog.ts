import type { Conversation } from '../../src/bot/contract'
import { formatDate, formatMoney } from '../../src/bot/kit/format'
import { escapeMarkdown } from '../../src/bot/kit/markdown'
import { memberIdOf } from '../../src/bot/kit/member'
import { merchantOf } from '../../src/bot/kit/merchant'
import { localisedWords, nameIn, quickReply, say } from '../../src/bot/kit/words'
import { readStanding } from '../../src/core/tiers/standing'
import { tierCard } from './card'
import { en } from './replies.en'
import { zh } from './replies.zh'

const words = localisedWords({ en, zh })

/** The member's tier and the way to the next one. */
export const tierStatus: Conversation = {
  id: 'tier-status',
  version: 1,
  intents: ['tier-status'],
  verbs: [],
  personal: true,
  menuTitle: { en: en.menuTitle, zh: zh.menuTitle },
  async start(turn) {
    const w = words(turn)
    const { locale } = turn
    const standing = await readStanding(turn.db, { memberId: memberIdOf(turn), at: turn.now })
    if (!standing) return { say: [say(w.unknown, quickReply(w.person, 'talk-to-person'))], next: { kind: 'end' } }
    const { timeZone } = await merchantOf(turn)
    const { tier, next, spentMinor, windowStart, windowEnd, currency } = standing
    const money = (minor: number) => formatMoney(locale, { minor, currency })
    const spent = money(Math.max(0, spentMinor))
    const tierName = nameIn(locale, tier.name)
    const window = {
      from: formatDate(locale, { at: windowStart, timeZone }),
      to: formatDate(locale, { at: windowEnd, timeZone }),
    }
    const way = next && { name: nameIn(locale, next.name), missing: money(next.missingMinor) }
    const wayText = () => {
      if (!next || !way) return w.top
      const name = escapeMarkdown(way.name)
      return next.missingMinor > 0 ? w.next({ missing: way.missing, next: name }) : w.nextReview({ next: name })
    }
    const text = [w.tier({ tier: escapeMarkdown(tierName) }), wayText(), w.spent({ spent, ...window })].join('\n\n')
    return {
      say: [
        {
          text,
          card: tierCard(w, { tier: tierName, spent, ...(way ? { next: way } : {}) }),
          quickReplies: [quickReply(w.points, 'points-balance'), quickReply(w.redeem, 'redeem-coupon')],
        },
      ],
      next: { kind: 'end' },
    }
  },
  questions: {},
}
