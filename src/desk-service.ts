import type { Desk } from './bot/handoff/desk'
import type { DeskHub, ListNews } from './bot/handoff/desk-hub'
import type { DeskPerson } from './bot/handoff/desk-steps'
import type { Clock } from './core/clock'
import { listBotConversations, type RequestLine, readColleagues, readEvents, readLines } from './core/handoff/desk-rows'
import { readEarlier } from './core/handoff/earlier'
import { type DeskRefusal, type Moved, refused } from './core/handoff/held-request'
import { supportAt } from './core/handoff/hours'
import { type DeskEntry, readEntries } from './core/handoff/messages'
import { readWait } from './core/handoff/wait'
import { readMerchant } from './core/merchant'
import { isAtLeast } from './core/staff/role'
import type { Database } from './db/open'
import type { Staff } from './http/api/console/access'
import type { DeskService } from './http/api/console/desk'
import type { DeskMessage, DeskView, RequestRow, RequestView, StreamMessage } from './http/api/console/types'
import type { ConsoleConnection, ConsoleStreamService } from './http/console-stream'

export interface DeskServiceDeps {
  readonly database: Database
  readonly clock: Clock
  readonly desk: Desk
  readonly deskHub: DeskHub
}

/** What the console needs of the desk, over the bot and the core. */
export function createDeskService(deps: DeskServiceDeps): DeskService {
  const { database, desk } = deps
  const withRow = async (moved: Moved) => {
    if (!moved.ok) return moved
    const row = await rowOf(deps, moved.request.id)
    return row ? { ok: true as const, request: row } : refused('unknown-request')
  }
  return {
    desk: (staff) => readDesk(deps, staff),
    setPresence: (staff, presence) => desk.setPresence(personOf(staff), presence),
    next: async (staff) => withRow(await desk.next(personOf(staff))),
    accept: async (staff, step) => withRow(await desk.accept(personOf(staff), step)),
    transfer: async (staff, { to, note, ...step }) =>
      withRow(await desk.transfer(personOf(staff), step, { to, ...(note ? { note } : {}) })),
    returnToBot: async (staff, step) => withRow(await desk.returnToBot(personOf(staff), step)),
    close: async (staff, { contactReason, isResolved, ...step }) =>
      withRow(await desk.close(personOf(staff), step, { contactReason, isResolved })),
    take: async (staff, conversation) => withRow(await desk.take(personOf(staff), conversation)),
    request: (staff, options) => readRequest(deps, staff, options),
    async messages(staff, { requestId, afterSeq }) {
      const refusal = await refusalToRead(database, staff, requestId)
      if (refusal) return refusal
      return { ok: true, messages: (await readEntries(database, { requestId, afterSeq })).map(messageOf) }
    },
    say: async (staff, message) => withMessage(await desk.say(personOf(staff), message)),
    note: async (staff, message) => withMessage(await desk.note(personOf(staff), message)),
    async conversations({ limit }) {
      const rows = await listBotConversations(database, { limit })
      return rows.map((row) => ({ ...row, updatedAt: row.updatedAt.toISOString() }))
    },
  }
}

function personOf({ id, role, displayName }: Staff): DeskPerson {
  return { staffId: id, role, displayName }
}

function withMessage(said: { ok: true; entry: DeskEntry } | DeskRefusal) {
  return said.ok ? { ok: true as const, message: messageOf(said.entry) } : said
}

function messageOf({ seq, author, staffId, staffName, text, at, key, delivery }: DeskEntry): DeskMessage {
  const staff = staffId === null ? null : { id: staffId, displayName: staffName ?? '' }
  return { seq, author, staff, text, at: at.toISOString(), key, delivery }
}

async function readDesk({ database, clock }: DeskServiceDeps, staff: Staff): Promise<DeskView> {
  const at = clock()
  const [lines, colleagues, merchant, wait] = await Promise.all([
    readLines(database),
    readColleagues(database),
    readMerchant(database),
    readWait(database, { requestId: null, at }),
  ])
  const { hours, silentMinutes } = merchant.settings.desk
  const rows = lines.map((line) => requestRow(line, silentMinutes))
  const { isOpen, opensAt } = supportAt(at, { hours, timeZone: merchant.timeZone })
  const mine = (row: RequestRow) => row.staff?.id === staff.id
  const taken = rows.filter(({ status }) => status === 'agent')
  return {
    waiting: rows.filter(({ status }) => status === 'waiting'),
    mine: taken.filter(mine),
    others: isAtLeast(staff.role, 'supervisor') ? taken.filter((row) => !mine(row)) : [],
    colleagues,
    teams: [...new Set(colleagues.flatMap(({ team }) => (team === null ? [] : [team])))].sort(),
    open: { isOpen, opensAt: opensAt?.toISOString() ?? null },
    expectedWaitSeconds: wait.expectedSeconds,
  }
}

async function rowOf({ database }: DeskServiceDeps, requestId: number): Promise<RequestRow | undefined> {
  const [[line], merchant] = await Promise.all([readLines(database, { ids: [requestId] }), readMerchant(database)])
  return line && requestRow(line, merchant.settings.desk.silentMinutes)
}

