import type { Db } from '../../db/sql'
import type { EventRefusal, MemberEvent } from './event'

export interface RecordedEvents {
  readonly recorded: number
  /** Told before, word for word. */
  readonly alreadyThere: number
  /** Those that were not taken, by their place among the events given. */
  readonly refused: readonly { readonly place: number; readonly code: EventRefusal }[]
}

/**
 * Writes events in one statement, whatever their number. The same id of the same source again has no second effect; with
 * other content it is refused (`changed`), like the events of members who are not there (`unknown-member`).
 */
export async function recordEvents(
  db: Db,
  { source, events }: { source: string; events: readonly MemberEvent[] },
): Promise<RecordedEvents> {
  const told = JSON.stringify(events.map((event, place) => ({ ...event, place })))
  const outcomes = await db.sql<{ place: number; outcome: 'recorded' | 'same' | EventRefusal }>`
    with told as (
      select * from jsonb_to_recordset(${told}::jsonb)
        as event(place int, "externalId" text, "memberId" text, kind text, sku text, rating int, at timestamptz)
    ), first_told as (
      select distinct on ("externalId") * from told order by "externalId", place
    ), made as (
      insert into member_event (source, external_id, member_id, kind, sku, rating, at)
      select ${source}, "externalId", "memberId", kind, sku, rating, at from first_told
      where exists (select from member where member.id = "memberId" and member.erased_at is null)
      on conflict (source, external_id) do nothing
      returning external_id
    )
    select told.place, case
        when not exists (select from member where member.id = told."memberId" and member.erased_at is null) then 'unknown-member'
        when made.external_id is not null and first_told.place = told.place then 'recorded'
        when (told."memberId", told.kind, told.sku, told.rating, told.at) is not distinct from
          (before.member_id, before.kind, before.sku, before.rating, before.at) then 'same'
        else 'changed' end as outcome
    from told
      join first_told on first_told."externalId" = told."externalId"
      left join made on made.external_id = told."externalId"
      left join member_event known on known.source = ${source} and known.external_id = told."externalId"
      cross join lateral (
        -- Told in an earlier call, or else earlier in this one.
        select known.member_id, known.kind, known.sku, known.rating, known.at where known.id is not null
        union all
        select first_told."memberId", first_told.kind, first_told.sku, first_told.rating, first_told.at where known.id is null
      ) before
    order by told.place`
  const refused = outcomes.flatMap(({ place, outcome }) =>
    outcome === 'recorded' || outcome === 'same' ? [] : [{ place, code: outcome }],
  )
  const count = (sought: string) => outcomes.filter(({ outcome }) => outcome === sought).length
  return { recorded: count('recorded'), alreadyThere: count('same'), refused }
}
