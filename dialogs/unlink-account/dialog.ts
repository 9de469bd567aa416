import type { Conversation, Step, Turn } from '../../src/bot/contract'
import { yesOrNo } from '../../src/bot/kit/confirm'
import { localisedWords, quickReply, say } from '../../src/bot/kit/words'
import { unlinkIdentity } from '../../src/core/identity/identity'
import { en } from './replies.en'
import { zh } from './replies.zh'

const words = localisedWords({ en, zh })

/** Makes the chat user a stranger again, after a yes. */
export const unlinkAccount: Conversation<null> = {
  id: 'unlink-account',
  version: 1,
  intents: ['unlink-account'],
  verbs: ['unlink-confirm', 'unlink-decline'],
  // A stranger need not link first in order to hear that there is nothing to unlink.
  personal: false,
  async start(turn) {
    const w = words(turn)
    if (turn.isGroup) return { say: [say(w.privateOnly)], next: { kind: 'end' } }
    if (!turn.member) return { say: [say(w.notLinked, quickReply(w.link, 'link-account'))], next: { kind: 'end' } }
    // An old button's "yes" is asked again: unlinking by accident is a nuisance.
    return { say: [], next: { kind: 'ask', question: 'sure', data: null } }
  },
  questions: {
    sure: {
      async ask(turn) {
        const w = words(turn)
        return [say(w.confirm, quickReply(w.yes, 'unlink-confirm'), quickReply(w.no, 'unlink-decline'))]
      },
      async answer(turn) {
        const w = words(turn)
        const { action } = turn
        const answer = action ? undefined : yesOrNo(turn.said)
        if (action?.verb === 'unlink-confirm' || answer === 'yes') return unlink(turn)
        if (action?.verb === 'unlink-decline' || answer === 'no') return { say: [say(w.kept)], next: { kind: 'end' } }
        return { notAnAnswer: true, hint: say(w.hint) }
      },
    },
  },
}

async function unlink(turn: Turn): Promise<Step<null>> {
  const { db, channel, tenantId, userId } = turn
  const wasLinked = await unlinkIdentity(db, { channel, tenantId, userId })
  const w = words(turn)
  const text = wasLinked ? w.done : w.openedForYou
  return { say: [say(text, quickReply(w.link, 'link-account'))], next: { kind: 'end' }, member: null }
}
