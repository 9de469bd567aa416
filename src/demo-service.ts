import type { Config } from './config'
import type { Clock, NewId } from './core/clock'
import { demoMembers } from './core/demo/demo-members'
import { signMemberToken } from './core/identity/member-token'
import { type Locale, type Localised, localeOf } from './core/locale'
import { listMail } from './core/mail/deliver'
import { findMember, listMembers } from './core/members/find'
import type { Database } from './db/open'
import type { DemoService } from './http/api/demo'

const MEMBERS_SHOWN = 30
const MAILS_SHOWN = 50

/** Somebody to chat as. */
interface ShownMember {
  readonly id: string
  readonly displayName: string
  readonly locale: Locale
  readonly points: number
  readonly tier: string
  readonly description: Localised
}

/** What the demo's pages need, over the core. */
export function createDemoService({
  database,
  config,
  clock,
  newId,
}: {
  database: Database
  config: Config
  clock: Clock
  newId: NewId
}): DemoService {
  const secret = new TextEncoder().encode(config.webChat.secret ?? '')
  return {
    async members({ search }) {
      const designed = search === '' ? await designedMembers(database) : []
      // Without the demo shop there is whoever was imported.
      return designed.length > 0 ? designed : foundMembers(database, search)
    },
    async memberToken(memberId) {
      if (!(await findMember(database, { memberId }))) return undefined
      return signMemberToken({ memberId, secret, audience: config.webChat.audience, at: clock(), id: newId() })
    },
    async mailbox() {
      const mails = await listMail(database, { limit: MAILS_SHOWN })
      return mails.map((mail) => ({ ...mail, id: String(mail.id) }))
    },
  }
}

/** Those made for showing something, in the order they were made in. */
async function designedMembers(database: Database): Promise<ShownMember[]> {
  const ids = demoMembers.map(({ id }) => id)
  const rows = await database.sql<{ id: string; points: number; tier: string }>`
    select member.id, member.tier_code as tier, coalesce(account.available, 0) as points
    from member left join member_account account on account.member_id = member.id
    where member.id = any(${ids}::text[]) and member.erased_at is null`
  const rowsById = new Map(rows.map((row) => [row.id, row]))
  return demoMembers.flatMap(({ id, displayName, locale, description }) => {
    const row = rowsById.get(id)
    return row ? [{ ...row, displayName, locale, description }] : []
  })
}

async function foundMembers(database: Database, search: string): Promise<ShownMember[]> {
  const designs = new Map(demoMembers.map((member) => [member.id, member]))
  const rows = await listMembers(database, { limit: MEMBERS_SHOWN, search })
  return rows.map(({ id, displayName, points, tier, orders }) => ({
    id,
    displayName: displayName ?? id,
    locale: localeOf(designs.get(id)?.locale) ?? 'en',
    points,
    tier,
    description: designs.get(id)?.description ?? {
      en: orders === 1 ? '1 order' : `${orders} orders`,
      zh: `${orders} 笔订单`,
    },
  }))
}
