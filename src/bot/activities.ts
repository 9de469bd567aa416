import type { Locale } from '../core/locale'
import type { QuickReply, Reply } from './contract'

/**
 * What buttons under a message a channel can show: such that carry a value, such that say their title, or none. Saying
 * the title of a button that was just offered does the same as pressing it; the engine sees to that.
 */
export type Buttons = 'values' | 'titles' | 'none'

/** Teams shows suggested actions in personal chats only, and only those that say their title. */
export function buttonsOf(channelId: string, { isGroup }: { isGroup: boolean }): Buttons {
  if (channelId !== 'msteams') return 'values'
  return isGroup ? 'none' : 'titles'
}

const ADAPTIVE_CARD = 'application/vnd.microsoft.card.adaptive'

/** A reply as a message activity, without addresses. A button press brings `{verb, args}` back as the message's value. */
export function messageOf(reply: Reply, { locale, buttons }: { locale: Locale; buttons: Buttons }): object {
  const quickReplies = reply.quickReplies ?? []
  const suggested = quickReplies.length > 0 && buttons !== 'none'
  const attachments = []
  if (reply.card) attachments.push({ contentType: ADAPTIVE_CARD, name: reply.card.title, content: reply.card.content })
  if (quickReplies.length > 0 && !suggested) {
    attachments.push({ contentType: ADAPTIVE_CARD, content: buttonsCard(quickReplies) })
  }
  const action = buttons === 'values' ? valueAction : titleAction
  return {
    type: 'message',
    text: reply.text,
    textFormat: 'markdown',
    locale: locale === 'zh' ? 'zh-CN' : 'en',
    ...(attachments.length > 0 ? { attachments, attachmentLayout: 'list' } : {}),
    ...(suggested ? { suggestedActions: { to: [], actions: quickReplies.map(action) } } : {}),
  }
}

/** Buttons on a card of their own, for where a message can have none. A button without an action says its title. */
function buttonsCard(quickReplies: readonly QuickReply[]): object {
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    body: [],
    actions: quickReplies.map(({ title, action }) => ({
      type: 'Action.Submit',
      title,
      data: action ?? { msteams: { type: 'imBack', value: title } },
    })),
  }
}

function titleAction({ title }: QuickReply): object {
  return { type: 'imBack', title, value: title }
}

function valueAction(quickReply: QuickReply): object {
  const { title, action } = quickReply
  return action
    ? { type: 'messageBack', title, displayText: title, text: title, value: action }
    : titleAction(quickReply)
}
