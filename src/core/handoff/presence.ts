import type { Db } from '../../db/sql'

export type Presence = 'online' | 'away' | 'offline'

/** Whoever gave no sign of life for so long is not there. */
export const PRESENT_SECONDS = 60

/** Somebody says whether they take conversations now. */
export async function setPresence(
  db: Db,
  { staffId, presence, at }: { staffId: number; presence: Presence; at: Date },
): Promise<void> {
  await db.sql`update staff set presence = ${presence}, seen_at = ${at} where id = ${staffId}`
}

/** These have an open console. */
export async function markSeen(db: Db, { staffIds, at }: { staffIds: readonly number[]; at: Date }): Promise<void> {
  if (staffIds.length === 0) return
  await db.sql`
    update staff set seen_at = ${at}
    where id = any(${staffIds}::bigint[]) and (seen_at is null or seen_at < ${at})`
}

/** Those whose last console has been gone for a minute are offline. Resolves to who they are. */
export async function markGone(db: Db, { at }: { at: Date }): Promise<number[]> {
  const seenAfter = new Date(at.getTime() - PRESENT_SECONDS * 1_000)
  const rows = await db.sql<{ id: number }>`
    update staff set presence = 'offline'
    where presence <> 'offline' and (seen_at is null or seen_at <= ${seenAfter}) returning id`
  return rows.map(({ id }) => id)
}
