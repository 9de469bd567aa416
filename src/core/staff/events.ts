import type { Db } from '../../db/sql'

/** What is kept of people's accounts, for whoever has to answer for them. */
export type StaffEventKind =
  | 'added'
  | 'set-up'
  | 'invited'
  | 'invitation-used'
  | 'signed-in'
  | 'sign-in-failed'
  | 'locked'
  | 'signed-out'
  | 'signed-out-everywhere'
  | 'password-changed'
  | 'role-changed'
  | 'changed'
  | 'disabled'
  | 'enabled'
  | 'oidc-linked'
  | 'oidc-refused'

export interface StaffEvent {
  readonly kind: StaffEventKind
  /** Whom it is about; null where nobody of that address is known. */
  readonly staffId: number | null
  /** Who did it; absent: the person or, without one, the command line. */
  readonly actorId?: number | undefined
  readonly detail?: Readonly<Record<string, unknown>> | undefined
  readonly at: Date
}

/** Writes one down. No passwords, codes or tokens in `detail`. */
export async function recordStaffEvent(db: Db, { kind, staffId, actorId, detail, at }: StaffEvent): Promise<void> {
  await db.sql`
    insert into staff_event (kind, staff_id, actor_id, detail, at)
    values (${kind}, ${staffId}, ${actorId ?? null}, ${detail ? JSON.stringify(detail) : null}::jsonb, ${at})`
}
