import { copyText } from '../../db/copy'

export type CopyValue = string | number | boolean | Date | null | undefined

/** Items as rows of COPY's text format. */
export function rowsOf<Item>(
  items: readonly Item[],
  fields: (item: Item, index: number) => readonly CopyValue[],
): string {
  return items.map((item, index) => `${fields(item, index).map(fieldOf).join('\t')}\n`).join('')
}

function fieldOf(value: CopyValue): string {
  if (value === null || value === undefined) return copyText(null)
  return value instanceof Date ? value.toISOString() : copyText(String(value))
}
