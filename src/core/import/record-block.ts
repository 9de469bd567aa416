import { isAscii } from 'node:buffer'
import { type CsvFault, type CsvHandler, csvFaults } from './csv-reader'
import { FieldCutter } from './field-cutter'
import type { Fields } from './format'

const BYTES_AT_FIRST = 1 << 19
const NUMBERS_AT_FIRST = 1 << 17
/** Of each field: the number of its text, where the text begins among the block's bytes, and where it ends. */
export const NUMBERS_PER_FIELD = 3

/** What a block is written into. It goes back and forth between two threads. */
export interface BlockMemory {
  bytes: Uint8Array<ArrayBuffer>
  numbers: Int32Array<ArrayBuffer>
}

/**
 * Some records of a file, as numbers: of each, the number of its first line, then NUMBERS_PER_FIELD for each field. What is no
 * record is the number of its line, negative, and the fault's place among all faults.
 */
export interface RecordBlock extends BlockMemory {
  columns: number
  /** How many of the numbers mean something. */
  count: number
  /** No byte needs to be read as UTF-8. */
  isPlain: boolean
  /** How much of the file was read when the block was written. */
  fileBytes: number
  isLast: boolean
}

export function emptyBlock(): BlockMemory {
  return { bytes: new Uint8Array(BYTES_AT_FIRST), numbers: new Int32Array(NUMBERS_AT_FIRST) }
}

/** Writes what a CsvReader reads into blocks: call `open`, let it read, call `close`. */
export class BlockWriter implements CsvHandler {
  private bytes = new Uint8Array(0)
  private numbers = new Int32Array(0)
  private bytesUsed = 0
  private count = 0
  private columns = 0
  private isPlain = true
  /** Where among the bytes the lines begin that are being read. */
  private linesAt = 0

  open({ bytes, numbers }: BlockMemory): void {
    this.bytes = bytes
    this.numbers = numbers
    this.bytesUsed = 0
    this.count = 0
    this.isPlain = true
  }

  close(read: { fileBytes: number; isLast: boolean }): RecordBlock {
    const { bytes, numbers, columns, count, isPlain } = this
    return { bytes, numbers, columns, count, isPlain, ...read }
  }

  onHeader(fields: string[]): void {
    this.columns = fields.length
  }

  onLines(lines: Buffer, isPlain: boolean): void {
    this.linesAt = this.addBytes(lines)
    this.isPlain &&= isPlain
  }

  onRecord(fields: Fields, line: number): void {
    const at = this.reserve(1 + this.columns * NUMBERS_PER_FIELD)
    this.numbers[at] = line
    if (fields instanceof FieldCutter) fields.writeTo(this.numbers, at + 1, this.linesAt)
    else this.addTexts(fields, at + 1)
  }

  onFault(fault: CsvFault, line: number): void {
    const at = this.reserve(2)
    this.numbers[at] = -line
    this.numbers[at + 1] = csvFaults.indexOf(fault)
  }

  /** Fields that do not stand among the bytes as they read, since they had quotes. */
  private addTexts(fields: Fields, at: number): void {
    for (let column = 0; column < fields.count; column++) {
      const bytes = Buffer.from(fields.text(column))
      const start = this.addBytes(bytes)
      this.isPlain &&= isAscii(bytes)
      const field = at + column * NUMBERS_PER_FIELD
      this.numbers[field] = fields.id(column)
      this.numbers[field + 1] = start
      this.numbers[field + 2] = start + bytes.length
    }
  }

  private addBytes(bytes: Buffer): number {
    const start = this.bytesUsed
    this.bytesUsed += bytes.length
    if (this.bytesUsed > this.bytes.length) {
      const grown = new Uint8Array(2 * this.bytesUsed)
      grown.set(this.bytes.subarray(0, start))
      this.bytes = grown
    }
    this.bytes.set(bytes, start)
    return start
  }

  private reserve(numbers: number): number {
    const at = this.count
    this.count += numbers
    if (this.count > this.numbers.length) {
      const grown = new Int32Array(2 * this.count)
      grown.set(this.numbers)
      this.numbers = grown
    }
    return at
  }
}

/** Goes through the records of blocks: `open`, then `next` until it is false. */
export class BlockReader implements Fields {
  /** Of the record, or of what is none: the number of its first line. */
  line = 0
  /** Why it is no record; undefined when it is one. */
  fault: CsvFault | undefined
  count = 0
  private bytes = Buffer.alloc(0)
  private numbers = new Int32Array(0)
  private numbersUsed = 0
  private isPlain = true
  /** Where the numbers of the record's fields begin, and where the next record does. */
  private at = 0
  private nextAt = 0
  /** The text of each column that was made last, and where it begins. */
  private texts: string[] = []
  private starts: number[] = []

  open({ bytes, numbers, columns, count, isPlain }: RecordBlock): void {
    this.bytes = Buffer.from(bytes.buffer)
    this.numbers = numbers
    this.numbersUsed = count
    this.isPlain = isPlain
    this.count = columns
    this.nextAt = 0
    this.texts = Array.from({ length: columns }, () => '')
    this.starts = Array.from({ length: columns }, () => -1)
  }

  next(): boolean {
    if (this.nextAt >= this.numbersUsed) return false
    const line = this.numbers[this.nextAt] as number
    this.at = this.nextAt + 1
    this.line = Math.abs(line)
    this.fault = line < 0 ? csvFaults[this.numbers[this.at] as number] : undefined
    this.nextAt = this.at + (line < 0 ? 1 : this.count * NUMBERS_PER_FIELD)
    return true
  }

  id(column: number): number {
    return column < 0 ? -1 : (this.numbers[this.at + column * NUMBERS_PER_FIELD] as number)
  }

  text(column: number): string {
    const field = this.at + column * NUMBERS_PER_FIELD
    const start = this.numbers[field + 1] as number
    // A column that says the same again names the same bytes, so that what hangs on it need not compare letters.
    if (this.starts[column] !== start) {
      this.starts[column] = start
      this.texts[column] = this.bytes.toString(this.isPlain ? 'latin1' : 'utf8', start, this.numbers[field + 2])
    }
    return this.texts[column] as string
  }
}
