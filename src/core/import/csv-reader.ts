import { isAscii, isUtf8 } from 'node:buffer'
import { FieldCutter } from './field-cutter'
import type { Fields } from './format'

/** Why a line is not a record. */
export const csvFaults = [
  'wrong-column-count',
  'bad-quoting',
  'invalid-encoding',
  'control-characters',
  'line-too-long',
] as const
export type CsvFault = (typeof csvFaults)[number]

export interface CsvHandler {
  /** The first record. Called once; may throw to refuse the file. */
  onHeader(fields: string[]): void
  /** Called when all lines of a piece were read that `cutter` had a share in. */
  onPieceCut?(cutter: FieldCutter): void
  /** A record with as many fields as the header. `line` is the number of its first line, from 1. */
  onRecord(fields: Fields, line: number): void
  onFault(fault: CsvFault, line: number): void
}

const NEWLINE = 10
const CARRIAGE_RETURN = 13
const QUOTE = 34
const BOM = Buffer.from('\ufeff')
/** A quoted field may span lines, but a quote that is never closed must not swallow the rest of the file. */
const RECORD_LINES_MAX = 50
const LINE_BYTES_MAX = 1_000_000
const DELIMITERS = [',', ';', '\t'] as const

/**
 * Reads CSV (RFC 4180; comma, semicolon or tab, whichever the header has most of) from pieces of a file, in constant
 * memory. What is wrong with a line is reported and the next line is read as if nothing had been: a stray quote costs
 * its own line only. Not a library, because those give up at the first such line or report no line numbers, and
 * because this reads half a million lines in 0.2 s (see FieldCutter).
 */
export class CsvReader {
  private rest: Buffer = Buffer.alloc(0)
  private line = 0
  private isSkipping = false
  private delimiter: string = ','
  private columns = 0
  private cutter: FieldCutter | undefined
  /** Lines of a record whose quotes are still open, and the number of the first. */
  private open: string[] = []

  constructor(private readonly handler: CsvHandler) {}

  push(piece: Buffer): void {
    const lastBreak = piece.lastIndexOf(NEWLINE)
    if (lastBreak < 0) {
      this.keep(Buffer.concat([this.rest, piece]))
      return
    }
    let whole = piece.subarray(0, lastBreak + 1)
    if (this.rest.length > 0) whole = Buffer.concat([this.rest, whole])
    // Copied: a view would keep the whole piece alive, and the stream may reuse its memory.
    this.rest = Buffer.from(piece.subarray(lastBreak + 1))
    this.readLines(whole)
  }

  end(): void {
    if (this.rest.length > 0) this.readLines(Buffer.concat([this.rest, Buffer.from('\n')]))
    this.rest = Buffer.alloc(0)
    while (this.open.length > 0) this.giveUp()
  }

  private keep(rest: Buffer): void {
    if (rest.length <= LINE_BYTES_MAX) {
      this.rest = rest
      return
    }
    // The beginning of a line that is far too long is enough to report it; its end is skipped.
    if (!this.isSkipping) {
      this.line += 1
      this.fail('line-too-long')
      this.line -= 1
    }
    this.isSkipping = true
    this.rest = Buffer.alloc(0)
  }

  /** `bytes` ends with a line break. */
  private readLines(bytes: Buffer): void {
    const isPlain = isAscii(bytes)
    const isValid = (isPlain || isUtf8(bytes)) && !bytes.includes(0)
    let isCutterOpen = false
    let start = this.line === 0 && bytes.subarray(0, BOM.length).equals(BOM) ? BOM.length : 0
    while (start < bytes.length) {
      this.line += 1
      if (!isCutterOpen && isValid && this.cutter) {
        this.cutter.open(bytes, { isPlain })
        isCutterOpen = true
      }
      const isWhole = isCutterOpen && this.open.length === 0 && !this.isSkipping
      start = (isWhole ? this.cutLine(bytes, start) : undefined) ?? this.readCarefully(bytes, { start, isValid })
    }
    if (isCutterOpen && this.cutter) this.handler.onPieceCut?.(this.cutter)
  }

  /** Reads a line that is as simple as most; @returns where the next begins, undefined when it is not and nothing was read */
  private cutLine(bytes: Buffer, start: number): number | undefined {
    const { cutter } = this
    const isEmpty = bytes[start] === NEWLINE || bytes[start] === CARRIAGE_RETURN
    if (isEmpty || !cutter?.cut(start) || cutter.count !== this.columns) return undefined
    this.handler.onRecord(cutter, this.line)
    return cutter.next
  }

