import { campaignReply } from '../../../dialogs/messages-on-off/message'
import { localeOf } from '../../core/locale'
import type { Merchant } from '../../core/merchant'
import type { Sendable } from '../../core/retention/queue'
import { messageOf } from '../activities'
import { addressedTo } from '../connector/addressed'
import type { Reference } from '../connector/client'
import type { LoggedActivity } from '../directline/log'
import { nameIn } from '../kit/words'

/** A campaign's message to one member, as their channel takes it. */
export function activityFor(
  message: Sendable,
  { merchant: { name }, botName, at }: { merchant: Merchant; botName: string; at: Date },
): LoggedActivity {
  const { definition, arm, displayName, isFirst } = message
  const locale = localeOf(message.locale) ?? 'en'
  const shopName = nameIn(locale, name)
  const reply = campaignReply({ definition, arm, locale, shopName, displayName, isFirst })
  const activity = messageOf(reply, { locale, buttons: 'none' })
  if (message.reference) return { ...activity, ...addressedTo(message.reference as Reference, undefined) }
  return { ...activity, from: { id: 'regulars', name: botName, role: 'bot' }, timestamp: at.toISOString() }
}
