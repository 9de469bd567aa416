import type { Database } from '../../db/open'

/** What is offered at a place after a topic; `before` is the topic asked earlier, or empty where it does not matter. */
export interface NextTopic {
  readonly before: string
  readonly topic: string
  readonly place: number
  readonly next: string
  readonly share: number
}

/** Replaces all of it in one transaction. */
export async function writeNextTopics(database: Database, rows: readonly NextTopic[]): Promise<void> {
  await database.tx(async (tx) => {
    await tx.sql`lock table next_topic in share row exclusive mode`
    await tx.sql`delete from next_topic`
    await tx.sql`
      insert into next_topic (before, topic, place, next, share)
      select * from unnest(${rows.map(({ before }) => before)}::text[], ${rows.map(({ topic }) => topic)}::text[],
        ${rows.map(({ place }) => place)}::int[], ${rows.map(({ next }) => next)}::text[],
        ${rows.map(({ share }) => share)}::real[])`
  })
}