  /** Reads a line that has quotes, belongs to a record that has, or needs a closer look; @returns where the next begins */
  private readCarefully(bytes: Buffer, { start, isValid }: { start: number; isValid: boolean }): number {
    const lineBreak = bytes.indexOf(NEWLINE, start)
    const end = lineBreak > start && bytes[lineBreak - 1] === CARRIAGE_RETURN ? lineBreak - 1 : lineBreak
    if (this.isSkipping) this.isSkipping = false
    else if (end > start || this.open.length > 0) {
      const line = bytes.subarray(start, end)
      if (isValid) this.readLine(line.toString('utf8'), line.includes(QUOTE))
      else this.readDoubtful(line)
    }
    return lineBreak + 1
  }

  /** A line of a piece that is not valid UTF-8 as a whole, or holds NUL, which PostgreSQL cannot store. */
  private readDoubtful(bytes: Buffer): void {
    if (!isUtf8(bytes)) this.fail('invalid-encoding')
    else if (bytes.includes(0)) this.fail('control-characters')
    else this.readLine(bytes.toString('utf8'), bytes.includes(QUOTE))
  }

  private readLine(line: string, hasQuote: boolean): void {
    if (this.columns === 0) this.readHeader(line)
    else if (this.open.length > 0) this.continueRecord(line)
    else if (!hasQuote) this.emit(line.split(this.delimiter), this.line)
    else this.readQuoted([line], this.line)
  }

  private readHeader(line: string): void {
    const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length)
    this.delimiter = DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ','
    const parsed = splitQuoted(line, this.delimiter)
    const fields = Array.isArray(parsed) ? parsed : line.split(this.delimiter)
    this.columns = fields.length
    this.cutter = new FieldCutter(this.columns, this.delimiter.charCodeAt(0))
    this.handler.onHeader(fields)
  }

  private continueRecord(line: string): void {
    const lines = [...this.open, line]
    this.open = []
    this.readQuoted(lines, this.line - lines.length + 1)
  }

  /** `lines` up to the current one, the first of which has number `first`. */
  private readQuoted(lines: string[], first: number): void {
    const parsed = splitQuoted(lines.join('\n'), this.delimiter)
    if (Array.isArray(parsed) && parsed.length === this.columns) {
      this.handler.onRecord(new TextFields(parsed), first)
      return
    }
    if (parsed === 'open' && lines.length < RECORD_LINES_MAX) {
      this.open = lines
      return
    }
    this.handler.onFault(Array.isArray(parsed) ? 'wrong-column-count' : 'bad-quoting', first)
    this.reread(lines.slice(1))
  }

  /** The current line cannot be read at all, so it closes no quote either. */
  private fail(fault: CsvFault): void {
    this.line -= 1
    while (this.open.length > 0) this.giveUp()
    this.line += 1
    this.handler.onFault(fault, this.line)
  }

  /** The quote of the first open line is never closed: that line is at fault, those after it are read anew. */
  private giveUp(): void {
    const lines = this.open
    this.open = []
    this.handler.onFault('bad-quoting', this.line - lines.length + 1)
    this.reread(lines.slice(1))
  }

  private reread(lines: readonly string[]): void {
    const last = this.line
    lines.forEach((line, index) => {
      this.line = last - lines.length + 1 + index
      if (line !== '' || this.open.length > 0) this.readLine(line, line.includes('"'))
    })
    this.line = last
  }

  private emit(fields: string[], line: number): void {
    if (fields.length === this.columns) this.handler.onRecord(new TextFields(fields), line)
    else this.handler.onFault('wrong-column-count', line)
  }
}

class TextFields implements Fields {
  readonly count: number

  constructor(private readonly texts: readonly string[]) {
    this.count = texts.length
  }

  text(column: number): string {
    return this.texts[column] ?? ''
  }

  id(): number {
    return -1
  }
}

/** The fields of a record with quotes; 'open' when a quote is not closed, 'misplaced' when text stands beside one. */
function splitQuoted(text: string, delimiter: string): string[] | 'open' | 'misplaced' {
  const fields: string[] = []
  let start = 0
  for (;;) {
    if (text[start] !== '"') {
      const end = text.indexOf(delimiter, start)
      const field = end < 0 ? text.slice(start) : text.slice(start, end)
      // Many programs write a lone inch mark without quoting the field; only a quote that could mean otherwise is refused.
      if (field.includes('\n')) return 'misplaced'
      fields.push(field)
      if (end < 0) return fields
      start = end + 1
      continue
    }
    let close = text.indexOf('"', start + 1)
    while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2)
    if (close < 0) return 'open'
    fields.push(text.slice(start + 1, close).replaceAll('""', '"'))
    if (close + 1 === text.length) return fields
    if (!text.startsWith(delimiter, close + 1)) return 'misplaced'
    start = close + 1 + delimiter.length
  }
}
