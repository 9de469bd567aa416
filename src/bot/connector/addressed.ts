import type { Reference } from './client'

/** The fields of an activity that say where it goes, and what it answers. */
export function addressedTo(reference: Reference, replyToId: string | undefined): object {
  const { serviceUrl, channelId, conversation, bot, user } = reference
  return {
    serviceUrl,
    channelId,
    conversation,
    ...(bot ? { from: bot } : {}),
    ...(user ? { recipient: user } : {}),
    ...(replyToId ? { replyToId } : {}),
  }
}
