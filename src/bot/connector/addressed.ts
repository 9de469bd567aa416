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

/** Whom a reference leads to, as identities know them; undefined where it names nobody. */
export function recipientOf(reference: Reference): { channel: string; tenantId: string; userId: string } | undefined {
  const { id } = (reference.user ?? {}) as { id?: string }
  if (id === undefined) return undefined
  return { channel: reference.channelId, tenantId: tenantOf(reference), userId: id }
}

/** The tenant of a conversation; empty on channels that have none. */
export function tenantOf({ conversation }: Reference): string {
  return (conversation as { tenantId?: string }).tenantId ?? ''
}
