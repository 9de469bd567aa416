import type { CannedReply, MemberPicture } from '../../../http/api/console/types'
import type { Locale } from '../../shared/locale'

/** What a canned reply may say about whom it is for, in braces. */
export const variables = ['name', 'points', 'tier', 'shop'] as const
export type Variable = (typeof variables)[number]

export type Values = Readonly<Record<Variable, string>>

/** What the variables stand for; empty where it is not known, as a stranger's points. */
export function valuesOf(picture: MemberPicture | null, shop: string, locale: Locale): Values {
  return {
    name: picture?.displayName ?? '',
    points: picture ? picture.points.available.toLocaleString(locale) : '',
    tier: picture?.tier.name[locale] ?? '',
    shop,
  }
}

/** Puts the values in place of the variables. One that is not known stays as it is, for the agent to see and mend. */
export function fillIn(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (isVariable(name) && values[name]) || whole)
}

function isVariable(name: string): name is Variable {
  return (variables as readonly string[]).includes(name)
}

/** Canned replies that fit what was typed: those in the customer's language first, titles before texts. */
export function matching(replies: readonly CannedReply[], typed: string, locale: Locale): readonly CannedReply[] {
  const wanted = typed.trim().toLowerCase()
  const rank = (reply: CannedReply): number =>
    (reply.locale === locale ? 0 : 2) + (reply.title.toLowerCase().includes(wanted) ? 0 : 1)
  return replies
    .filter(({ title, text }) => `${title}\n${text}`.toLowerCase().includes(wanted))
    .sort((a, b) => rank(a) - rank(b) || a.title.localeCompare(b.title))
}
