import { to as copyTo } from 'pg-copy-streams'
import type { Database } from './open'

/** Reads that all see the same state of the database. */
export interface Snapshot {
  /**
   * Streams the rows of `query` (constant text: COPY takes no parameters) in PostgreSQL's binary format, which costs a
   * fraction of what rows as objects do. `onRow` gets each row's fields; they are only valid during the call.
   */
  copyOut(query: string, onRow: (row: BinaryRow) => void): Promise<void>
}

/** The fields of one row: field f lies at `at[f]` in `bytes`, `length[f]` bytes long, −1 for null. */
export interface BinaryRow {
  bytes: Buffer
  readonly at: Int32Array
  readonly length: Int32Array
}

/** Runs `work` over one snapshot, read only. */
export async function readSnapshot<T>(database: Database, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const client = await database.pool.connect()
  let broken: Error | undefined
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  try {
    await client.query('begin isolation level repeatable read read only')
    const result = await work({
      async copyOut(query, onRow) {
        const parser = new BinaryRows(onRow)
        for await (const chunk of client.query(copyTo(`copy (${query}) to stdout (format binary)`))) {
          parser.push(chunk as Buffer)
        }
        parser.end()
      },
    })
    await client.query('commit')
    return result
  } catch (error) {
    // A stream that was left half read leaves its connection unfit for reuse.
    broken ??= error as Error
    throw error
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}

/** The signature, a flags field and the length of an extension, which PostgreSQL leaves empty. */
const HEADER_BYTES = 19
const FIELDS_MAX = 32

/** Cuts a stream of COPY's binary format into rows, wherever its chunks end. */
class BinaryRows {
  private rest: Buffer | undefined
  private headerLeft = HEADER_BYTES
  private ended = false
  private readonly row: BinaryRow = {
    bytes: Buffer.alloc(0),
    at: new Int32Array(FIELDS_MAX),
    length: new Int32Array(FIELDS_MAX),
  }

  constructor(private readonly onRow: (row: BinaryRow) => void) {}

  push(chunk: Buffer): void {
    const bytes = this.rest ? Buffer.concat([this.rest, chunk]) : chunk
    let from = Math.min(this.headerLeft, bytes.length)
    this.headerLeft -= from
    this.row.bytes = bytes
    while (!this.ended) {
      const next = this.rowEnd(bytes, from)
      if (next < 0) break
      from = next
      if (!this.ended) this.onRow(this.row)
    }
    this.rest = from < bytes.length && !this.ended ? bytes.subarray(from) : undefined
  }

  end(): void {
    if (!this.ended) throw new Error('the copy stream ended before its trailer')
  }

  /** Where the row that begins at `from` ends; −1 where it is not all there yet. Notes its fields. */
  private rowEnd(bytes: Buffer, from: number): number {
    const { at, length } = this.row
    if (from + 2 > bytes.length) return -1
    const fields = bytes.readInt16BE(from)
    if (fields < 0) {
      this.ended = true
      return from + 2
    }
    if (fields > FIELDS_MAX) throw new RangeError(`a row of ${fields} fields; at most ${FIELDS_MAX} are read`)
    let next = from + 2
    for (let field = 0; field < fields; field++) {
      if (next + 4 > bytes.length) return -1
      const size = (bytes[next]! << 24) | (bytes[next + 1]! << 16) | (bytes[next + 2]! << 8) | bytes[next + 3]!
      next += 4
      at[field] = next
      length[field] = size
      if (size > 0) next += size
      if (next > bytes.length) return -1
    }
    return next
  }
}

/** A bigint field; 0 for null. Exact up to 2^53. */
export function readBigint({ bytes, at, length }: BinaryRow, field: number): number {
  if (length[field]! < 0) return 0
  const from = at[field]!
  const high = (bytes[from]! << 24) | (bytes[from + 1]! << 16) | (bytes[from + 2]! << 8) | bytes[from + 3]!
  const low = (bytes[from + 4]! << 24) | (bytes[from + 5]! << 16) | (bytes[from + 6]! << 8) | bytes[from + 7]!
  return high * 4_294_967_296 + (low >>> 0)
}

/** PostgreSQL counts microseconds from 2000-01-01. */
const EPOCH_MS = 946_684_800_000

/** A timestamp field in milliseconds since 1970. */
export function readTime(row: BinaryRow, field: number): number {
  return readBigint(row, field) / 1000 + EPOCH_MS
}

/** A text field; null for null. */
export function readText({ bytes, at, length }: BinaryRow, field: number): string | null {
  return length[field]! < 0 ? null : bytes.toString('utf8', at[field]!, at[field]! + length[field]!)
}
