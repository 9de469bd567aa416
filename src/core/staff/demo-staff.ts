import type { Db, Tx } from '../../db/sql'
import type { SecretBytes } from '../clock'
import type { Locale } from '../locale'
import { recordStaffEvent } from './events'
import { addStaff } from './manage'
import type { Role } from './role'
import { openSession } from './session'
import type { SignedIn } from './sign-in'

interface DemoPerson {
  readonly email: string
  readonly displayName: string
  readonly role: Role
  readonly locale: Locale
  readonly languages: readonly Locale[]
}

/** The demo shop's people, all invented. They have no passwords: only the demo lets anybody sign in as them. */
const demoPeople: readonly DemoPerson[] = [
  {
    email: 'amy.hollis@kettlewick.example',
    displayName: 'Amy Hollis',
    role: 'agent',
    locale: 'en',
    languages: ['en'],
  },
  {
    email: 'chen.siyu@kettlewick.example',
    displayName: '陈思雨',
    role: 'agent',
    locale: 'zh',
    languages: ['zh'],
  },
  {
    email: 'grace.okafor@kettlewick.example',
    displayName: 'Grace Okafor',
    role: 'supervisor',
    locale: 'en',
    languages: ['en', 'zh'],
  },
  {
    email: 'martin.yeo@kettlewick.example',
    displayName: 'Martin Yeo',
    role: 'administrator',
    locale: 'en',
    languages: ['en', 'zh'],
  },
]

/** Adds those of the demo's people who are missing. */
export async function ensureDemoStaff(db: Db, { at }: { at: Date }): Promise<void> {
  for (const person of demoPeople) await addStaff(db, { ...person, at })
}

/** Whom one may sign in as in the demo. */
export async function listDemoStaff(
  db: Db,
): Promise<readonly { id: number; displayName: string; role: Role; locale: Locale }[]> {
  const emails = demoPeople.map(({ email }) => email)
  return db.sql`
    select id, display_name as "displayName", role, locale from staff
    where email = any(${emails}::text[]) and disabled_at is null
    order by array_position(${emails}::text[], email)`
}

/** Signs in as one of the demo's people. Refuses with `unknown-staff` for anybody else. */
export async function signInAsDemoStaff(
  tx: Tx,
  options: { staffId: number; replaces?: string | undefined; secretBytes: SecretBytes; at: Date },
): Promise<SignedIn | { ok: false; code: 'unknown-staff' }> {
  const { staffId, replaces, secretBytes, at } = options
  const people = await listDemoStaff(tx)
  if (!people.some(({ id }) => id === staffId)) return { ok: false, code: 'unknown-staff' }
  const token = await openSession(tx, { staffId, replaces, secretBytes, at })
  await recordStaffEvent(tx, { kind: 'signed-in', staffId, actorId: staffId, detail: { by: 'demo' }, at })
  return { ok: true, staffId, token }
}
