import type { Activity } from './activity'
import type { Action } from './contract'
import type { Content, Incoming } from './turn/incoming'

/** What an activity asks of us. */
export type Reading =
  | { readonly kind: 'turn'; readonly incoming: Incoming; readonly invoke: boolean }
  | { readonly kind: 'ignore'; readonly reason: string }
  /** An invoke of a kind that this bot does not serve: 501, as the protocol wants. */
  | { readonly kind: 'unsupported' }

/** The channel id of our own in-process Direct Line; activities from outside never carry it into the database. */
export const OWN_CHANNEL = 'directline'

/** A channel as the database names it. Azure's Direct Line has the same id as our own, and is not ours. */
export function storedChannel(channelId: string): string {
  return channelId === OWN_CHANNEL ? 'azure-directline' : channelId
}

/** Reads an activity that came from a channel through the connector. */
export function readActivity(activity: Activity, newId: () => string): Reading {
  switch (activity.type) {
    case 'message':
      return turn(activity, messageContent(activity), newId)
    case 'invoke': {
      const action = activity.name === 'adaptiveCard/action' ? executeAction(activity.value) : undefined
      if (!action) return { kind: 'unsupported' }
      return { ...turn(activity, { kind: 'message', text: '', action }, newId), invoke: true }
    }
    case 'conversationUpdate':
      return isOpening(activity) ? turn(activity, { kind: 'welcome' }, newId) : ignore('nobody to welcome')
    default:
      return ignore(`type ${activity.type}`)
  }
}

const ACTION_CHARACTERS_MAX = 8_000

/**
 * The `{verb, args}` of a button or a card's submit, its inputs among the arguments; undefined when there is none, or one
 * far larger than any button of ours.
 */
export function readAction(value: unknown): Action | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  if (!isSmallJson(value, ACTION_CHARACTERS_MAX)) return undefined
  const { verb, args, msteams: _, ...inputs } = value as Record<string, unknown>
  if (typeof verb !== 'string' || verb === '' || verb.length > 100) return undefined
  const given = typeof args === 'object' && args !== null && !Array.isArray(args) ? args : {}
  return { verb, args: { ...inputs, ...given } }
}

/** Whether it is at most so long as JSON; nested too deeply to be written counts as too long. */
export function isSmallJson(value: unknown, charactersMax: number): boolean {
  try {
    return (JSON.stringify(value) ?? '').length <= charactersMax
  } catch {
    return false
  }
}

function messageContent(activity: Activity): Content {
  const action = readAction(activity.value)
  const text = withoutMention(activity)
  const files = fileNames(activity.attachments ?? [])
  if (!action && text.trim() === '' && files.length > 0) return { kind: 'attachment', files }
  return { kind: 'message', text, ...(action ? { action } : {}), ...(files.length > 0 ? { files } : {}) }
}

const FILE_NAME_CHARACTERS_MAX = 200

/** What pictures and files are called; one without a name goes by its type. */
export function fileNames(attachments: readonly { contentType: string; name?: unknown }[]): string[] {
  return attachments
    .filter(isFile)
    .map(({ contentType, name }) => (typeof name === 'string' && name !== '' ? name : contentType))
    .map((name) => name.slice(0, FILE_NAME_CHARACTERS_MAX))
}

/** Teams repeats a formatted text as an attachment of type text/html. */
function isFile({ contentType }: { contentType: string }): boolean {
  return !contentType.startsWith('text/html')
}

/** Action.Execute arrives as an invoke: `value.action` has the verb, and `data` what the card and its inputs say. */
function executeAction(value: unknown): Action | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { action } = value as { action?: unknown }
  if (typeof action !== 'object' || action === null) return undefined
  const { verb, data } = action as { verb?: unknown; data?: unknown }
  const filled = typeof data === 'object' && data !== null && !Array.isArray(data) ? data : {}
  return readAction({ ...filled, verb })
}

function turn(activity: Activity, content: Content, newId: () => string): Reading & { kind: 'turn' } {
  const { conversation, channelId, from, locale } = activity
  const incoming: Incoming = {
    channel: storedChannel(channelId),
    conversationId: conversation.id,
    // Only what nobody resends may come without an id.
    activityId: activity.id ?? newId(),
    tenantId: tenantOf(activity),
    userId: from?.id ?? '',
    isGroup: isGroup(activity),
    ...(locale ? { locale } : {}),
    content,
  }
  return { kind: 'turn', incoming, invoke: false }
}

const CHANNELS_WITH_CHOSEN_IDS = new Set(['directline', 'webchat'])

/**
 * Whose user ids these are. On Azure's Direct Line a page may call its user as it likes unless the bot's registration there
 * forbids it, which no activity tells; such an id proves nothing beyond its own conversation.
 */
function tenantOf({ channelId, conversation, channelData }: Activity): string {
  if (CHANNELS_WITH_CHOSEN_IDS.has(channelId)) return `conversation:${conversation.id}`
  const tenant = (channelData as { tenant?: { id?: unknown } } | null | undefined)?.tenant?.id
  if (typeof tenant === 'string' && /^[\w.:-]{1,256}$/.test(tenant)) return tenant
  return conversation.tenantId ?? ''
}

function isGroup({ conversation }: Activity): boolean {
  const { isGroup: grouped, conversationType } = conversation
  return grouped === true || conversationType === 'groupChat' || conversationType === 'channel'
}

/** In a personal chat any arrival opens it; in a group only the bot's own does. */
function isOpening(activity: Activity): boolean {
  const added = activity.membersAdded ?? []
  if (isGroup(activity)) return added.some(({ id }) => id === activity.recipient?.id)
  return added.length > 0
}

/** The text without the bot's name, which a group needs to call it. Other people's names stay: they may matter. */
function withoutMention({ text, entities, recipient }: Activity): string {
  let said = text ?? ''
  for (const entity of entities ?? []) {
    const { type, mentioned, text: name } = entity as { type?: unknown; mentioned?: { id?: unknown }; text?: unknown }
    if (type === 'mention' && mentioned?.id === recipient?.id && typeof name === 'string' && name !== '') {
      said = said.replaceAll(name, ' ')
    }
  }
  return said
}

function ignore(reason: string): Reading {
  return { kind: 'ignore', reason }
}
