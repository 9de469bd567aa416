const NEWLINE = 10
const CARRIAGE_RETURN = 13
const QUOTE = 34
/** Fields shorter than this are looked up before they are made: files say the same some thousand things again and again. */
const KNOWN_BYTES_MAX = 64
/** How many; a power of two. */
const KNOWN_FIELDS = 32_768

/** What a column said on the line before, and where. */
interface Column {
  start: number
  end: number
  last: string
}

/**
 * Cuts lines without quotes into fields, straight from the bytes. A field that was there before is the same string again,
 * so that nothing is made for most fields and whoever looks one up has its hash at hand.
 */
export class FieldCutter {
  /** Where the line that `cut` has read ends, the line break included. */
  next = 0
  private bytes: Buffer = Buffer.alloc(0)
  private isPlain = true
  private readonly columns: Column[]
  /** By hash: the last field that had it; its length and its bytes. */
  private readonly known = new Array<string | undefined>(KNOWN_FIELDS).fill(undefined)
  private readonly knownBytes = new Uint8Array(KNOWN_FIELDS * KNOWN_BYTES_MAX)
  private readonly lastSpecial: number

  constructor(
    columns: number,
    private readonly delimiter: number,
  ) {
    this.lastSpecial = Math.max(delimiter, QUOTE)
    this.columns = Array.from({ length: columns }, () => ({ start: 0, end: 0, last: '' }))
  }

  /** Takes up whole lines of valid UTF-8. */
  open(bytes: Buffer, { isPlain }: { isPlain: boolean }): void {
    this.bytes = bytes
    this.isPlain = isPlain
    for (const column of this.columns) {
      column.start = 0
      column.end = 0
      column.last = ''
    }
  }

  /** The fields of the line at `start`, one at least; undefined when it has quotes, or more fields than there are columns. */
  cut(start: number): string[] | undefined {
    const { bytes, columns, delimiter } = this
    const fields: string[] = []
    let from = start
    for (const column of columns) {
      const end = this.isAsBefore(column, from) ? from + column.end - column.start : this.read(column, from)
      if (end < 0) return undefined
      fields.push(column.last)
      column.start = from
      column.end = end
      const after = bytes[end]
      if (after === delimiter) {
        from = end + 1
        continue
      }
      this.next = end + (after === NEWLINE ? 1 : 2)
      return fields
    }
    return undefined
  }

  private isAsBefore({ start, end }: Column, from: number): boolean {
    const { bytes, delimiter } = this
    const length = end - start
    const after = bytes[from + length]
    if (after !== delimiter && after !== NEWLINE) return false
    for (let at = start, to = from; at < end; at++, to++) if (bytes[at] !== bytes[to]) return false
    return length > 0
  }

  /** Reads the field at `from` into the column; @returns where it ends, -1 when it has a quote */
  private read(column: Column, from: number): number {
    const { bytes, delimiter, lastSpecial } = this
    let hash = 0
    let at = from
    for (; ; at++) {
      const byte = bytes[at] as number
      if (byte <= lastSpecial) {
        if (byte === delimiter || byte === NEWLINE) break
        if (byte === CARRIAGE_RETURN && bytes[at + 1] === NEWLINE) break
        if (byte === QUOTE) return -1
      }
      hash = (Math.imul(hash, 31) + byte) | 0
    }
    column.last = at - from >= KNOWN_BYTES_MAX ? this.make(from, at) : this.find(from, at, hash)
    return at
  }

  private find(from: number, to: number, hash: number): string {
    const { bytes, known, knownBytes } = this
    const place = (hash ^ (hash >>> 13)) & (KNOWN_FIELDS - 1)
    const base = place * KNOWN_BYTES_MAX
    const before = known[place]
    const length = to - from
    if (before !== undefined && knownBytes[base] === length) {
      let i = 0
      while (i < length && knownBytes[base + 1 + i] === bytes[from + i]) i++
      if (i === length) return before
    }
    const made = this.make(from, to)
    known[place] = made
    knownBytes[base] = length
    for (let i = 0; i < length; i++) knownBytes[base + 1 + i] = bytes[from + i] as number
    return made
  }

  /** A string of its own: a slice of the text would keep all of it alive. */
  private make(from: number, to: number): string {
    return this.bytes.toString(this.isPlain ? 'latin1' : 'utf8', from, to)
  }
}
