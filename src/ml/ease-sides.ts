import { invertPositiveDefinite } from './ease-inverse'
import { transposed } from './next-basket-vectors'
import type { SparseRows } from './spline-basis'

/** The two ways to (XᵀX + Λ)⁻¹, items × items and row-major, for rows of users and a penalty Λ an item. */

/** By its definition: the inverse of a matrix as large as the items. */
export function inverseByItems(rows: SparseRows, ridge: Float64Array): Float64Array {
  const size = rows.columns
  const gram = lowerProducts(rows)
  for (let k = 0; k < size; k++) gram[k * size + k]! += ridge[k]!
  invertPositiveDefinite(gram, size)
  return gram
}

/**
 * By the inverse of a matrix as large as the users: Λ⁻¹ − Λ⁻¹ Xᵀ (I + X Λ⁻¹ Xᵀ)⁻¹ X Λ⁻¹ (Woodbury 1950). Everything but
 * that inverse goes over the entries of X alone.
 */
export function inverseByUsers(rows: SparseRows, ridge: Float64Array): Float64Array {
  const { rows: users, columns: items } = rows
  const halved = { ...rows, value: rows.value.map((value, at) => value / Math.sqrt(ridge[rows.index[at]!]!)) }
  const byItem = transposed(halved)
  const kernel = lowerProducts(byItem)
  for (let user = 0; user < users; user++) kernel[user * users + user]! += 1
  invertPositiveDefinite(kernel, users)
  const inverse = new Float64Array(items * items)
  const spread = spreadOver(kernel, halved)
  for (let k = 0; k < items; k++) {
    const own = inverse.subarray(k * items, (k + 1) * items)
    for (let at = byItem.start[k]!; at < byItem.start[k + 1]!; at++) {
      const from = byItem.index[at]! * items
      const value = byItem.value[at]!
      for (let l = 0; l < items; l++) own[l]! -= value * spread[from + l]!
    }
    own[k]! += 1
    for (let l = 0; l < items; l++) own[l]! /= Math.sqrt(ridge[k]! * ridge[l]!)
  }
  return inverse
}

/** A dense square matrix times sparse rows. */
function spreadOver(kernel: Float64Array, { rows, columns, start, index, value }: SparseRows): Float64Array {
  const product = new Float64Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    const into = row * columns
    for (let other = 0; other < rows; other++) {
      const weight = kernel[row * rows + other]!
      for (let at = start[other]!; at < start[other + 1]!; at++) product[into + index[at]!]! += weight * value[at]!
    }
  }
  return product
}

/** The lower triangle of XᵀX, columns × columns. */
function lowerProducts({ rows, columns, start, index, value }: SparseRows): Float64Array {
  const products = new Float64Array(columns * columns)
  for (let row = 0; row < rows; row++) {
    const end = start[row + 1]!
    for (let a = start[row]!; a < end; a++) {
      const [offset, limit, own] = [index[a]! * columns, index[a]!, value[a]!]
      for (let b = start[row]!; b < end; b++) if (index[b]! <= limit) products[offset + index[b]!]! += own * value[b]!
    }
  }
  return products
}
