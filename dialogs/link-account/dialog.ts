import type { Conversation, NotAnAnswer, Step, Turn } from '../../src/bot/contract'
import { fold } from '../../src/bot/kit/choose'
import { yesOrNo } from '../../src/bot/kit/confirm'
import { escapeMarkdown } from '../../src/bot/kit/markdown'
import { localisedWords, quickReply, say } from '../../src/bot/kit/words'
import { confirmLinkCode, requestLinkCode } from '../../src/core/identity/link-code'
import { findMember } from '../../src/core/members/find'
import { en } from './replies.en'
import { zh } from './replies.zh'

const words = localisedWords({ en, zh })

const EMAIL = /[^\s@<>"',;:()]+@[^\s@<>"',;:()]+\.[^\s@<>"',;:()]{2,}/u
/** Six digits, however they are grouped, in a message that is little else. */
const CODE = /^\D{0,30}?((?:\d[\s-]?){5}\d)\D{0,10}$/

/** Finds out who a stranger is: the address on file, a one-time code sent there, linked. */
export const linkAccount: Conversation<null> = {
  id: 'link-account',
  version: 1,
  intents: ['link-account'],
  verbs: ['link-resend'],
  personal: false,
  claims: (turn) => !turn.member && !turn.isGroup && emailIn(turn) !== undefined,
  async start(turn) {
    const w = words(turn)
    if (turn.isGroup) return { say: [say(w.privateOnly)], next: { kind: 'end' } }
    if (turn.member) {
      const text = w.already(named(turn.member.displayName))
      return { say: [say(text, quickReply(w.unlink, 'unlink-account'))], next: { kind: 'end' } }
    }
    const email = emailIn(turn)
    return email === undefined ? askEmail() : sendCode(turn, email)
  },
  questions: {
    email: {
      async ask(turn) {
        return [say(words(turn).askEmail, quickReply(words(turn).cancel, 'cancel'))]
      },
      async answer(turn) {
        const email = emailIn(turn)
        if (!turn.action && yesOrNo(turn.said) === 'no')
          return { say: [say(words(turn).notNow)], next: { kind: 'end' } }
        if (email === undefined && NO_MEMBER.test(fold(turn.said))) {
          const w = words(turn)
          return { say: [say(w.notMember, quickReply(w.signUp, 'create-account'))], next: { kind: 'end' } }
        }
        return email === undefined ? { notAnAnswer: true, hint: say(words(turn).emailHint) } : sendCode(turn, email)
      },
    },
    code: {
      async ask(turn) {
        const w = words(turn)
        const resend = { ...quickReply(w.resend, 'link-resend'), aliases: w.resendAliases }
        return [say(w.askCode, resend, quickReply(w.cancel, 'cancel'))]
      },
      answer: answerCode,
    },
  },
}

/** Who has no address on file: nothing that is asked for here can be answered. */
const NO_MEMBER =
  /^(?:(?:but |sorry |no )*(?:im |i am )?not (?:yet )?(?:a |your )?(?:member|customer|registered)(?: yet)?|(?:but |sorry |no )*(?:i )?(?:dont have|have no|havent got|have not got) (?:a |an |any )?(?:account|membership)(?: yet)?|我?(?:还|又)?(?:不是|没有?|未)(?:你们的?)?(?:注册过?|入会|会员|账户|账号))$/

function askEmail(): Step<null> {
  return { say: [], next: { kind: 'ask', question: 'email', data: null } }
}

/** The answer is the same whether or not the address is on file, so that nobody can find out who is a member. */
async function sendCode(turn: Turn, email: string): Promise<Step<null>> {
  const { db, channel, tenantId, userId, locale, now, secretBytes } = turn
  const newId = () => secretBytes(16).toString('hex')
  const user = { channel, tenantId, userId }
  const result = await requestLinkCode(db, { ...user, email, locale, at: now, newId, secretBytes })
  const w = words(turn)
  if (!result.ok)
    return { say: [say(w.tooManyRequests, quickReply(w.person, 'talk-to-person'))], next: { kind: 'end' } }
  return { say: [say(w.sent)], next: { kind: 'ask', question: 'code', data: null } }
}

async function answerCode(turn: Turn): Promise<Step<null> | NotAnAnswer> {
  const w = words(turn)
  if (turn.action?.verb === 'link-resend' || w.resendAliases.includes(fold(turn.said))) return askEmail()
  if (turn.action) return { notAnAnswer: true }
  const email = emailIn(turn)
  if (email !== undefined) return sendCode(turn, email)
  const code = CODE.exec(turn.said)?.[1]
  if (code === undefined) return { notAnAnswer: true, hint: say(w.codeHint) }
  const { db, channel, tenantId, userId, now } = turn
  const result = await confirmLinkCode(db, { channel, tenantId, userId, code, at: now })
  if (result.ok) return linked(turn, result.memberId)
  switch (result.code) {
    case 'wrong-code':
      return { say: [say(w.wrong(result))], next: { kind: 'ask', question: 'code', data: null } }
    case 'code-expired':
      return { ...askEmail(), say: [say(w.expired)] }
    case 'no-code':
      return { ...askEmail(), say: [say(w.noCode)] }
    case 'too-many-tries': {
      const ways = [quickReply(w.retry, 'link-account'), quickReply(w.person, 'talk-to-person')]
      return { say: [say(w.tooManyTries, ...ways)], next: { kind: 'end' } }
    }
  }
}

async function linked(turn: Turn, memberId: string): Promise<Step<null>> {
  const w = words(turn)
  const profile = await findMember(turn.db, { memberId })
  const displayName = profile?.displayName ?? undefined
  const ways = [quickReply(w.points, 'points-balance'), quickReply(w.redeem, 'redeem-coupon')]
  return {
    say: [say(w.linked(named(displayName)), ...ways)],
    next: { kind: 'end' },
    member: { id: memberId, ...(displayName === undefined ? {} : { displayName }) },
  }
}

function named(displayName: string | undefined): { name?: string } {
  return displayName === undefined ? {} : { name: escapeMarkdown(displayName) }
}

function emailIn({ said, understood }: Turn): string | undefined {
  return understood.entities.emails[0] ?? EMAIL.exec(said)?.[0]
}
