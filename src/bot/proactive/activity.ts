import { campaignReply } from '../../../dialogs/messages-on-off/message'
import { localeOf } from '../../core/locale'
import type { Merchant } from '../../core/merchant'
import type { Given } from '../../core/retention/give'
import type { Sendable } from '../../core/retention/queue'
import { messageOf } from '../activities'
import { addressedTo } from '../connector/addressed'
import type { Reference } from '../connector/client'
import type { LoggedActivity } from '../directline/log'
import { nameIn } from '../kit/words'

/** A campaign's message to one member, as their channel takes it. */
export function activityFor(
  message: Sendable,
  {
    given,
    merchant: { name, timeZone },
    botName,
    at,
  }: { given: Given | null; merchant: Merchant; botName: string; at: Date },
): LoggedActivity {
  const { definition, arm, displayName, expiring, isFirst } = message
  const locale = localeOf(message.locale) ?? 'en'
  const shopName = nameIn(locale, name)
  const reply = campaignReply({ definition, arm, given, locale, shopName, timeZone, displayName, expiring, isFirst })
  const activity = messageOf(reply, { locale, buttons: 'none' })
  if (message.reference) return { ...activity, ...addressedTo(message.reference as Reference, undefined) }
  return { ...activity, from: { id: 'regulars', name: botName, role: 'bot' }, timestamp: at.toISOString() }
}
