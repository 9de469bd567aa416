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

/** How many line numbers are kept of each kind. */
export const LINES_SHOWN_MAX = 20

/** Counts refusals, and keeps the first line numbers of each kind. */
export class RefusalTally {
  readonly byKind: RefusalsByKind = {}
  private total = 0

  get rows(): number {
    return this.total
  }

  add(kind: LineRefusal, line: number): void {
    const count = this.countOf(kind)
    count.rows += 1
    this.total += 1
    if (count.lines.length < LINES_SHOWN_MAX) count.lines.push(line)
  }

  /** All orders refused for `kind`: how many rows they have, and where the first of them begin. */
  addAll(kind: OrderRefusal, { rows, lines }: RefusalCount): void {
    const count = this.countOf(kind)
    count.rows += rows
    this.total += rows
    count.lines.push(...lines.slice(0, LINES_SHOWN_MAX - count.lines.length))
  }

  private countOf(kind: RefusalKind): RefusalCount {
    this.byKind[kind] ??= { rows: 0, lines: [] }
    return this.byKind[kind]
  }
}
