import { integer, type Random } from './random'

/**
 * Deals rows into folds so that each class is spread evenly (stratified k-fold): element i is the fold in which row i
 * is tested.
 */
export function stratifiedFolds(labels: ArrayLike<number>, folds: number, random: Random): Uint8Array {
  const fold = new Uint8Array(labels.length)
  const byClass = new Map<number, number[]>()
  for (let i = 0; i < labels.length; i++) {
    const rows = byClass.get(labels[i]!) ?? []
    rows.push(i)
    byClass.set(labels[i]!, rows)
  }
  let next = 0
  for (const rows of byClass.values()) {
    shuffle(rows, random)
    for (const row of rows) {
      fold[row] = next % folds
      next += 1
    }
  }
  return fold
}

/** Shuffles in place (Fisher and Yates, Durstenfeld 1964). */
export function shuffle<T>(items: T[], random: Random): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = integer(random, 0, i)
    const other = items[i] as T
    items[i] = items[j] as T
    items[j] = other
  }
}
