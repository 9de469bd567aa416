import type { Fields } from './format'
import { TextDictionary } from './text-dictionary'

const NEWLINE = 10
const CARRIAGE_RETURN = 13
const QUOTE = 34

/** What a column says on this line, or said on the one before, and where. */
interface Column {
  start: number
  end: number
  /** How many quotes stand before the text, and after it. */
  quotes: 0 | 1
  id: number
  /** Once somebody asked for it. */
  text: string | undefined
  readonly dictionary: TextDictionary
}

/** A text that its column says for the first time. */
interface FreshText {
  column: number
  bytes: Buffer
}

/**
 * Cuts lines into fields, straight from the bytes, where no field has quotes but around it. What a column has said before has a number, so that
 * nothing is made for most fields, and whoever looks one up finds it by its number.
 */
export class FieldCutter implements Fields {
  /** Where the line that `cut` has read ends, the line break included. */
  next = 0
  /** Of the line that `cut` has read. */
  count = 0
  /** The texts that were given numbers since `open`. */
  readonly fresh: FreshText[] = []
  private bytes: Buffer = Buffer.alloc(0)
  private isPlain = true
  private readonly columns: Column[]
  private readonly lastSpecial: number

  constructor(
    columns: number,
    private readonly delimiter: number,
  ) {
    this.lastSpecial = Math.max(delimiter, QUOTE)
    this.columns = Array.from({ length: columns }, () => ({
      start: 0,
      end: 0,
      quotes: 0,
      id: -1,
      text: undefined,
      dictionary: new TextDictionary(),
    }))
  }

  /** Takes up whole lines of valid UTF-8. */
  open(bytes: Buffer, { isPlain }: { isPlain: boolean }): void {
    this.bytes = bytes
    this.isPlain = isPlain
    this.fresh.length = 0
    for (const column of this.columns) {
      column.start = 0
      column.end = 0
    }
  }

  id(column: number): number {
    return this.columns[column]?.id ?? -1
  }

  text(column: number): string {
    const field = this.columns[column]
    if (!field) return ''
    // Remembered from line to line, so that what hangs on it need not compare letters.
    field.text ??= this.bytes.toString(this.isPlain ? 'latin1' : 'utf8', field.start, field.end)
    return field.text
  }

  /** Writes of each field its number; @returns whether all have one */
  writeIds(numbers: Int32Array, from: number): boolean {
    let at = from
    let bits = 0
    for (const { id } of this.columns) {
      numbers[at++] = id
      bits |= id
    }
    return bits >= 0
  }

  /** The bytes of a field, which belong to whoever opened them. */
  bytesOf(column: number): Buffer {
    const { start = 0, end = 0 } = this.columns[column] ?? {}
    return this.bytes.subarray(start, end)
  }

  /** Reads the line at `start`. @returns false when it needs a closer look at its quotes, or has more fields than there are columns */
  cut(start: number): boolean {
    const { bytes, columns, delimiter } = this
    let from = start
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index] as Column
      // A text that stands there again is left where it stood before.
      const end = isAsBefore(bytes, column, from, delimiter)
        ? from + column.end - column.start + 2 * column.quotes
        : this.read(column, from)
      if (end < 0) return false
      const after = bytes[end]
      if (after === delimiter) {
        from = end + 1
        continue
      }
      this.count = index + 1
      this.next = end + (after === NEWLINE ? 1 : 2)
      return true
    }
    return false
  }

  /** Reads the field at `from` into the column; @returns where it ends, -1 when it has a quote that needs a closer look */
  private read(column: Column, from: number): number {
    const { bytes, delimiter, lastSpecial } = this
    if (bytes[from] === QUOTE) return this.readQuoted(column, from + 1)
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
    column.quotes = 0
    this.keep(column, from, at, hash)
    return at
  }

  /** The same of a field whose text begins behind a quote. */
  private readQuoted(column: Column, start: number): number {
    const { bytes } = this
    let hash = 0
    let at = start
    for (; bytes[at] !== QUOTE; at++) {
      if (bytes[at] === NEWLINE) return -1
      hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0
    }
    const after = bytes[at + 1] === CARRIAGE_RETURN ? bytes[at + 2] : bytes[at + 1]
    if (bytes[at + 1] !== this.delimiter && after !== NEWLINE) return -1
    column.quotes = 1
    this.keep(column, start, at, hash)
    return at + 1
  }

  private keep(column: Column, start: number, end: number, hash: number): void {
    column.start = start
    column.end = end
    const { dictionary } = column
    const known = dictionary.size
    column.id = dictionary.numberOf(this.bytes, start, end, hash)
    column.text = undefined
    if (dictionary.size > known)
      this.fresh.push({ column: this.columns.indexOf(column), bytes: this.bytes.subarray(start, end) })
  }
}

function isAsBefore(bytes: Uint8Array, column: Column, from: number, delimiter: number): boolean {
  const { start, end, quotes } = column
  const first = from + quotes
  const last = first + end - start
  const after = bytes[last + quotes]
  if (after !== delimiter && after !== NEWLINE) return false
  // The text is shorter by that then.
  if (after === NEWLINE && quotes === 0 && bytes[last - 1] === CARRIAGE_RETURN) return false
  if (quotes === 1 && (bytes[from] !== QUOTE || bytes[last] !== QUOTE)) return false
  for (let at = start, to = first; at < end; at++, to++) if (bytes[at] !== bytes[to]) return false
  return end > start
}
