import type { Format } from './format'
import { onlineRetail } from './online-retail'
import { ordersCsv } from './orders-csv'

/** Every layout that can be imported. */
export const formats: readonly Format[] = [onlineRetail, ordersCsv]

/** Why a file as a whole was not read. */
export type HeaderRefusal =
  | { code: 'unknown-format'; found: string[]; allowed: { format: string; columns: string[] }[] }
  | { code: 'missing-columns'; format: string; found: string[]; needed: string[]; missing: string[] }

/** The format of a header, with the index of each of its columns. */
export type RecognisedHeader =
  | { ok: true; format: Format; at: Record<string, number | undefined> }
  | ({ ok: false } & HeaderRefusal)

/** Finds the columns of the format named, or of the first whose required columns are all there. */
export function recogniseHeader(header: readonly string[], formatName?: string): RecognisedHeader {
  const found = header.map((name) => name.trim())
  const named = formats.find((format) => format.name === formatName)
  for (const format of named ? [named] : formats) {
    const at = columnsOf(format, found)
    const missing = format.columns.filter(({ name, required }) => required && at[name] === undefined)
    if (missing.length === 0) return { ok: true, format, at }
    if (named) {
      const names = missing.map(({ name }) => name)
      return {
        ok: false,
        code: 'missing-columns',
        format: format.name,
        found,
        needed: requiredOf(format),
        missing: names,
      }
    }
  }
  const allowed = formats.map((format) => ({ format: format.name, columns: requiredOf(format) }))
  return { ok: false, code: 'unknown-format', found, allowed }
}

function columnsOf({ columns }: Format, found: readonly string[]): Record<string, number | undefined> {
  const plain = found.map(plainName)
  const at: Record<string, number | undefined> = {}
  for (const { name, aliases = [] } of columns) {
    const index = [name, ...aliases].map((alias) => plain.indexOf(plainName(alias))).find((position) => position >= 0)
    at[name] = index
  }
  return at
}

function requiredOf({ columns }: Format): string[] {
  return columns.filter(({ required }) => required).map(({ name }) => name)
}

/** "order_id", "Order ID" and "orderId" are one name. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '')
}
