import { z } from 'zod'

/** An id: it ends up in columns of the database, which take no control characters. */
const idOf = (lengthMax: number, lengthMin = 1) =>
  z
    .string()
    .min(lengthMin)
    .max(lengthMax)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'has control characters')

/** The part of Bot Framework's activity that we read. What else a channel sends is let through unread. */
const account = z.looseObject({ id: idOf(512), name: z.string().max(1_024).nullish() })

const attachment = z.looseObject({ contentType: z.string() })

const conversation = z.looseObject({
  id: idOf(1_024),
  isGroup: z.boolean().nullish(),
  conversationType: z.string().max(64).nullish(),
  tenantId: idOf(256, 0).nullish(),
})

const activitySchema = z.looseObject({
  type: z.string().min(1).max(64),
  id: idOf(512).nullish(),
  channelId: idOf(64),
  serviceUrl: z.url({ protocol: /^https?$/ }).max(2_048),
  conversation,
  from: account.nullish(),
  recipient: account.nullish(),
  locale: z.string().max(64).nullish(),
  text: z.string().nullish(),
  name: z.string().max(256).nullish(),
  value: z.unknown().optional(),
  deliveryMode: z.string().max(64).nullish(),
  membersAdded: z.array(account).max(1_000).nullish(),
  attachments: z.array(attachment).max(100).nullish(),
  entities: z
    .array(z.looseObject({ type: z.string().nullish() }))
    .max(1_000)
    .nullish(),
  channelData: z.unknown().optional(),
})

/** An activity from a channel, with what every turn needs present. */
export type Activity = z.infer<typeof activitySchema>

export type ActivityResult =
  | { readonly ok: true; readonly activity: Activity }
  | { readonly ok: false; readonly code: 'malformed-activity'; readonly reason: string }

/** Types that need somebody who did it and something to answer. */
const NEEDS_SENDER = new Set(['message', 'invoke'])

/** Checks the shape of a body from a channel. Refuses with a reason that names the field. */
export function parseActivity(body: unknown): ActivityResult {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return refuse('the body is not an object')
  const parsed = activitySchema.safeParse(body)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return refuse(`${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'not as expected'}`)
  }
  const activity = parsed.data
  if (NEEDS_SENDER.has(activity.type)) {
    if (!activity.from) return refuse('from: required')
    if (!activity.recipient) return refuse('recipient: required')
    // Without an id a resent message could not be told from a new one.
    if (!activity.id) return refuse('id: required')
  }
  return { ok: true, activity }
}

function refuse(reason: string): ActivityResult {
  return { ok: false, code: 'malformed-activity', reason }
}
