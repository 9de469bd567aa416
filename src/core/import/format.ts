import type { FileInstant } from './fields'
import type { LineRefusal } from './refusals'

/** One line of an order as read. One object is reused for all lines of a file, so that reading makes no garbage. */
export interface OrderLine {
  externalId: string
  /** Null: a guest's. */
  memberId: string | null
  kind: 'sale' | 'refund'
  placedAt: FileInstant
  sku: string
  /** The same number for the same SKU; -1 where it has none. */
  skuNumber: number
  /** Empty when the file does not say. */
  productName: string
  /** The same number for the same name, if not the other way round; -1 where it has none. */
  nameNumber: number
  category: string | null
  /** Negative on a refund, and where a sale takes something back. */
  quantity: number
  unitPriceMinor: number
  amountMinor: number
  /** The sale that a refund names itself; null: it is found by what was sold. */
  refundsExternalId: string | null
  email: string | null
  memberName: string | null
}

/** What parsing needs to know besides the file. */
export interface ParseTerms {
  /** ISO 4217; all amounts of a programme are in one currency. */
  currency: string
  minorDigits: number
  /** An order later than this is absurd. */
  latest: FileInstant
}

/** A column that a format knows. Names are compared without case, spaces, underscores and hyphens. */
export interface FormatColumn {
  name: string
  aliases?: readonly string[]
  required: boolean
}

/** The fields of one record, by the index of their column; those of a column that is not there are empty. */
export interface Fields {
  readonly count: number
  text(column: number): string
  /** The same number for the same text of a column, counted from 0; -1 where it was given none. */
  id(column: number): number
}

/** Reads the fields of a record into `line`, or says why not. Sets `memberId` before anything can be refused. */
export type ParseLine = (fields: Fields, line: OrderLine) => LineRefusal | undefined

/** A layout of order files. A new one is a file beside online-retail.ts and a line in formats.ts. */
export interface Format {
  name: string
  /** Members, products and orders of this format carry it as their source. */
  source: string
  /** Where its shop is, if the format implies it. */
  timeZone?: string
  currency?: string
  columns: readonly FormatColumn[]
  /** `at` gives the index of each column that the file has, by the column's name. */
  bind(at: Readonly<Record<string, number | undefined>>, terms: ParseTerms): ParseLine
}

/** An empty line to read into. */
export function emptyLine(): OrderLine {
  return {
    externalId: '',
    memberId: null,
    kind: 'sale',
    placedAt: '',
    sku: '',
    skuNumber: -1,
    productName: '',
    nameNumber: -1,
    category: null,
    quantity: 0,
    unitPriceMinor: 0,
    amountMinor: 0,
    refundsExternalId: null,
    email: null,
    memberName: null,
  }
}

const ID_LENGTH_MAX = 200

/** Ids become keys of indexes; one of this length is a shifted column. */
export function isTooLong(id: string): boolean {
  return id.length > ID_LENGTH_MAX
}
