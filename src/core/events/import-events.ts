import { pipeline, Readable } from 'node:stream'
import { parse } from 'csv-parse'
import type { Database } from '../../db/open'
import { inspectFile, readPieces } from '../import/order-file'
import { type EventRefusal, type MemberEvent, readEvent, type ToldEvent } from './event'
import { recordEvents } from './record'

/** What came of a file of events. Lines are counted from 1, the header being the first. */
export interface EventImport {
  readonly rows: number
  readonly recorded: number
  readonly alreadyThere: number
  readonly refused: number
  /** How many of each kind, and the first lines of it. */
  readonly refusedByKind: Partial<Record<EventRefusal, { rows: number; lines: number[] }>>
}

export type EventImportOutcome =
  | { readonly ok: true; readonly result: EventImport }
  | { readonly ok: false; readonly code: 'missing-columns'; readonly found: string[]; readonly missing: string[] }
  | { readonly ok: false; readonly code: 'not-csv'; readonly problem: string }

export const EVENT_COLUMNS = ['eventId', 'memberId', 'kind', 'at', 'sku', 'rating'] as const
const NEEDED = EVENT_COLUMNS.slice(0, 4)
const SOURCE = 'events'
const ROWS_AT_ONCE = 5_000
const LINES_SHOWN_MAX = 20

/**
 * Loads clicks, views and reviews from a CSV file (also .gz), a few thousand a statement. What is read stays read, and the same
 * events again change nothing: after an interruption the same file goes on where it was.
 */
export async function importEvents(
  database: Database,
  { path, at, onBytes = () => undefined }: { path: string; at: Date; onBytes?: (bytes: number, of: number) => void },
): Promise<EventImportOutcome> {
  const file = await inspectFile(path)
  const parser = parse({ bom: true, trim: true, relax_column_count: true, skip_empty_lines: true, info: true })
  const pieces = Readable.from(readPieces(file, (bytes) => onBytes(bytes, file.bytes)))
  // An error of the file comes out of the loop below.
  pipeline(pieces, parser, () => undefined)
  const batch = createBatch(database)
  let columns: Map<string, number> | undefined
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (!columns) {
        columns = columnsOf(record)
        const missing = NEEDED.filter((name) => !columns?.has(name))
        if (missing.length > 0) return { ok: false, code: 'missing-columns', found: record, missing }
        continue
      }
      batch.add(readEvent(toldOf(record, columns), { now: at }), info.lines)
      if (batch.isFull()) await batch.write()
    }
  } catch (error) {
    const { code, message } = error as Error & { code?: string }
    if (code?.startsWith('CSV_')) return { ok: false, code: 'not-csv', problem: message }
    throw error
  }
  if (!columns) return { ok: false, code: 'missing-columns', found: [], missing: [...NEEDED] }
  await batch.write()
  return { ok: true, result: batch.result() }
}

/** "event_id", "Event ID" and "eventId" are one name. */
function columnsOf(header: readonly string[]): Map<string, number> {
  const plain = (name: string) => name.toLowerCase().replace(/[\s_-]/g, '')
  const found = header.map(plain)
  return new Map(
    EVENT_COLUMNS.map((name): [string, number] => [name, found.indexOf(plain(name))]).filter(([, at]) => at >= 0),
  )
}

function toldOf(record: readonly string[], columns: ReadonlyMap<string, number>): ToldEvent {
  return Object.fromEntries([...columns].map(([name, at]) => [name, record[at] ?? '']))
}

function createBatch(database: Database) {
  const totals = { rows: 0, recorded: 0, alreadyThere: 0, refused: 0 }
  const refusedByKind: EventImport['refusedByKind'] = {}
  const waiting: { event: MemberEvent; line: number }[] = []
  const refuse = (code: EventRefusal, line: number) => {
    refusedByKind[code] ??= { rows: 0, lines: [] }
    const count = refusedByKind[code]
    count.rows += 1
    totals.refused += 1
    if (count.lines.length < LINES_SHOWN_MAX) count.lines.push(line)
  }
  return {
    add(read: MemberEvent | EventRefusal, line: number) {
      totals.rows += 1
      if (typeof read === 'string') refuse(read, line)
      else waiting.push({ event: read, line })
    },
    isFull: () => waiting.length >= ROWS_AT_ONCE,
    async write() {
      const events = waiting.map(({ event }) => event)
      if (events.length === 0) return
      const { recorded, alreadyThere, refused } = await recordEvents(database, { source: SOURCE, events })
      totals.recorded += recorded
      totals.alreadyThere += alreadyThere
      for (const { place, code } of refused) refuse(code, waiting[place]?.line ?? 0)
      waiting.length = 0
    },
    result: (): EventImport => ({ ...totals, refusedByKind }),
  }
}
