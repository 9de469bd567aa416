import type { Config } from './config'
import type { Clock, NewId } from './core/clock'
import { signMemberToken } from './core/identity/member-token'
import { listMail } from './core/mail/deliver'
import { findMember, listMembers } from './core/members/find'
import type { Database } from './db/open'
import type { DemoService } from './http/api/demo'

const MEMBERS_SHOWN = 30
const MAILS_SHOWN = 50

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
    members: ({ search }) => listMembers(database, { limit: MEMBERS_SHOWN, search }),
    async memberToken(memberId) {
      if (!(await findMember(database, { memberId }))) return undefined
      return signMemberToken({ memberId, secret, audience: config.webChat.audience, at: clock(), id: newId() })
    },
    mailbox: () => listMail(database, { limit: MAILS_SHOWN }),
  }
}
