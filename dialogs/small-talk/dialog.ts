import type { Conversation, QuickReply, Turn } from '../../src/bot/contract'
import { escapeMarkdown } from '../../src/bot/kit/markdown'
import { merchantOf } from '../../src/bot/kit/merchant'
import { localisedWords, nameIn, quickReply, say } from '../../src/bot/kit/words'
import { en } from './replies.en'
import { zh } from './replies.zh'

const words = localisedWords({ en, zh })

/** Greetings, thanks, goodbyes, and who is speaking. */
export const smallTalk: Conversation = {
  id: 'small-talk',
  version: 1,
  intents: ['greeting', 'thanks', 'goodbye', 'who-are-you'],
  verbs: [],
  personal: false,
  async start(turn) {
    return { say: [await reply(turn)], next: { kind: 'end' } }
  },
  questions: {},
}

async function reply(turn: Turn) {
  const w = words(turn)
  switch (turn.understood.intent) {
    case 'thanks':
      return say(w.thanks)
    case 'goodbye':
      return say(w.goodbye)
    case 'who-are-you': {
      const merchant = escapeMarkdown(nameIn(turn.locale, (await merchantOf(turn)).name))
      return say(w.whoAreYou({ merchant }), quickReply(w.help, 'help'), quickReply(w.person, 'talk-to-person'))
    }
    default: {
      const name = turn.isGroup ? undefined : turn.member?.displayName
      return say(w.greeting(name === undefined ? {} : { name: escapeMarkdown(name) }), ...offers(turn))
    }
  }
}

function offers(turn: Turn): QuickReply[] {
  const w = words(turn)
  if (turn.isGroup) return [quickReply(w.help, 'help')]
  if (!turn.member) return [quickReply(w.link, 'link-account'), quickReply(w.help, 'help')]
  return [
    quickReply(w.points, 'points-balance'),
    quickReply(w.redeem, 'redeem-coupon'),
    quickReply(w.orders, 'my-orders'),
    quickReply(w.recommend, 'recommend'),
  ]
}
