import type { GiftTeller } from './bot/handoff/gift-teller'
import { type AssistDeps, type AssistFacts, type BotSide, readAssist } from './core/assist/assist'
import { deleteCanned, listCanned, putCanned } from './core/assist/canned'
import { type DeskRequest, findDeskRequest } from './core/assist/desk-request'
import { type GoodwillDeps, type GoodwillOutcome, giveCoupon, givePoints } from './core/assist/goodwill'
import { readMemberFacts } from './core/assist/member-picture'
import { readDeskFigures, readStaffFigures } from './core/assist/report'
import { searchConversations } from './core/assist/search'
import { createSuggestions, type FindWritten } from './core/assist/suggestions'
import { readTranscript, transcriptFilename, transcriptJson, transcriptText } from './core/assist/transcript'
import type { Clock, SecretBytes } from './core/clock'
import { readMerchant } from './core/merchant'
import { isAtLeast } from './core/staff/role'
import type { Database } from './db/open'
import type { Tx } from './db/sql'
import type { Staff } from './http/api/console/access'
import type { AssistHelpService } from './http/api/console/assist'
import type { CannedService } from './http/api/console/canned'
import type { GoodwillService } from './http/api/console/goodwill'
import type { MemberPictureService, SeenRefusal } from './http/api/console/member'
import type { ReportService } from './http/api/console/reports'
import type { SearchService } from './http/api/console/search'
import type { TranscriptService } from './http/api/console/transcript'
import type { DeskReport } from './http/api/console/types'
import { pictureOf } from './member-view'

export type AssistService = MemberPictureService &
  AssistHelpService &
  GoodwillService &
  CannedService &
  SearchService &
  TranscriptService &
  ReportService

export interface AssistServiceDeps {
  readonly database: Database
  readonly clock: Clock
  readonly secretBytes: SecretBytes
  readonly botSide: BotSide
  readonly findWritten: FindWritten
  /** Makes what tells a member of one gift. */
  readonly giftTeller: (zone: { timeZone: string }) => GiftTeller
}

/** What helps the merchant's people with members, over the core. */
export function createAssistService(deps: AssistServiceDeps): AssistService {
  const { database, clock, secretBytes } = deps
  const suggestions = createSuggestions({ clock, findWritten: deps.findWritten })
  const give = async (work: (tx: Tx, giving: GoodwillDeps) => Promise<GoodwillOutcome>): Promise<GoodwillOutcome> => {
    const merchant = await readMerchant(database)
    const teller = deps.giftTeller(merchant)
    const outcome = await database.tx((tx) => work(tx, { merchant, secretBytes, tell: teller.tell }))
    teller.committed()
    return outcome
  }
  return {
    picture: (staff, requestId) =>
      seen(database, { staff, requestId }, async ({ id, memberId }) => {
        const facts =
          memberId === null ? null : await readMemberFacts(database, { memberId, requestId: id, at: clock() })
        return { picture: facts && pictureOf(facts) }
      }),
    assist: (staff, requestId) =>
      seen(database, { staff, requestId }, async (request) => {
        const assistDeps: AssistDeps = { merchant: await readMerchant(database), botSide: deps.botSide, suggestions }
        const asked = { request, staff, reader: staff.locale, at: clock() }
        const assist: AssistFacts = await readAssist(database, asked, assistDeps)
        return { assist }
      }),
    givePoints: (staff, requestId, gift) =>
      give((tx, giving) => givePoints(tx, { ...gift, staff, requestId, at: clock() }, giving)),
    giveCoupon: (staff, requestId, { reason = 'a coupon', ...gift }) =>
      give((tx, giving) => giveCoupon(tx, { ...gift, reason, staff, requestId, at: clock() }, giving)),
    list: (staff) => listCanned(database, { staffId: staff.id }),
    put: (staff, canned) => putCanned(database, { writer: writerOf(staff), canned, at: clock() }),
    remove: (staff, id) => deleteCanned(database, { writer: writerOf(staff), id }),
    async search(staff, query) {
      const hits = await searchConversations(database, isSupervisor(staff) ? { query } : { query, seenBy: staff.id })
      return hits.map(({ at, ...hit }) => ({ ...hit, at: at.toISOString() }))
    },
    transcript: (staff, requestId, format) =>
      seen(database, { staff, requestId }, async (request) => {
        const merchant = await readMerchant(database)
        const withNotes = format === 'json' && isSupervisor(staff)
        const transcript = await readTranscript(database, { request, merchant, withNotes })
        const content =
          format === 'json'
            ? `${JSON.stringify(transcriptJson(transcript), null, 2)}\n`
            : transcriptText(transcript, staff.locale)
        return { filename: transcriptFilename(transcript, format), content }
      }),
    report: (staff, days) => readReport(database, { days, at: clock(), withStaff: isSupervisor(staff) }),
  }
}

async function seen<T extends object>(
  database: Database,
  { staff, requestId }: { staff: Staff; requestId: number },
  read: (request: DeskRequest) => Promise<T>,
): Promise<({ readonly ok: true } & T) | SeenRefusal> {
  const found = await findDeskRequest(database, { requestId, staff })
  return found.ok ? { ok: true, ...(await read(found.request)) } : found
}

async function readReport(
  database: Database,
  { days, at, withStaff }: { days: number; at: Date; withStaff: boolean },
): Promise<DeskReport> {
  const { timeZone } = await readMerchant(database)
  const period = { days, at, timeZone }
  const [{ from, to, ...figures }, staff] = await Promise.all([
    readDeskFigures(database, period),
    withStaff ? readStaffFigures(database, period) : [],
  ])
  return { ...figures, from: from.toISOString(), to: to.toISOString(), staff }
}

function writerOf(staff: Staff) {
  return { staffId: staff.id, mayShare: isSupervisor(staff) }
}

function isSupervisor({ role }: Staff): boolean {
  return isAtLeast(role, 'supervisor')
}
