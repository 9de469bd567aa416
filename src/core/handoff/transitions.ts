import type { Tx } from '../../db/sql'
import { recordConsultation } from '../consultations/record'
import { type DeskActor, type HeldRequest, holdRequest, type Moved, mayHandle, readHeld, refused } from './held-request'

/** A step of the state machine: of this request, as its caller saw it last. */
export interface Step {
  readonly requestId: number
  /** Another one in the database: `changed`. */
  readonly version: number
  readonly at: Date
}

/** A request that came back to the queue is urgent: fifteen minutes' worth of waiting. */
const CAME_BACK_PRIORITY = 5
const HANDED_ON_PRIORITY = 2

/**
 * Takes a waiting request. Of many at once exactly one gets it, the others `changed`; the one who has it already by the
 * same step gets it again. An outside desk that was asked for it has nothing to do with it any more.
 */
export async function acceptRequest(tx: Tx, { requestId, version, at }: Step, actor: DeskActor): Promise<Moved> {
  const held = await holdRequest(tx, { requestId })
  if (!held) return refused('unknown-request')
  const isDone = held.status === 'agent' && held.staffId === actor.staffId && held.version === version + 1
  if (isDone) return { ok: true, request: held }
  if (held.version !== version) return refused('changed')
  if (held.status !== 'waiting') return refused(held.status === 'agent' ? 'changed' : 'not-open')
  await tx.sql`
    with moved as (
      update handoff_request set status = 'agent', staff_id = ${actor.staffId}, version = version + 1,
        accepted_at = ${at}, unanswered_since = ${at}, left_at = null, external_desk = null
      where id = ${requestId} and version = ${version} and status = 'waiting' returning id
    ), busy as (
      update staff set assigned_at = ${at} where id = ${actor.staffId} and exists (select from moved)
    )
    insert into handoff_event (request_id, kind, staff_id, at) select id, 'accepted', ${actor.staffId}, ${at} from moved`
  return reread(tx, held, version + 1)
}

/** To whom: a person, who has it at once, or a team, whose queue it joins. */
export type TransferTo = { readonly staffId: number } | { readonly team: string }

/** Hands a request on with a note that only colleagues read. */
export async function transferRequest(
  tx: Tx,
  { requestId, version, at }: Step,
  { to, note }: { to: TransferTo; note?: string },
  actor: DeskActor,
): Promise<Moved> {
  const held = await holdOpen(tx, { requestId, version, at }, actor)
  if (!held.ok) return held
  const target = await findTarget(tx, to)
  if (target !== 'found') return refused(target)
  if ('staffId' in to) {
    await tx.sql`
      with moved as (
        update handoff_request set status = 'agent', staff_id = ${to.staffId}, version = version + 1, external_desk = null,
          accepted_at = coalesce(accepted_at, ${at}), unanswered_since = ${at}, left_at = null
        where id = ${requestId} and version = ${version} returning id
      ), busy as (update staff set assigned_at = ${at} where id = ${to.staffId} and exists (select from moved))
      insert into handoff_event (request_id, kind, staff_id, to_staff_id, note, at)
      select id, 'transferred', ${actor.staffId}, ${to.staffId}, ${note ?? null}, ${at} from moved`
  } else {
    await tx.sql`
      with moved as (
        update handoff_request set status = 'waiting', staff_id = null, team = ${to.team}, version = version + 1,
          external_desk = null, accepted_at = null, waiting_since = ${at}, priority = priority + ${HANDED_ON_PRIORITY}
        where id = ${requestId} and version = ${version} returning id
      )
      insert into handoff_event (request_id, kind, staff_id, to_team, note, at)
      select id, 'transferred', ${actor.staffId}, ${to.team}, ${note ?? null}, ${at} from moved`
  }
  if (note) {
    await tx.sql`
      select desk_append(${requestId}, 'note', ${actor.staffId}, ${note}, null, ${`transfer ${version + 1}`}, null, ${at})`
  }
  return reread(tx, held.request, version + 1)
}

async function findTarget(tx: Tx, to: TransferTo): Promise<'found' | 'unknown-staff' | 'unknown-team'> {
  if ('staffId' in to) {
    const rows = await tx.sql`select from staff where id = ${to.staffId} and disabled_at is null`
    return rows.length > 0 ? 'found' : 'unknown-staff'
  }
  const rows = await tx.sql`select from staff where team = ${to.team} and disabled_at is null limit 1`
  return rows.length > 0 ? 'found' : 'unknown-team'
}

/** Gives the conversation back to the bot without calling the matter closed. */
export async function returnToBot(tx: Tx, step: Step, actor: DeskActor): Promise<Moved> {
  const held = await holdOpen(tx, step, actor)
  if (!held.ok) return held.code === 'changed' ? again(tx, step, actor, 'returned', held) : held
  await end(tx, step, { status: 'returned', by: 'agent', staffId: actor.staffId })
  return reread(tx, held.request, step.version + 1)
}

/**
 * Ends the matter. `contactReason` is what it was about, an intent; it counts as the member's consultation, for the models.
 * Solved only means that the agent says so: `assumed`, until the member has a word.
 */
