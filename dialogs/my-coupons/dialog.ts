import type { Conversation, NotAnAnswer, Reply, Step, Turn } from '../../src/bot/contract'
import { textArgument } from '../../src/bot/kit/arguments'
import { formatDate, formatNumber, formatShortDate } from '../../src/bot/kit/format'
import { escapeMarkdown, numberedList } from '../../src/bot/kit/markdown'
import { memberIdOf } from '../../src/bot/kit/member'
import { merchantOf } from '../../src/bot/kit/merchant'
import { localisedWords, nameIn, quickReply, say } from '../../src/bot/kit/words'
import { CODE_PATTERN } from '../../src/core/coupons/code'
import { checkCode, type IssuedCoupon, listIssued } from '../../src/core/coupons/issued'
import { couponsCard } from './card'
import { en } from './replies.en'
import { zh } from './replies.zh'

const words = localisedWords({ en, zh })

const SHOWN_MAX = 8

/** The member's coupons and their codes, and whether a code is good. */
export const myCoupons: Conversation<null> = {
  id: 'my-coupons',
  version: 1,
  intents: ['my-coupons', 'check-coupon'],
  verbs: [],
  personal: true,
  menuTitle: { en: en.menuTitle, zh: zh.menuTitle },
  titleOf: (intent, locale) => words({ locale })[intent === 'check-coupon' ? 'checkCode' : 'menuTitle'],
  claims: ({ understood }) => understood.entities.couponCodes.length > 0,
  async start(turn) {
    const code = textArgument(turn.action, 'code') ?? codeIn(turn)
    if (code !== undefined) return end(await checked(turn, code))
    const asked = turn.action?.verb ?? turn.understood.intent
    if (asked === 'check-coupon') return { say: [], next: { kind: 'ask', question: 'code', data: null } }
    return end(await list(turn))
  },
  questions: {
    code: {
      async ask(turn) {
        const w = words(turn)
        return [say(w.askCode, quickReply(w.mine, 'my-coupons'), quickReply(w.cancel, 'cancel'))]
      },
      async answer(turn): Promise<Step<null> | NotAnAnswer> {
        const code = textArgument(turn.action, 'code') ?? codeIn(turn)
        if (code !== undefined) return end(await checked(turn, code))
        return turn.action ? { notAnAnswer: true } : { notAnAnswer: true, hint: say(words(turn).codeHint) }
      },
    },
  },
}

async function list(turn: Turn): Promise<Reply> {
  const w = words(turn)
  const issued = await listIssued(turn.db, { memberId: memberIdOf(turn), at: turn.now })
  if (issued.length === 0) return say(w.none, quickReply(w.redeem, 'redeem-coupon'))
  const { timeZone } = await merchantOf(turn)
  const rows = issued.slice(0, SHOWN_MAX).map((coupon) => ({
    name: nameIn(turn.locale, coupon.name),
    code: coupon.code,
    status: w.statuses[coupon.status]({ at: formatShortDate(turn.locale, { at: endOf(coupon), timeZone }) }),
  }))
  const older = issued.length - rows.length
  const lines = numberedList(rows.map((row) => w.line({ ...row, name: escapeMarkdown(row.name) })))
  const rest = older > 0 ? [w.older({ count: formatNumber(turn.locale, older) })] : []
  return {
    text: [w.intro, lines, ...rest].join('\n\n'),
    choices: rows.map(({ name, code }) => ({
      title: code,
      aliases: [name],
      action: { verb: 'my-coupons', args: { code } },
    })),
    card: couponsCard(w, rows),
    quickReplies: [quickReply(w.redeem, 'redeem-coupon'), quickReply(w.checkCode, 'check-coupon')],
  }
}

/** A foreign code is answered exactly as one that does not exist. */
async function checked(turn: Turn, typed: string): Promise<Reply> {
  const w = words(turn)
  const result = await checkCode(turn.db, { memberId: memberIdOf(turn), code: typed, at: turn.now })
  if (result.status === 'unknown') {
    const code = escapeMarkdown(typed.toUpperCase().slice(0, 40))
    const text = result.misspelt ? w.check.misspelt({ code }) : w.check.unknown({ code })
    const person = quickReply(w.person, 'talk-to-person', { reason: 'redemption', topic: 'check-coupon' })
    return say(text, quickReply(w.mine, 'my-coupons'), person)
  }
  const { timeZone } = await merchantOf(turn)
  const at = formatDate(turn.locale, { at: endOf(result), timeZone })
  const shown = { name: escapeMarkdown(nameIn(turn.locale, result.name)), code: result.code, at }
  return say(w.check[result.status](shown), quickReply(w.mine, 'my-coupons'), quickReply(w.redeem, 'redeem-coupon'))
}

/** The day that a coupon's status speaks of: when it was used, or until when it is or was good. */
function endOf({ status, usedAt, expiresAt }: Pick<IssuedCoupon, 'status' | 'usedAt' | 'expiresAt'>): Date {
  return status === 'used' && usedAt ? usedAt : expiresAt
}

function codeIn({ said, understood }: Turn): string | undefined {
  const [found] = understood.entities.couponCodes
  if (found !== undefined) return found
  const like = CODE_PATTERN.exec(said.toUpperCase())?.[0]
  // "Does this code work" has the form of a code, too; but codes have digits, or are typed with their dashes.
  return like !== undefined && /[\d-]/.test(like) ? like : undefined
}

function end(reply: Reply): Step<null> {
  return { say: [reply], next: { kind: 'end' } }
}
