import type { Reply } from '../../src/bot/contract'
import { button, card, paragraph } from '../../src/bot/kit/card'
import { formatLastDay, formatPoints } from '../../src/bot/kit/format'
import { escapeMarkdown } from '../../src/bot/kit/markdown'
import { localisedWords } from '../../src/bot/kit/words'
import type { Locale } from '../../src/core/locale'
import type { CampaignDefinition } from '../../src/core/retention/definition'
import type { Given } from '../../src/core/retention/give'
import { en } from './replies.en'
import { zh } from './replies.zh'

const words = localisedWords({ en, zh })

/** What a campaign says to one member. */
export interface CampaignMessage {
  readonly definition: CampaignDefinition
  /** The code of the offer that was dealt; 'message' where the campaign has none. */
  readonly arm: string
  /** What the member got with it. */
  readonly given: Given | null
  readonly locale: Locale
  readonly shopName: string
  readonly timeZone: string
  readonly displayName: string | null
  /** The points that expire soonest, as an instant in ISO 8601; for {points} and {date}. */
  readonly expiring: { readonly points: number; readonly at: string } | null
  /** The first message that the member ever gets says why it came and how to stop. */
  readonly isFirst: boolean
}

/** The message as a card with its buttons: into redeeming a coupon, and out of all such messages. */
export function campaignReply(message: CampaignMessage): Reply {
  const { definition, arm, given, expiring, locale, shopName, timeZone, displayName, isFirst } = message
  const w = words({ locale })
  const offer = definition.offers.find(({ code }) => code === arm)
  const variables: Readonly<Record<string, string>> = {
    name: displayName ?? '',
    shop: shopName,
    offer: offer?.name[locale] ?? '',
    points: formatPoints(locale, expiring?.points ?? 0),
    date: expiring ? formatLastDay(locale, { at: new Date(expiring.at), timeZone }) : '',
  }
  const { title, text, button: buttonTitle } = definition.content[locale]
  const lines = [
    filled(text, variables),
    ...(given ? [givenLine(given, message)] : []),
    ...(isFirst ? [w.whyFirst(escapeMarkdown(shopName), w.here)] : []),
  ]
  const heading = filled(title, variables)
  return {
    text: [`**${heading}**`, ...lines].join('\n\n'),
    card: card({
      title: heading,
      body: lines.map((line, place) => paragraph(line, { subtle: isFirst && place === lines.length - 1 })),
      actions: [
        // Who has a coupon wants to see it; who has points, what they buy.
        button(
          buttonTitle,
          { verb: given?.kind === 'coupon' ? 'my-coupons' : 'redeem-coupon', args: {} },
          { style: 'positive' },
        ),
        button(w.stop, { verb: 'messages-off', args: { kinds: definition.kind } }),
      ],
    }),
  }
}

function givenLine(given: Given, { locale, timeZone }: CampaignMessage): string {
  const w = words({ locale })
  if (given.kind === 'points') return w.given(formatPoints(locale, given.points))
  return w.givenCoupon(given.code, formatLastDay(locale, { at: given.expiresAt, timeZone }))
}

function filled(template: string, variables: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => escapeMarkdown(variables[name] ?? '')).trim()
}
