import { conversations } from '../../dialogs'
import { loadRecogniser } from '../../src/bot/nlu/recogniser'
import { systemClock } from '../../src/core/clock'
import { ensureDemoStaff } from '../../src/core/staff/demo-staff'
import type { Database } from '../../src/db/open'
import { type RunningApp, startTestApp } from '../bot/support/test-app'
import { addMember, setUpShop } from '../support/shop'
import { webFolder } from './chat-page'

/** Members that the demo's page shows by themselves. */
const MEMBERS = [
  ['M0001', 'Olivia Bennett', 'olivia@example.com'],
  ['M0002', 'Tom Whitfield', 'tom@example.com'],
  ['M0003', '王静怡', 'wang@example.com'],
] as const

/** The whole application with the demo's people at the desk, and of the shop only as much as a talk with a person needs. */
export async function startDeskApp(database: Database): Promise<RunningApp> {
  await setUpShop(database)
  for (const [id, displayName, email] of MEMBERS) {
    await addMember(database, { id, email })
    await database.sql`update member set display_name = ${displayName} where id = ${id}`
  }
  await ensureDemoStaff(database, { at: systemClock() })
  return startTestApp(database, { webFolder, conversations, recogniser: await loadRecogniser(database) })
}
