import type { Database } from '../../db/open'
import { readMerchant } from '../merchant'
import { putCampaign } from './campaigns'
import { campaignDefinition } from './definition'
import { countQueued } from './queue-statistics'

const DAY_MS = 24 * 3_600_000

/** Points are told of when they expire within so many days. */
export const NOTICE_DAYS = 21

const content = {
  en: {
    title: 'Points that expire soon',
    text: '{points} of yours at {shop} expire after {date}. You can spend them until then.',
    button: 'See what they buy',
  },
  zh: {
    title: '积分即将过期',
    text: '您在{shop}的{points}将于{date}之后过期，在此之前都可以使用。',
    button: '看看能兑换什么',
  },
}

/**
 * Queues a message for everybody whose points expire soon and who agreed to reminders: at the most one a month, as a
 * campaign of that month (UTC), which goes through the same gate as any other. Whoever got a message within the days that must
 * lie between is left to a later night. Twice is like once.
 * @returns how many messages were queued
 */
export async function queueExpiryNotices(database: Database, { at }: { at: Date }): Promise<{ messages: number }> {
  const month = at.toISOString().slice(0, 7)
  const [startsAt, endsAt] = [new Date(`${month}-01T00:00:00Z`), new Date(`${month}-01T00:00:00Z`)]
  endsAt.setUTCDate(endsAt.getUTCDate() + 31 + NOTICE_DAYS)
  const code = `points-expiry-${month}`
  const queued = await database.tx(async (tx) => {
    const definition = campaignDefinition.parse({
      code,
      name: `Points that expire, ${month}`,
      kind: 'reminders',
      notice: 'points-expiry',
      content,
      startsAt: startsAt.toISOString(),
      endsAt: endsAt.toISOString(),
    })
    // A draft only the first time; what the manager has paused or ended stays so.
    const put = await putCampaign(tx, { definition, at })
    if (put.ok && put.isNew) await tx.sql`update campaign set status = 'running' where code = ${code}`
    const { settings } = await readMerchant(tx)
    const silentSince = new Date(at.getTime() - settings.messageEveryDays * DAY_MS)
    const [row] = await tx.sql<{ messages: number }>`
      with concerned as (
        select distinct lot.member_id from lot
          join message_consent consent on consent.member_id = lot.member_id and consent.kind = 'reminders'
            and consent.status = 'granted'
          join member on member.id = lot.member_id and member.erased_at is null
        where lot.remaining > 0 and lot.available_at <= ${at} and lot.expires_at > ${at}
          and lot.expires_at <= ${at}::timestamptz + make_interval(days => ${NOTICE_DAYS})
          and not exists (
            select from campaign_message earlier where earlier.member_id = lot.member_id and earlier.sent_at > ${silentSince}
          )
      ), queued as (
        insert into campaign_member (campaign_id, member_id, arm, propensity, assigned_at, status, due_at, next_attempt_at)
        select campaign.id, member_id, 'message', 1, ${at}, 'queued', ${at}, ${at}
        from concerned join campaign on campaign.code = ${code} and campaign.status in ('running', 'paused')
        on conflict do nothing returning member_id
      )
      select count(*)::int as messages from queued`
    return { messages: row?.messages ?? 0 }
  })
  await countQueued(database, queued)
  return queued
}
