import { forgetProofs } from '../../../src/core/identity/forget'
import { useDatabase } from '../../support/database'

const database = useDatabase()
const at = new Date('2026-03-31T10:00:00Z')
const hoursAgo = (hours: number) => new Date(at.getTime() - hours * 3_600_000)

test('what can prove nothing any more is forgotten, and nothing else is', async () => {
  const { sql } = database.current()
  await sql`insert into used_token values ('over', ${hoursAgo(2)}), ('just over', ${hoursAgo(0.5)}), ('good', ${hoursAgo(-0.1)})`
  await sql`
    insert into link_code (id, channel, tenant_id, user_id, code_hash, tries_left, created_at, expires_at)
    select name, 'msteams', 't', 'u', '', 5, created, created + interval '10 minutes'
    from (values ('old', ${hoursAgo(25)}::timestamptz), ('counts towards the hour', ${hoursAgo(0.9)})) code (name, created)`
  await sql`
    insert into mail (recipient, subject, body, status, created_at)
    select name, '', '', status, created from (values
      ('sent long ago', 'sent', ${hoursAgo(31 * 24)}::timestamptz), ('failed long ago', 'failed', ${hoursAgo(31 * 24)}),
      ('waits for long', 'pending', ${hoursAgo(31 * 24)}), ('sent lately', 'sent', ${hoursAgo(29 * 24)})
    ) mail (name, status, created)`
  await sql`
    insert into staff (email, display_name, role, locale, created_at) values ('a@shop.example', 'A', 'agent', 'en', ${at})`
  await sql`
    insert into staff_session (token_hash, staff_id, created_at, seen_at, expires_at)
    select name::bytea, id, ${at}, ${at}, ends from staff, (values
      ('over', ${hoursAgo(2)}::timestamptz), ('just over', ${hoursAgo(0.5)}), ('good', ${hoursAgo(-1)})) session (name, ends)`
  await sql`
    insert into staff_ticket (token_hash, kind, created_at, expires_at)
    values ('over', 'oidc', ${at}, ${hoursAgo(2)}), ('good', 'invitation', ${at}, ${hoursAgo(-1)})`
  await sql`
    insert into staff_event (kind, at) values ('sign-in-failed', ${hoursAgo(91 * 24)}), ('oidc-refused', ${hoursAgo(91 * 24)}),
      ('locked', ${hoursAgo(91 * 24)}), ('sign-in-failed', ${hoursAgo(89 * 24)})`
  await forgetProofs(database.current(), { at })
  const names = (rows: { name: string }[]) => rows.map(({ name }) => name).sort()
  expect(names(await sql`select id as name from used_token`)).toEqual(['good', 'just over'])
  expect(names(await sql`select id as name from link_code`)).toEqual(['counts towards the hour'])
  expect(names(await sql`select recipient as name from mail`)).toEqual(['sent lately', 'waits for long'])
  const hashes = (rows: { hash: Buffer }[]) => rows.map(({ hash }) => hash.toString()).sort()
  expect(hashes(await sql`select token_hash as hash from staff_session`)).toEqual(['good', 'just over'])
  expect(hashes(await sql`select token_hash as hash from staff_ticket`)).toEqual(['good'])
  expect(names(await sql`select kind as name from staff_event`)).toEqual(['locked', 'sign-in-failed'])
})