function requestRow(line: RequestLine, silentMinutes: number): RequestRow {
  const { staffId, staffName, lastAuthor, lastText, lastMessageAt, unansweredSince, said, ...rest } = line
  const iso = (at: Date | null) => at?.toISOString() ?? null
  const silentAt = line.status === 'agent' && unansweredSince && line.externalDesk === null
  return {
    ...rest,
    staff: staffId === null ? null : { id: staffId, displayName: staffName ?? '' },
    requestedAt: line.requestedAt.toISOString(),
    waitingSince: line.waitingSince.toISOString(),
    acceptedAt: iso(line.acceptedAt),
    closedAt: iso(line.closedAt),
    leftAt: iso(line.leftAt),
    last: {
      author: lastAuthor ?? 'member',
      text: lastText ?? said,
      at: (lastMessageAt ?? line.requestedAt).toISOString(),
    },
    silentAt: silentAt ? new Date(unansweredSince.getTime() + silentMinutes * 60_000).toISOString() : null,
  }
}

async function readRequest(
  deps: DeskServiceDeps,
  staff: Staff,
  { requestId, allEarlier }: { requestId: number; allEarlier: boolean },
): Promise<{ ok: true; view: RequestView } | DeskRefusal> {
  const { database } = deps
  const refusal = await refusalToRead(database, staff, requestId)
  if (refusal) return refusal
  const [request, earlier, entries, events] = await Promise.all([
    rowOf(deps, requestId),
    readEarlier(database, { requestId, all: allEarlier }),
    readEntries(database, { requestId }),
    readEvents(database, { requestId }),
  ])
  if (!request) return refused('unknown-request')
  const view: RequestView = {
    request,
    earlier: earlier.entries.map((entry) => ({ ...entry, at: entry.at.toISOString() })),
    hasEarlier: earlier.hasMore,
    messages: entries.map(messageOf),
    events: events.map((event) => ({ ...event, at: event.at.toISOString() })),
  }
  return { ok: true, view }
}

/** What a colleague has in hand is theirs; supervisors read along. What waits or has ended is for everybody. */
async function refusalToRead(database: Database, staff: Staff, requestId: number): Promise<DeskRefusal | undefined> {
  const [row] = await database.sql<{ status: string; staffId: number | null }>`
    select status, staff_id as "staffId" from handoff_request where id = ${requestId}`
  if (!row) return refused('unknown-request')
  const isTheirs = row.status === 'agent' && row.staffId !== staff.id
  return isTheirs && !isAtLeast(staff.role, 'supervisor') ? refused('not-yours') : undefined
}

const LIST_EVERY_MS = 1_000
const WATCHED_MAX = 50

/** What a console hears and says on its websocket. */
export function createConsoleStreamService({ database, desk, deskHub }: DeskServiceDeps): ConsoleStreamService {
  return {
    seen: (staffIds) => desk.seen(staffIds),
    open(staff, send) {
      let isClosed = false
      const lists = listsOf(staff, send)
      const watches = new Map<number, { stop(): void }>()
      const mayRead = async (requestId: number) => !(await refusalToRead(database, staff, requestId))
      const listening = deskHub.listen({
        onList: lists.onList,
        onTyping({ requestId, who, staffId, displayName }) {
          if (staffId === staff.id || !watches.has(requestId)) return
          const shown = (may: boolean) => may && !isClosed && send({ type: 'typing', requestId, who, displayName })
          // A sign of typing that cannot be vouched for is nobody's loss.
          void mayRead(requestId).then(shown, () => undefined)
        },
      })
      const unwatch = (requestId: number) => {
        watches.get(requestId)?.stop()
        watches.delete(requestId)
      }
      const watch = async (requestId: number, afterSeq: number) => {
        unwatch(requestId)
        if (isClosed || watches.size >= WATCHED_MAX || !(await mayRead(requestId))) return
        // The socket may have closed while that was looked up: nobody would ever end the watch.
        if (isClosed) return
        watches.set(requestId, watched(deskHub, { requestId, afterSeq, send, mayRead: () => mayRead(requestId) }))
      }
      return {
        async command(command) {
          if (command.type === 'watch') await watch(command.requestId, command.afterSeq)
          else if (command.type === 'unwatch') unwatch(command.requestId)
          else if (command.type === 'typing') await desk.typing(personOf(staff), command.requestId)
          else await desk.read(personOf(staff), command)
        },
        close() {
          isClosed = true
          lists.stop()
          listening.stop()
          for (const requestId of [...watches.keys()]) unwatch(requestId)
        },
      } satisfies ConsoleConnection
    },
  }
}

function watched(
  deskHub: DeskHub,
  {
    requestId,
    afterSeq,
    send,
    mayRead,
  }: {
    requestId: number
    afterSeq: number
    send: (message: StreamMessage) => void
    mayRead: () => Promise<boolean>
  },
): { stop(): void } {
  return deskHub.watch({
    requestId,
    afterSeq,
    mayRead,
    onEntries: (entries) => {
      if (entries.length > 0) send({ type: 'messages', requestId, messages: entries.map(messageOf) })
    },
    onDelivery: (change) => send({ type: 'delivery', requestId, ...change }),
  })
}

/** Says that lists changed to whom it concerns: at once, and then at most once a second. */
function listsOf(staff: Staff, send: (message: StreamMessage) => void) {
  let timer: NodeJS.Timeout | undefined
  let isBehind = false
  const tell = () => {
    send({ type: 'desk' })
    isBehind = false
    timer = setTimeout(() => {
      timer = undefined
      if (isBehind) tell()
    }, LIST_EVERY_MS)
  }
  return {
    onList(news: ListNews) {
      const concerns = news.of === 'all' || news.staffId === staff.id || isAtLeast(staff.role, 'supervisor')
      if (!concerns) return
      if (timer) isBehind = true
      else tell()
    },
    stop: () => clearTimeout(timer),
  }
}
