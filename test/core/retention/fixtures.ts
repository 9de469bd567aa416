import type { CampaignDefinition } from '../../../src/core/retention/definition'
import { readDefinition } from '../../../src/core/retention/definition'
import type { Db } from '../../../src/db/sql'

/** A campaign as a manager would write it, with changes. */
export function campaignFile(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const content = (title: string, text: string, button: string) => ({ title, text, button })
  return {
    code: 'come-back',
    name: 'Come back in autumn',
    audience: { groups: ['at-risk'] },
    content: {
      en: content('It has been a while', 'Hello {name}, {shop} has {offer} for you.', 'See the coupons'),
      zh: content('好久不见', '{name}您好，{shop}为您准备了{offer}。', '查看优惠券'),
    },
    offers: [
      { code: 'small', name: { en: '100 points', zh: '100 积分' }, bonusPoints: 100, costMinor: 100 },
      { code: 'large', name: { en: '300 points', zh: '300 积分' }, bonusPoints: 300, costMinor: 300 },
    ],
    controlShare: 0.2,
    startsAt: '2026-11-01T00:00:00Z',
    ...changes,
  }
}

/** The same, read. */
export function campaign(changes: Record<string, unknown> = {}): CampaignDefinition {
  const read = readDefinition(campaignFile(changes))
  if (!read.ok) throw new Error(read.problems.join('; '))
  return read.definition
}

/** Gives each member whose id begins so a web chat, in which they agreed to offers. */
export async function letBeReached(db: Db, { at, idsLike = '%' }: { at: Date; idsLike?: string }): Promise<void> {
  await db.sql`
    insert into channel_identity (channel, tenant_id, user_id, member_id, linked_at, linked_by)
    select 'directline', '', 'u-' || id, id, ${at}, 'token' from member where id like ${idsLike}
    on conflict do nothing`
  await db.sql`
    insert into directline_conversation (id, user_id, created_at)
    select 'c-' || id, 'u-' || id, ${at} from member where id like ${idsLike} on conflict do nothing`
  await db.sql`
    insert into message_consent (member_id, kind, channel, status, at, source)
    select id, 'offers', 'directline', 'granted', ${at}, 'chat' from member where id like ${idsLike} on conflict do nothing`
}
