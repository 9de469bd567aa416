import { z } from 'zod'
import { fileNames, isSmallJson, readAction } from '../reading'
import type { Content } from '../turn/incoming'
import type { LoggedActivity } from './log'

const TEXT_LOGGED_MAX = 10_000
const VALUE_LOGGED_MAX = 8_000

/** What a Direct Line client may send. Its `from` and ids are not read: the token says who it is. */
const schema = z.looseObject({
  type: z.string().min(1).max(64),
  text: z.string().nullish(),
  value: z.unknown().optional(),
  locale: z.string().max(64).nullish(),
  attachments: z
    .array(z.looseObject({ contentType: z.string() }))
    .max(100)
    .nullish(),
  channelData: z
    .looseObject({
      clientActivityID: z
        .string()
        .regex(/^[^\p{Cc}\p{Cs}]{1,200}$/u, 'must have 1 to 200 characters, none of them control characters')
        .nullish(),
      displayText: z.string().max(1_000).nullish(),
      messageBack: z.looseObject({ displayText: z.string().max(1_000).nullish() }).nullish(),
      postBack: z.boolean().nullish(),
    })
    .nullish(),
})

export type ClientActivity = z.infer<typeof schema>

/** Checks the shape of what a client posts. */
export function parseClientActivity(
  body: unknown,
): { ok: true; activity: ClientActivity } | { ok: false; code: 'malformed-activity'; reason: string } {
  const parsed = schema.safeParse(body)
  if (parsed.success) return { ok: true, activity: parsed.data }
  const [issue] = parsed.error.issues
  const reason = `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'not as expected'}`
  return { ok: false, code: 'malformed-activity', reason }
}

/** What it asks of the bot; undefined for what needs no answer (typing, events). */
export function contentOf({ type, text, value, attachments }: ClientActivity): Content | undefined {
  if (type !== 'message') return undefined
  const action = readAction(value)
  const said = text ?? ''
  const files = fileNames(attachments ?? [])
  if (!action && said.trim() === '' && files.length > 0) return { kind: 'attachment', files }
  return { kind: 'message', text: said, ...(action ? { action } : {}), ...(files.length > 0 ? { files } : {}) }
}

/** As the log keeps it, and every client of the conversation sees it. */
export function loggedOf(
  { text, value, locale, channelData }: ClientActivity,
  { userId, at }: { userId: string; at: Date },
): LoggedActivity {
  const { clientActivityID, displayText, messageBack, postBack } = channelData ?? {}
  const kept = {
    ...(displayText ? { displayText } : {}),
    ...(clientActivityID ? { clientActivityID } : {}),
    ...(messageBack ? { messageBack: { displayText: messageBack.displayText ?? undefined } } : {}),
    ...(postBack ? { postBack } : {}),
  }
  return {
    type: 'message',
    from: { id: userId, role: 'user' },
    timestamp: at.toISOString(),
    ...(text ? { text: text.slice(0, TEXT_LOGGED_MAX) } : {}),
    ...(value === undefined || value === null || !isSmallJson(value, VALUE_LOGGED_MAX) ? {} : { value }),
    ...(locale ? { locale } : {}),
    ...(Object.keys(kept).length > 0 ? { channelData: kept } : {}),
  }
}
