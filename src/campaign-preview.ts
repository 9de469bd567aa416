import { campaignReply } from '../dialogs/messages-on-off/message'
import { nameIn } from './bot/kit/words'
import { findCoupon } from './core/coupons/catalogue'
import type { Locale } from './core/locale'
import { readMerchant } from './core/merchant'
import { countAudience } from './core/retention/audience'
import { findCampaign } from './core/retention/campaigns'
import type { CampaignDefinition } from './core/retention/definition'
import type { Given } from './core/retention/give'
import type { Database } from './db/open'
import type { CampaignPreview } from './http/api/campaign-preview'

/** What stands for what only a real message has. */
const SAMPLE = { displayName: 'Ada', code: 'TEA0-0000-0000-0000', points: 120, days: 21 }
const DAY_MS = 24 * 3_600_000
const locales: readonly Locale[] = ['en', 'zh']

/** Whom a campaign is for at this moment, and each of its messages as its member will see it. Undefined for an unknown code. */
export async function previewCampaign(
  database: Database,
  { code, at }: { code: string; at: Date },
): Promise<CampaignPreview | undefined> {
  const campaign = await findCampaign(database, { code })
  if (!campaign) return undefined
  const { definition } = campaign
  const { name, timeZone } = await readMerchant(database)
  const audience = definition.notice ? [] : await countAudience(database, { definition, at })
  const arms = definition.offers.length > 0 ? definition.offers.map((offer) => offer.code) : ['message']
  const cards = []
  for (const arm of arms) {
    const given = await sampleOf(database, definition, { arm, at })
    for (const locale of locales) {
      const expiring = { points: SAMPLE.points, at: new Date(at.getTime() + SAMPLE.days * DAY_MS).toISOString() }
      const reply = campaignReply({
        ...{ definition, arm, given, locale, timeZone, expiring },
        shopName: nameIn(locale, name),
        displayName: SAMPLE.displayName,
        isFirst: true,
      })
      cards.push({ arm, locale, content: reply.card?.content ?? {} })
    }
  }
  const outOfReach = audience.reduce((sum, group) => sum + group.outOfReach, 0)
  const members = audience.reduce((sum, group) => sum + group.members, 0)
  return { audience: members - outOfReach, outOfReach, cards }
}

async function sampleOf(
  database: Database,
  { offers }: CampaignDefinition,
  { arm, at }: { arm: string; at: Date },
): Promise<Given | null> {
  const offer = offers.find(({ code }) => code === arm)
  if (!offer) return null
  if (offer.couponId === undefined) return { kind: 'points', points: offer.bonusPoints ?? 0 }
  const coupon = await findCoupon(database, { couponId: offer.couponId })
  const expiresAt = new Date(at.getTime() + (coupon?.validDays ?? 0) * DAY_MS)
  return { kind: 'coupon', code: SAMPLE.code, expiresAt }
}
