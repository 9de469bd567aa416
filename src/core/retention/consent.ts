import type { Db } from '../../db/sql'

export const messageKinds = ['offers', 'reminders'] as const
export type MessageKind = (typeof messageKinds)[number]

/** Whether what a member gets may depend on what is known of them (PIPL, article 24): yes until it is withdrawn. */
const PERSONALISATION = 'personalisation'
/** Personalisation is not a matter of channels. */
const ANY_CHANNEL = 'any'

export interface Consent {
  readonly kind: MessageKind
  readonly channel: string
  readonly status: 'granted' | 'withdrawn'
  readonly at: Date
}

/** What a member agreed to, and took back. What is not listed was never asked, which is no. */
export function readConsents(db: Db, { memberId }: { memberId: string }): Promise<Consent[]> {
  return db.sql<Consent>`
    select kind, channel, status, at from message_consent
    where member_id = ${memberId} and kind = any (${[...messageKinds]}::text[]) order by kind, channel`
}

/**
 * Grants or withdraws messages of these kinds on a channel, at once. Twice is like once.
 */
export async function setConsent(
  db: Db,
  consent: {
    memberId: string
    kinds: readonly (MessageKind | typeof PERSONALISATION)[]
    channel: string
    status: Consent['status']
    at: Date
    source: 'chat' | 'api' | 'import' | 'demo'
  },
): Promise<void> {
  const { memberId, kinds, channel, status, at, source } = consent
  await db.sql`
    insert into message_consent (member_id, kind, channel, status, at, source)
    select ${memberId}, kind, ${channel}, ${status}, ${at}, ${source} from unnest(${[...kinds]}::text[]) kind
    on conflict (member_id, kind, channel) do update set status = excluded.status, at = excluded.at, source = excluded.source
    where message_consent.status <> excluded.status`
}

/** Lets what a member gets depend on what is known of them, or forbids it, on every channel and at once. */
export function setPersonalisation(
  db: Db,
  { memberId, isOn, at, source }: { memberId: string; isOn: boolean; at: Date; source: 'chat' | 'api' },
): Promise<void> {
  const status = isOn ? 'granted' : 'withdrawn'
  return setConsent(db, { memberId, kinds: [PERSONALISATION], channel: ANY_CHANNEL, status, at, source })
}

/** Whether it may. */
export async function wantsPersonalisation(db: Db, { memberId }: { memberId: string }): Promise<boolean> {
  const rows = await db.sql`
    select from message_consent where member_id = ${memberId} and kind = 'personalisation' and status = 'withdrawn'`
  return rows.length === 0
}
