import { type CsvFault, type CsvHandler, csvFaults } from './csv-reader'
import { FieldCutter } from './field-cutter'
import type { Fields } from './format'

const BYTES_AT_FIRST = 1 << 18
const NUMBERS_AT_FIRST = 1 << 16
/** Of each text: its column, or LOOSE, where it begins among the block's bytes, and where it ends. */
const NUMBERS_PER_TEXT = 3
const LINES_MAX = 2 ** 31 - 1
/** A text without a number. */
const LOOSE = -1

/**
 * What a block is written into. It goes back and forth between two threads, and is shared memory, since memory that is handed over
 * counts as new each time for the garbage collector, which then comes the more often.
 */
export interface BlockMemory {
  /** The texts, in UTF-8. */
  bytes: Uint8Array<SharedArrayBuffer>
  numbers: Int32Array<SharedArrayBuffer>
  texts: Int32Array<SharedArrayBuffer>
}

/**
 * Some records of a file, as numbers: of each, the number of its first line, then of each field the number that its text has in the
 * column, or -1 less the place of its text among the loose ones. What is no record is the number of its line, negative, and
 * the fault's place among all faults. A block brings the texts that have a number since then, in the order of their numbers.
 */
export interface RecordBlock extends BlockMemory {
  columns: number
  /** How many of the numbers, and of those of the texts, mean something. */
  numbersUsed: number
  textsUsed: number
  /** How much of the file was read when the block was written. */
  fileBytes: number
  isLast: boolean
}

export function emptyBlock(): BlockMemory {
  return {
    bytes: new Uint8Array(new SharedArrayBuffer(BYTES_AT_FIRST)),
    numbers: wholeNumbers(NUMBERS_AT_FIRST),
    texts: wholeNumbers(NUMBERS_AT_FIRST),
  }
}

/** Writes what a CsvReader reads into blocks: call `open`, let it read, call `close`. */
export class BlockWriter implements CsvHandler {
  private memory = emptyBlock()
  private bytesUsed = 0
  private numbersUsed = 0
  private textsUsed = 0
  private columns = 0
  private looseCount = 0
  /** The loose text that each column had last, and its place. */
  private readonly lastLoose: ({ bytes: Buffer; place: number } | undefined)[] = []

  open({ bytes, numbers, texts }: BlockMemory): void {
    this.memory = { bytes, numbers, texts }
    this.bytesUsed = 0
    this.numbersUsed = 0
    this.textsUsed = 0
    this.looseCount = 0
    this.lastLoose.length = 0
  }

  close(read: { fileBytes: number; isLast: boolean }): RecordBlock {
    const { memory, columns, numbersUsed, textsUsed } = this
    return { ...memory, columns, numbersUsed, textsUsed, ...read }
  }

  onHeader(fields: string[]): void {
    this.columns = fields.length
  }

  onRecord(fields: Fields, line: number): void {
    const at = this.reserve(1 + this.columns)
    const { numbers } = this.memory
    numbers[at] = countable(line)
    const isCut = fields instanceof FieldCutter
    if (isCut && fields.writeIds(numbers, at + 1)) return
    for (let column = 0; column < this.columns; column++) {
      const place = at + 1 + column
      if (!isCut) numbers[place] = -1 - this.addLoose(Buffer.from(fields.text(column)))
      else if ((numbers[place] as number) < 0) numbers[place] = -1 - this.addRepeated(column, fields.bytesOf(column))
    }
  }

  onFault(fault: CsvFault, line: number): void {
    const at = this.reserve(2)
    this.memory.numbers[at] = -countable(line)
    this.memory.numbers[at + 1] = csvFaults.indexOf(fault)
  }

  onPieceCut({ fresh }: FieldCutter): void {
    for (const { column, bytes } of fresh) this.addText(column, bytes)
  }

  /** A column that says the same again names the same text. */
  private addRepeated(column: number, bytes: Buffer): number {
    const last = this.lastLoose[column]
    if (last?.bytes.byteOffset === bytes.byteOffset && last.bytes.length === bytes.length) return last.place
    const place = this.addLoose(bytes)
    this.lastLoose[column] = { bytes, place }
    return place
  }

  private addLoose(bytes: Buffer): number {
    this.addText(LOOSE, bytes)
    return this.looseCount++
  }

  private addText(column: number, bytes: Buffer): void {
    const { memory } = this
    const start = this.bytesUsed
    this.bytesUsed += bytes.length
    if (this.bytesUsed > memory.bytes.length) {
      const grown = new Uint8Array(new SharedArrayBuffer(Math.max(2 * memory.bytes.length, this.bytesUsed)))
      grown.set(memory.bytes)
      memory.bytes = grown
    }
    memory.bytes.set(bytes, start)
    const at = this.textsUsed
    this.textsUsed += NUMBERS_PER_TEXT
    if (this.textsUsed > memory.texts.length) memory.texts = enlarged(memory.texts)
    memory.texts[at] = column
    memory.texts[at + 1] = start
    memory.texts[at + 2] = this.bytesUsed
  }

  private reserve(numbers: number): number {
    const at = this.numbersUsed
    this.numbersUsed += numbers
    while (this.numbersUsed > this.memory.numbers.length) this.memory.numbers = enlarged(this.memory.numbers)
    return at
  }
}

/** Beyond, a line's number would be taken for a fault's. */
function countable(line: number): number {
  if (line > LINES_MAX) throw new RangeError(`a file may have ${LINES_MAX} lines; cut it in two`)
  return line
}

function wholeNumbers(count: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT))
}

function enlarged(numbers: Int32Array): Int32Array<SharedArrayBuffer> {
  const grown = wholeNumbers(2 * numbers.length)
  grown.set(numbers)
  return grown
}

/** Goes through the records of the blocks of a file: `open`, then `next` until it is false. */
export class BlockReader implements Fields {
  /** Of the record, or of what is none: the number of its first line. */
  line = 0
  /** Why it is no record; undefined when it is one. */
  fault: CsvFault | undefined
  count = 0
  private numbers = wholeNumbers(0)
  private numbersUsed = 0
  /** Where the numbers of the record's fields begin, and where the next record does. */
  private at = 0
  private nextAt = 0
  /** By column and number. */
  private readonly texts: string[][] = []
  private loose: string[] = []

  open({ bytes, numbers, texts, columns, numbersUsed, textsUsed }: RecordBlock): void {
    this.numbers = numbers
    this.numbersUsed = numbersUsed
    this.count = columns
    this.nextAt = 0
    while (this.texts.length < columns) this.texts.push([])
    this.loose = []
    const all = Buffer.from(bytes.buffer)
    for (let at = 0; at < textsUsed; at += NUMBERS_PER_TEXT) {
      const column = texts[at] as number
      const text = all.toString('utf8', texts[at + 1], texts[at + 2])
      if (column === LOOSE) this.loose.push(text)
      else this.texts[column]?.push(text)
    }
  }

  next(): boolean {
    if (this.nextAt >= this.numbersUsed) return false
    const line = this.numbers[this.nextAt] as number
    this.at = this.nextAt + 1
    this.line = Math.abs(line)
    this.fault = line < 0 ? csvFaults[this.numbers[this.at] as number] : undefined
    this.nextAt = this.at + (line < 0 ? 1 : this.count)
    return true
  }

  id(column: number): number {
    const number = this.numbers[this.at + column] as number
    return column < 0 || number < 0 ? -1 : number
  }

  text(column: number): string {
    const number = this.numbers[this.at + column] as number
    return (number < 0 ? this.loose[-1 - number] : this.texts[column]?.[number]) ?? ''
  }
}
