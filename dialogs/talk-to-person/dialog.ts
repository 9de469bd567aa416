import type { Conversation } from '../../src/bot/contract'
import { localisedWords, quickReply } from '../../src/bot/kit/words'
import { requestPerson } from '../../src/core/handoff/request'
import { findMember } from '../../src/core/members/find'
import { en } from './replies.en'
import { zh } from './replies.zh'

const words = localisedWords({ en, zh })

/** Puts the conversation in the queue for a person, at once and whatever else is missing, and says what will happen. */
export const talkToPerson: Conversation = {
  id: 'talk-to-person',
  version: 1,
  intents: ['talk-to-person'],
  verbs: [],
  personal: false,
  menuTitle: { en: en.menuTitle, zh: zh.menuTitle },
  async start(turn) {
    const { db, channel, conversationId, member, locale, said, key, now } = turn
    const w = words(turn)
    const request = { channel, conversationId, locale, reason: 'asked', said, key, at: now }
    const { alreadyWaiting } = await requestPerson(db, { ...request, ...(member ? { memberId: member.id } : {}) })
    const profile = member && !turn.isGroup ? await findMember(db, { memberId: member.id }) : null
    const recorded = profile?.email ? w.recordedByMail : w.recorded
    return {
      say: [
        {
          text: [alreadyWaiting ? w.already : recorded, w.meanwhile].join(locale === 'zh' ? '' : ' '),
          quickReplies: [quickReply(w.contact, 'contact-customer-service'), quickReply(w.help, 'help')],
        },
      ],
      next: { kind: 'end' },
    }
  },
  questions: {},
}
