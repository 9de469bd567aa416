import type { Db } from '../../../src/db/sql'

/** Rows about a member in every table that holds some, written by hand; `mark` stands in each that can hold a text. */
export async function fillWithTraits(
  db: Db,
  { memberId, mark, at }: { memberId: string; mark: string; at: Date },
): Promise<void> {
  await db.sql`update member set time_zone = 'Europe/Lisbon', locale = 'en' where id = ${memberId}`
  await db.sql`
    insert into mail (recipient, subject, body, status, created_at)
    select upper(email), 'code', ${`dear ${mark}`}, 'sent', ${at} from member where id = ${memberId}`
  await db.sql`
    insert into link_code (id, channel, tenant_id, user_id, member_id, code_hash, tries_left, created_at, expires_at)
    values (${mark}, 'msteams', 't', ${mark}, ${memberId}, '\\x00', 5, ${at}, ${at})`
  await db.sql`
    insert into consultation (member_id, topic, external_id, at) values (${memberId}, ${mark}, ${`${mark} 1`}, ${at})`
  await db.sql`
    insert into member_event (source, external_id, member_id, kind, sku, at)
    values (${mark}, ${mark}, ${memberId}, 'click', 'T1', ${at})`
  await db.sql`
    insert into member_segment (member_id, as_of, order_days, spend_minor, recency_score, frequency_score, monetary_score, rfm_group, cluster)
    values (${memberId}, ${at}, 1, 100, 1, 1, 1, 'new', ${mark})`
  await db.sql`
    insert into member_churn (member_id, as_of, risk, window_days, gap_days, reasons, model_id)
    values (${memberId}, ${at}, 0.5, 30, 7, ${{ mark }}, 1)`
  await db.sql`insert into member_item (member_id, kind, sku, score, with_sku) values (${memberId}, 'next', 'T1', 1, ${mark})`
  await db.sql`
    insert into message_consent (member_id, kind, channel, status, at, source)
    values (${memberId}, 'offers', 'msteams', 'granted', ${at}, 'chat')`
  await db.sql`
    insert into campaign_member (campaign_id, member_id, arm, propensity, assigned_at, status, channel, conversation_id, due_at,
      next_attempt_at, sent_at, last_error)
    values (1, ${memberId}, 'message', 1, ${at}, 'sent', 'msteams', ${`chat of ${mark}`}, ${at}, ${at}, ${at}, ${mark})`
  await db.sql`
    insert into tier_change (member_id, from_tier, to_tier, at, reason) values (${memberId}, 'member', 'member', ${at}, 'review')`
  await db.sql`
    insert into exposure (experiment_id, member_id, arm, propensity, exposed_at) values (1, ${memberId}, 'popular', 0.5, ${at})`
}