export async function closeRequest(
  tx: Tx,
  step: Step,
  { contactReason, isResolved }: { contactReason: string; isResolved: boolean },
  actor: DeskActor,
): Promise<Moved> {
  const held = await holdOpen(tx, step, actor)
  if (!held.ok) return held.code === 'changed' ? again(tx, step, actor, 'closed', held) : held
  const { id, memberId } = held.request
  await end(tx, step, { status: 'closed', by: 'agent', staffId: actor.staffId, contactReason, isResolved })
  if (memberId !== null) {
    await recordConsultation(tx, { memberId, topic: contactReason, key: `desk|${id}`, at: step.at })
  }
  return reread(tx, held.request, step.version + 1)
}

/** The member goes back to the bot, from the queue or from an agent. Idempotent: without an open request nothing happens. */
export async function leaveForBot(tx: Tx, { requestId, at }: { requestId: number; at: Date }): Promise<void> {
  const held = await holdRequest(tx, { requestId })
  if (!held || !isOpen(held)) return
  await end(tx, { requestId, version: held.version, at }, { status: 'returned', by: 'member', staffId: null })
}

/** The member does not wait any more; what was written stays in the queue to be answered. Idempotent. */
export async function leaveAsMessage(tx: Tx, { requestId, at }: { requestId: number; at: Date }): Promise<void> {
  await tx.sql`
    with moved as (
      update handoff_request set left_at = ${at}, version = version + 1
      where id = ${requestId} and status = 'waiting' and left_at is null returning id
    )
    insert into handoff_event (request_id, kind, at) select id, 'left-message', ${at} from moved`
}

/**
 * Requests whose agent has let the member wait for longer than `silentMinutes`, the longest first. Those of an outside
 * desk are its own business.
 */
export async function listSilent(
  tx: { sql: Tx['sql'] },
  { silentMinutes, at, limit }: { silentMinutes: number; at: Date; limit: number },
): Promise<number[]> {
  const rows = await tx.sql<{ id: number }>`
    select id from handoff_request
    where status = 'agent' and external_desk is null
      and unanswered_since <= ${at}::timestamptz - make_interval(mins => ${silentMinutes})
    order by unanswered_since limit ${limit}`
  return rows.map(({ id }) => id)
}

/** Takes a request from an agent who lets the member wait, back to the front of the queue. Undefined: no longer so. */
export async function takeFromSilent(
  tx: Tx,
  { requestId, silentMinutes, at }: { requestId: number; silentMinutes: number; at: Date },
): Promise<HeldRequest | undefined> {
  const held = await holdRequest(tx, { requestId })
  if (held?.status !== 'agent') return undefined
  const rows = await tx.sql`
    with moved as (
      update handoff_request set status = 'waiting', staff_id = null, version = version + 1, accepted_at = null,
        waiting_since = ${at}, priority = priority + ${CAME_BACK_PRIORITY}
      where id = ${requestId} and version = ${held.version} and external_desk is null
        and unanswered_since <= ${at}::timestamptz - make_interval(mins => ${silentMinutes}) returning id
    )
    insert into handoff_event (request_id, kind, staff_id, at)
    select id, 'silent', ${held.staffId}, ${at} from moved returning id`
  return rows.length > 0 ? readHeld(tx, { requestId }) : undefined
}

function isOpen({ status }: HeldRequest): boolean {
  return status === 'waiting' || status === 'agent'
}

/** The request, if it is open, at the version, and the actor's to change. */
async function holdOpen(tx: Tx, { requestId, version }: Step, actor: DeskActor): Promise<Moved> {
  const held = await holdRequest(tx, { requestId })
  if (!held) return refused('unknown-request')
  if (held.version !== version) return refused(isOpen(held) || held.version === version + 1 ? 'changed' : 'not-open')
  if (!isOpen(held)) return refused('not-open')
  return mayHandle(held, actor) ? { ok: true, request: held } : refused('not-yours')
}

/** The same step again, after its answer was lost, is answered as the first time. */
async function again(
  tx: Tx,
  { requestId, version }: Step,
  { staffId }: DeskActor,
  status: 'returned' | 'closed',
  refusal: Moved,
): Promise<Moved> {
  const held = await readHeld(tx, { requestId })
  if (held?.status !== status || held.version !== version + 1) return refusal
  const rows = await tx.sql`
    select from handoff_event where request_id = ${requestId} and kind = ${status} and staff_id = ${staffId}`
  return rows.length > 0 ? { ok: true, request: held } : refused('not-open')
}

interface End {
  readonly status: 'returned' | 'closed'
  readonly by: 'agent' | 'member'
  readonly staffId: number | null
  readonly contactReason?: string
  readonly isResolved?: boolean
}

async function end(
  tx: Tx,
  { requestId, version, at }: Step,
  { status, by, staffId, contactReason, isResolved }: End,
): Promise<void> {
  await tx.sql`
    with moved as (
      update handoff_request set status = ${status}, version = version + 1, closed_at = ${at}, ended_by = ${by},
        left_at = null, unanswered_since = null, contact_reason = ${contactReason ?? null},
        resolution = case when ${isResolved ?? false} then 'assumed' end
      where id = ${requestId} and version = ${version} returning id
    )
    insert into handoff_event (request_id, kind, staff_id, at) select id, ${status}, ${staffId}::bigint, ${at} from moved`
}

/** Under the lock nobody else can have moved it: not to find it where we put it is a bug. */
async function reread(tx: Tx, { id }: HeldRequest, version: number): Promise<Moved> {
  const request = await readHeld(tx, { requestId: id })
  if (request?.version !== version) throw new Error(`request ${id} was not moved to version ${version}`)
  return { ok: true, request }
}
