import { z } from 'zod'
import type { Activity } from '../activity'
import { storedChannel } from '../reading'
import { cleanText } from '../turn/clean-text'
import type { HelpDeskReport } from './help-desk'

const STATUS_EVENT = 'handoff.status'
/** Ours: for hubs whose people can't write in the channel themselves. */
const MESSAGE_EVENT = 'handoff.message'

const status = z.looseObject({ state: z.enum(['accepted', 'failed', 'completed']) })
const message = z.looseObject({ text: z.string().min(1).max(4_000), name: z.string().max(200).default('') })

/**
 * What an event of a channel's hub reports; undefined for all else, and for what comes from a member: their own client could
 * have forged it. A hub may write states in any case, as the protocol's own
 * samples do.
 */
export function readReport(activity: Activity, newId: () => string): HelpDeskReport | undefined {
  const { type, name, channelId, conversation, from, id, value } = activity
  if (type !== 'event' || (name !== STATUS_EVENT && name !== MESSAGE_EVENT)) return undefined
  if (from?.role === 'user') return undefined
  const about = {
    channel: storedChannel(channelId),
    conversationId: conversation.id,
    fromId: from?.id,
    key: id ?? newId(),
  }
  if (name === STATUS_EVENT) {
    const parsed = status.safeParse(lowerState(value))
    return parsed.success ? { ...about, kind: parsed.data.state } : undefined
  }
  const parsed = message.safeParse(value)
  if (!parsed.success) return undefined
  const text = cleanText(parsed.data.text)
  return text === '' ? undefined : { ...about, kind: 'message', text, name: cleanText(parsed.data.name) }
}

function lowerState(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const { state } = value as { state?: unknown }
  return typeof state === 'string' ? { state: state.toLowerCase() } : value
}
