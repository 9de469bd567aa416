import type { Db } from '../../db/sql'

/** A user of a channel: what the channel tells us about who writes. */
export interface ChannelUser {
  channel: string
  tenantId: string
  userId: string
}

/** The member a chat user is linked to, or undefined for a stranger. An erased member is nobody's link. */
export async function findIdentity(
  db: Db,
  { channel, tenantId, userId }: ChannelUser,
): Promise<{ memberId: string; displayName?: string } | undefined> {
  const [row] = await db.sql<{ memberId: string; displayName: string | null }>`
    select m.id as "memberId", m.display_name as "displayName"
    from channel_identity i join member m on m.id = i.member_id and m.erased_at is null
    where i.channel = ${channel} and i.tenant_id = ${tenantId} and i.user_id = ${userId}`
  return row && { memberId: row.memberId, ...(row.displayName === null ? {} : { displayName: row.displayName }) }
}

/**
 * Links a chat user to a member, in place of an earlier link. The caller has proof: a verified token or code.
 * Refuses with `unknown-member` when there is no such member.
 */
export async function linkIdentity(
  db: Db,
  { channel, tenantId, userId, memberId, by, at }: ChannelUser & { memberId: string; by: 'token' | 'code'; at: Date },
): Promise<{ ok: true } | { ok: false; code: 'unknown-member' }> {
  const rows = await db.sql<{ memberId: string }>`
    insert into channel_identity (channel, tenant_id, user_id, member_id, linked_at, linked_by)
    select ${channel}, ${tenantId}, ${userId}, id, ${at}, ${by} from member where id = ${memberId} and erased_at is null
    on conflict (channel, tenant_id, user_id) do update
      set member_id = excluded.member_id, linked_at = excluded.linked_at, linked_by = excluded.linked_by
    returning member_id as "memberId"`
  return rows.length > 0 ? { ok: true } : { ok: false, code: 'unknown-member' }
}

/** Makes a chat user a stranger again. Resolves to whether there was a link. */
export async function unlinkIdentity(db: Db, { channel, tenantId, userId }: ChannelUser): Promise<boolean> {
  const rows = await db.sql<{ memberId: string }>`
    delete from channel_identity
    where channel = ${channel} and tenant_id = ${tenantId} and user_id = ${userId}
    returning member_id as "memberId"`
  return rows.length > 0
}
