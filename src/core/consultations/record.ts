import type { Db } from '../../db/sql'

/**
 * Notes that a member asked about `topic` (an intent), for the models. `key` is the turn's key: the same turn counts
 * once, however often it is run.
 */
export async function recordConsultation(
  db: Db,
  { memberId, topic, key, at }: { memberId: string; topic: string; key: string; at: Date },
): Promise<void> {
  await db.sql`
    insert into consultation (member_id, topic, external_id, at)
    values (${memberId}, ${topic}, ${key}, ${at})
    on conflict (external_id) do nothing`
}
