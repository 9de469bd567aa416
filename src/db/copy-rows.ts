/** What COPY's binary format begins with: its signature, no flags, no extension. */
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const TRAILER = Buffer.from([0xff, 0xff])
const BYTES_AT_FIRST = 1 << 16
/** PostgreSQL counts microseconds from 2000-01-01. */
const EPOCH_MS = Date.UTC(2000, 0, 1)

/** Where a table's rows stood at some time. */
export type Mark = number

/**
 * Rows in COPY's binary format, for `copy … from stdin (format binary)`: numbers and instants that the server need not read from
 * text. Call `row`, then for each of its columns, in their order, the method that is named as its type.
 */
export class CopyRows {
  private bytes: Buffer = Buffer.allocUnsafe(BYTES_AT_FIRST)
  private used = HEADER.copy(this.bytes)

  /** Begins a row. */
  row(columns: number): this {
    this.reserve(2)
    this.used = this.bytes.writeInt16BE(columns, this.used)
    return this
  }

  bigint(value: number | null): this {
    if (value === null) return this.null()
    this.length(8)
    this.writeInt8(value)
    return this
  }

  text(value: string): this {
    // Of UTF-16, a unit takes at most three bytes.
    this.reserve(4 + 3 * value.length)
    const length = this.bytes.write(value, this.used + 4)
    this.bytes.writeInt32BE(length, this.used)
    this.used += 4 + length
    return this
  }

  /** From hexadecimal. */
  bytea(value: string): this {
    this.length(value.length / 2)
    this.used += this.bytes.write(value, this.used, 'hex')
    return this
  }

  /** From milliseconds since 1970. */
  timestamptz(ms: number | null): this {
    if (ms === null) return this.null()
    this.length(8)
    this.writeInt8((ms - EPOCH_MS) * 1000)
    return this
  }

  null(): this {
    this.reserve(4)
    this.used = this.bytes.writeInt32BE(-1, this.used)
    return this
  }

  mark(): Mark {
    return this.used
  }

  /** All rows but those that stand between two marks, in their order. */
  without(gaps: readonly { from: Mark; to: Mark }[]): Buffer {
    const kept: Buffer[] = []
    let from = 0
    for (const gap of gaps) {
      kept.push(this.bytes.subarray(from, gap.from))
      from = gap.to
    }
    return Buffer.concat([...kept, this.bytes.subarray(from, this.used), TRAILER])
  }

  private writeInt8(value: number): void {
    const high = Math.floor(value / 2 ** 32)
    this.bytes.writeInt32BE(high, this.used)
    this.bytes.writeUInt32BE(value - high * 2 ** 32, this.used + 4)
    this.used += 8
  }

  private length(bytes: number): void {
    this.reserve(4 + bytes)
    this.used = this.bytes.writeInt32BE(bytes, this.used)
  }

  private reserve(bytes: number): void {
    if (this.used + bytes <= this.bytes.length) return
    const grown = Buffer.allocUnsafe(2 * (this.used + bytes))
    this.bytes.copy(grown, 0, 0, this.used)
    this.bytes = grown
  }
}
