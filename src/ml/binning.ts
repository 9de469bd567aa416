import type { Table } from './table'

/** The most bins a feature may have: a split is a set of bins, kept in 64 bits. */
export const binsMax = 64

/** How raw columns become small whole numbers; learnt from training rows only. */
export interface Binning {
  /** For a number, the upper edges of its bins (the last one open, missing in bin 0); for a category, none. */
  readonly edges: readonly (Float64Array | undefined)[]
}

/** Features as bins, column by column: the bin of row i in feature f is `bins[f * rows + i]`. */
export interface BinnedTable {
  readonly rows: number
  readonly features: number
  readonly bins: Uint8Array
  /** Bins of each feature. */
  readonly binCounts: Uint8Array
  /** 1 where the order of a feature's bins means nothing: a category. */
  readonly unordered: Uint8Array
}

/** Learns bins of about equal size for numbers; a category's code is its bin (codes from 63 on share the last). */
export function fitBinning(table: Table): Binning {
  const edges = table.columns.map((column) => {
    if (column.kind === 'category') return undefined
    const sorted = column.values.filter((value) => !Number.isNaN(value)).sort()
    const result: number[] = []
    // Bin 0 is for missing values, the last for all above the last edge.
    for (let k = 1; k < binsMax - 1; k++) {
      const at = Math.floor((k / (binsMax - 1)) * sorted.length)
      if (at < 1 || at >= sorted.length) continue
      const edge = (sorted[at - 1]! + sorted[at]!) / 2
      if (sorted[at - 1]! < sorted[at]! && (result.length === 0 || edge > result[result.length - 1]!)) result.push(edge)
    }
    return Float64Array.from(result)
  })
  return { edges }
}

/** Sorts a table's rows into the bins learnt before. `shared` puts them where worker threads can read them. */
export function applyBinning(binning: Binning, table: Table): BinnedTable {
  const { rows, columns } = table
  const bins = new Uint8Array(new SharedArrayBuffer(rows * columns.length))
  const binCounts = new Uint8Array(columns.length)
  const unordered = new Uint8Array(columns.length)
  columns.forEach((column, feature) => {
    const offset = feature * rows
    const edges = binning.edges[feature]
    if (column.kind === 'category' || !edges) {
      unordered[feature] = 1
      binCounts[feature] = binsMax
      for (let row = 0; row < rows; row++) bins[offset + row] = Math.min(column.values[row]!, binsMax - 1)
      return
    }
    binCounts[feature] = edges.length + 2
    for (let row = 0; row < rows; row++) bins[offset + row] = binOf(edges, column.values[row]!)
  })
  return { rows, features: columns.length, bins, binCounts, unordered }
}

/** 0 where missing, else one more than the number of edges below the value. */
export function binOf(edges: Float64Array, value: number): number {
  if (Number.isNaN(value)) return 0
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (value > edges[middle]!) low = middle + 1
    else high = middle
  }
  return low + 1
}
