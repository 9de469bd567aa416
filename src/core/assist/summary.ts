import type { Locale, Localised } from '../locale'
import type { MemberOrder } from '../orders/read'
import { writeMoney } from '../segments/money'
import type { DeskRequest } from './desk-request'
import type { Exchange } from './exchanges'
import type { OpenMatter } from './open-matter'
import { type SummaryWords, summaryWords } from './summary-words'

const EXCHANGES_TOLD = 4

/** What a summary tells of. */
export interface SummaryFacts {
  readonly request: Pick<DeskRequest, 'locale' | 'reason' | 'channel' | 'said' | 'requestedAt'>
  /** Null for a stranger. */
  readonly member: { readonly displayName: string | null; readonly tier: Localised; readonly joinedAt: Date } | null
  readonly exchanges: readonly Exchange[]
  /** What the bot was asking when the request came. */
  readonly open: OpenMatter | null
  readonly lastOrder: MemberOrder | null
  readonly timeZone: string
}

/**
 * One paragraph on what happened before a person was asked for, in the reader's language, made by rules: who it is, what
 * they said in what order and what the bot made of it, why it went to a person, and what is open. Members and bot are
 * quoted, cut but never reworded.
 */
export function writeSummary(facts: SummaryFacts, reader: Locale): string {
  const words = summaryWords[reader]
  const sentences = [
    whoSentence(facts, words, reader),
    ...talkSentences(facts, words),
    ...openSentences(facts, words, reader),
  ]
  return sentences.join(reader === 'zh' ? '' : ' ')
}

function whoSentence({ member, request, timeZone }: SummaryFacts, words: SummaryWords, reader: Locale): string {
  const where = {
    channel: words.channels[request.channel] ?? request.channel,
    language: words.languages[request.locale],
    at: clockTime(request.requestedAt, timeZone, reader),
  }
  if (!member) return words.stranger(where)
  const name = member.displayName ?? words.nameless
  return words.member({ ...where, name, tier: member.tier[reader], since: day(member.joinedAt, timeZone, reader) })
}

function talkSentences({ exchanges, request }: SummaryFacts, words: SummaryWords): string[] {
  const last = exchanges.at(-1)
  // The words that asked for a person are the reason, told below; they are no question to the bot.
  const isRequest =
    request.reason === 'asked' && last !== undefined && request.said.startsWith(last.said.replace(/…$/, ''))
  const asked = isRequest ? exchanges.slice(0, -1) : exchanges
  const told = asked.slice(-EXCHANGES_TOLD)
  const reason = words.reasons[request.reason] ?? words.otherReason
  if (told.length === 0) return [words.nothingAsked, reason]
  const left = asked.length - told.length
  return [
    ...(left > 0 ? [words.leftOut(left)] : []),
    ...told.map((exchange, place) => exchangeSentence(exchange, words, place === 0 ? 'first' : 'then')),
    reason,
  ]
}

function exchangeSentence({ said, answer, shortfall }: Exchange, words: SummaryWords, when: 'first' | 'then'): string {
  if (shortfall === 'not-understood') return words.notUnderstood({ said, when })
  if (shortfall === 'failed') return words.failed({ said, when })
  return answer === '' ? words.unanswered({ said, when }) : words.answered({ said, answer, when })
}

function openSentences({ open, lastOrder, timeZone }: SummaryFacts, words: SummaryWords, reader: Locale): string[] {
  const sentences: string[] = []
  if (open?.kind === 'redemption') {
    sentences.push(words.openRedemption({ coupon: open.coupon?.[reader] ?? null, quantity: open.quantity }))
  } else if (open) sentences.push(words.openQuestion(open.title[reader]))
  if (lastOrder) {
    const { externalId, placedAt, status, kind, totalMinor, currency, expectedAt } = lastOrder
    sentences.push(
      words.lastOrder({
        id: externalId,
        placed: day(placedAt, timeZone, reader),
        total: writeMoney(totalMinor, currency),
        status: kind === 'refund' ? words.refund : words.orderStatus[status],
        ...(expectedAt ? { expected: day(expectedAt, timeZone, reader) } : {}),
      }),
    )
  }
  return sentences
}

const tags: Readonly<Record<Locale, string>> = { en: 'en-GB', zh: 'zh-CN' }

function day(at: Date, timeZone: string, locale: Locale): string {
  return new Intl.DateTimeFormat(tags[locale], { dateStyle: 'long', timeZone }).format(at)
}

function clockTime(at: Date, timeZone: string, locale: Locale): string {
  return new Intl.DateTimeFormat(tags[locale], { dateStyle: 'long', timeStyle: 'short', timeZone }).format(at)
}
