/**
 * How alike two folded texts are, 0 to 1: the better of Dice's coefficient over character pairs (Dice 1945), which suits
 * long names with words missing or added, and of the edit distance, which suits a slip in a short one.
 */
export function likeness(left: string, right: string): number {
  if (left === right) return 1
  const a = left.replaceAll(' ', '')
  const b = right.replaceAll(' ', '')
  const longer = Math.max(a.length, b.length)
  if (longer === 0 || longer > LENGTH_MAX) return 0
  return Math.max(dice(a, b), 1 - editDistance(a, b) / longer)
}

/** Names are short; what is longer is a speech, and comparing it would cost time and prove nothing. */
const LENGTH_MAX = 200

function dice(left: string, right: string): number {
  const counts = new Map<string, number>()
  for (const pair of pairs(left)) counts.set(pair, (counts.get(pair) ?? 0) + 1)
  let shared = 0
  for (const pair of pairs(right)) {
    const count = counts.get(pair) ?? 0
    if (count === 0) continue
    counts.set(pair, count - 1)
    shared++
  }
  return (2 * shared) / (left.length + right.length)
}

function pairs(text: string): string[] {
  // A leading mark weighs the first letter, which people rarely get wrong.
  const marked = `^${text}`
  return Array.from(text, (_, index) => marked.slice(index, index + 2))
}

/** Letters to add, drop, change or swap with their neighbour (optimal string alignment, Damerau 1964). */
function editDistance(left: string, right: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i++) {
    const row = [i]
    for (let j = 1; j <= right.length; j++) {
      const changed = (last[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1)
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, changed)
      const swapped = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]
      if (swapped) best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1)
      row.push(best)
    }
    beforeLast = last
    last = row
  }
  return last[right.length] ?? 0
}
