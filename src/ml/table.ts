/**
 * A table of raw features: each column is numeric (NaN where missing) or a category code (0 … categories − 1).
 * Models derive what they need from it: see logistic.ts (spline basis) and binning.ts (histograms).
 */
export interface Table {
  readonly rows: number
  readonly columns: readonly Column[]
}

export type Column =
  | { readonly name: string; readonly kind: 'number'; readonly values: Float64Array }
  | {
      readonly name: string
      readonly kind: 'category'
      readonly values: Uint16Array
      readonly categories: readonly string[]
    }

/** A table of these rows, in this order. */
export function selectRows(table: Table, rows: ArrayLike<number>): Table {
  return {
    rows: rows.length,
    columns: table.columns.map((column): Column => {
      if (column.kind === 'number') return { ...column, values: Float64Array.from(rows, (row) => column.values[row]!) }
      return { ...column, values: Uint16Array.from(rows, (row) => column.values[row]!) }
    }),
  }
}

/** The rows `from` … `to` − 1 as a view: nothing is copied. */
export function sliceRows({ columns }: Table, from: number, to: number): Table {
  return {
    rows: to - from,
    columns: columns.map((column): Column => {
      if (column.kind === 'number') return { ...column, values: column.values.subarray(from, to) }
      return { ...column, values: column.values.subarray(from, to) }
    }),
  }
}

/** The rows of several tables with the same columns, one below the other. */
export function stackTables(tables: readonly Table[]): Table {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  const [first] = tables
  if (!first) throw new RangeError('no tables to stack')
  return {
    rows,
    columns: first.columns.map((column, c): Column => {
      const values = column.kind === 'number' ? new Float64Array(rows) : new Uint16Array(rows)
      let at = 0
      for (const table of tables) {
        values.set(table.columns[c]!.values, at)
        at += table.rows
      }
      return { ...column, values } as Column
    }),
  }
}

/**
 * Makes a table of texts: a column whose filled-in values are all numbers and take more than `categoriesMax` values is
 * numeric (an empty one is NaN), any other is a category (an empty one a category of its own).
 */
export function tableOfTexts(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  categoriesMax = 12,
): Table {
  const columns = names.map((name, index): Column => {
    const texts = rows.map((row) => (row[index] ?? '').trim())
    const distinct = [...new Set(texts)].sort()
    const isNumber = distinct.every((text) => text === '' || Number.isFinite(Number(text)))
    if (isNumber && distinct.length > categoriesMax) {
      return {
        name,
        kind: 'number',
        values: Float64Array.from(texts, (text) => (text === '' ? Number.NaN : Number(text))),
      }
    }
    const code = new Map(distinct.map((text, i) => [text, i]))
    return { name, kind: 'category', values: Uint16Array.from(texts, (text) => code.get(text)!), categories: distinct }
  })
  return { rows: rows.length, columns }
}
