import type { Locale } from '../core/locale'
import type { QuickReply, Reply } from './contract'

/** How much of a reply a channel can show. */
export interface ChannelSkills {
  /** Buttons under a message that may carry a value. */
  readonly valueButtons: boolean
  /** Buttons under a message that say their title. */
  readonly titleButtons: boolean
}

const ADAPTIVE_CARD = 'application/vnd.microsoft.card.adaptive'
const HERO_CARD = 'application/vnd.microsoft.card.hero'

/** Teams shows suggested actions in personal chats only, and only those that say their title. */
export function skillsOf(channelId: string, { isGroup }: { isGroup: boolean }): ChannelSkills {
  if (channelId === 'msteams') return { valueButtons: false, titleButtons: !isGroup }
  return { valueButtons: true, titleButtons: true }
}

/** A reply as a message activity, without addresses. A button press brings `{verb, args}` back as the message's value. */
export function messageOf(reply: Reply, { locale, skills }: { locale: Locale; skills: ChannelSkills }): object {
  const quickReplies = reply.quickReplies ?? []
  const suggested = quickReplies.length > 0 && quickReplies.every((quickReply) => fits(quickReply, skills))
  const attachments = []
  if (reply.card) attachments.push({ contentType: ADAPTIVE_CARD, name: reply.card.title, content: reply.card.content })
  if (quickReplies.length > 0 && !suggested) {
    attachments.push({ contentType: HERO_CARD, content: { buttons: quickReplies.map(cardAction) } })
  }
  return {
    type: 'message',
    text: reply.text,
    textFormat: 'markdown',
    locale: locale === 'zh' ? 'zh-CN' : 'en',
    ...(attachments.length > 0 ? { attachments, attachmentLayout: 'list' } : {}),
    ...(suggested ? { suggestedActions: { to: [], actions: quickReplies.map(cardAction) } } : {}),
  }
}

function fits(quickReply: QuickReply, skills: ChannelSkills): boolean {
  return quickReply.action ? skills.valueButtons : skills.titleButtons
}

function cardAction({ title, action }: QuickReply): object {
  if (!action) return { type: 'imBack', title, value: title }
  return {
    type: 'messageBack',
    title,
    displayText: title,
    text: title,
    value: { verb: action.verb, args: action.args },
  }
}
