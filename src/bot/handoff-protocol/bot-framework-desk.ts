import { storedChannel } from '../reading'
import type { Handover, HelpDesk } from './help-desk'

/** How requests name a desk behind a channel's hub. */
export const BOT_FRAMEWORK_DESK = 'bot-framework'
/** The protocol has no word for it; a hub that does not know this event loses nothing by it. */
export const CANCEL_EVENT = 'handoff.cancel'

/**
 * A help desk behind a channel's own hub, by Bot Framework's handoff protocol: the event `handoff.initiate` with what is
 * known and the transcript asks for it, the hub takes the member's messages from then on, and `handoff.status` comes back.
 * `channels`: ids as Bot Framework names them.
 */
export function botFrameworkDesk({ channels }: { channels: readonly string[] }): HelpDesk {
  const taken = new Set(channels.map(storedChannel))
  // Loading botbuilder takes a third of a second, which only who hands over by its protocol has to pay, and no turn.
  const factory = taken.size > 0 ? (require('botbuilder') as typeof import('botbuilder')).EventFactory : undefined
  return {
    name: BOT_FRAMEWORK_DESK,
    takes: (channel) => taken.has(channel),
    initiate: async (_tx, handover) => (factory && handover.reference ? [initiation(factory, handover)] : []),
    async cancel(_tx, { requestId }) {
      return [{ type: 'event', name: CANCEL_EVENT, value: { requestId: String(requestId) } }]
    },
  }
}

type EventFactory = typeof import('botbuilder').EventFactory

function initiation(factory: EventFactory, handover: Handover): object {
  const { reference, conversationId, channel, at } = handover
  const activity = {
    ...reference,
    channelId: reference?.channelId ?? channel,
    from: reference?.user,
    recipient: reference?.bot,
  }
  const turn = { activity } as unknown as Parameters<EventFactory['createHandoffInitiation']>[0]
  const event = factory.createHandoffInitiation(turn, contextOf(handover), {
    activities: transcriptOf(handover),
  } as Parameters<EventFactory['createHandoffInitiation']>[2])
  // Its own id and machine's time are the channel's to give and ours to tell.
  const { id: _id, localTimezone: _zone, replyToId: _reply, ...rest } = event
  return { ...rest, conversation: reference?.conversation ?? { id: conversationId }, timestamp: at.toISOString() }
}

/** `skill` is what hubs route by. */
function contextOf({ requestId, locale, reason, topic, memberTier, said }: Handover): object {
  return { requestId: String(requestId), skill: topic ?? 'general', topic, locale, reason, memberTier, said }
}

function transcriptOf({ transcript, said, reference, conversationId, locale, at }: Handover): object[] {
  const conversation = { id: reference?.conversation.id ?? conversationId }
  const message = (author: 'member' | 'bot', text: string, when: Date) => ({
    type: 'message',
    channelId: reference?.channelId,
    conversation,
    from: author === 'member' ? { id: 'member', role: 'user' } : { id: 'regulars', role: 'bot' },
    timestamp: when.toISOString(),
    locale,
    text,
  })
  const before = transcript.map(({ author, text, cards, at: when }) => message(author, text || cards.join(', '), when))
  return said === '' ? before : [...before, message('member', said, at)]
}
