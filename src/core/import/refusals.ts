import type { CsvFault } from './csv-reader'
import type { DateRefusal, NumberRefusal } from './fields'

/** Why one line was not taken. */
export type LineRefusal =
  | CsvFault
  | NumberRefusal
  | DateRefusal
  | 'missing-order-id'
  | 'missing-sku'
  | 'id-too-long'
  | 'bad-kind'
  | 'sign-against-kind'
  | 'bad-currency'
  | 'other-currency'

/** Why none of an order's lines was taken. */
export type OrderRefusal =
  | 'order-of-several-members'
  | 'order-of-several-kinds'
  | 'order-changed'
  | 'member-of-another-source'
  | 'absurd-total'

export type RefusalKind = LineRefusal | OrderRefusal

/** How often a kind occurred, and where first. */
export interface RefusalCount {
  rows: number
  /** Numbers of the first lines it concerns, counted from 1 with the header. */
  lines: number[]
}

export type RefusalsByKind = Partial<Record<RefusalKind, RefusalCount>>

const LINES_SHOWN_MAX = 20

/** Counts refusals, and keeps the first line numbers of each kind. */
export class RefusalTally {
  readonly byKind: RefusalsByKind = {}
  private total = 0

  get rows(): number {
    return this.total
  }

  /** One refused line, or an order of `rows` lines that begins at `line`. */
  add(kind: RefusalKind, { line, rows = 1 }: { line: number; rows?: number }): void {
    this.byKind[kind] ??= { rows: 0, lines: [] }
    const count = this.byKind[kind]
    count.rows += rows
    this.total += rows
    if (count.lines.length < LINES_SHOWN_MAX) count.lines.push(line)
  }
}
