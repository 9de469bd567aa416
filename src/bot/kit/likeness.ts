/**
 * How alike two folded texts are, 0 to 1: the better of Dice's coefficient over character pairs (Dice 1945), which suits
 * long names with words missing or added, and of the edit distance, which suits a slip in a short one.
 * @param above what is not above it does not matter: then the result may be any number from 0 to it, sooner found
 */
export function likeness(left: string, right: string, above = 0): number {
  if (left === right) return 1
  const a = left.replaceAll(' ', '')
  const b = right.replaceAll(' ', '')
  const longer = Math.max(a.length, b.length)
  if (longer === 0 || longer > LENGTH_MAX) return 0
  // A pair that is shared ends in a letter that is, and no edit but one for each other letter makes the longer the shorter.
  const shared = sharedLetters(a, b)
  if ((2 * shared) / (a.length + b.length) <= above) return 0
  const pairs = dice(a, b)
  return shared / longer <= Math.max(pairs, above) ? pairs : Math.max(pairs, 1 - editDistance(a, b) / longer)
}

const letters = new Uint8Array(256)

/** How many letters they have in common, or a few more: letters are told apart by their codes' last eight bits. */
function sharedLetters(left: string, right: string): number {
  for (let index = 0; index < left.length; index++) letters[left.charCodeAt(index) & 255]!++
  let shared = 0
  for (let index = 0; index < right.length; index++) {
    const letter = right.charCodeAt(index) & 255
    if (letters[letter]! === 0) continue
    letters[letter]!--
    shared++
  }
  for (let index = 0; index < left.length; index++) letters[left.charCodeAt(index) & 255] = 0
  return shared
}

/** Names are short; what is longer is a speech, and comparing it would cost time and prove nothing. */
const LENGTH_MAX = 200

function dice(left: string, right: string): number {
  const counts = new Map<number, number>()
  let before = FIRST
  for (let index = 0; index < left.length; index++) {
    const code = left.charCodeAt(index)
    const pair = before * CODES + code
    counts.set(pair, (counts.get(pair) ?? 0) + 1)
    before = code
  }
  let shared = 0
  before = FIRST
  for (let index = 0; index < right.length; index++) {
    const code = right.charCodeAt(index)
    const pair = before * CODES + code
    const count = counts.get(pair) ?? 0
    if (count > 0) {
      counts.set(pair, count - 1)
      shared++
    }
    before = code
  }
  return (2 * shared) / (left.length + right.length)
}

const CODES = 0x10000
/** Stands before the first letter, which so weighs more: people rarely get it wrong. */
const FIRST = 0

// Every message is compared with every button in sight, so the rows of the table are kept.
const rows = [0, 1, 2].map(() => new Uint16Array(LENGTH_MAX + 1)) as [Uint16Array, Uint16Array, Uint16Array]

/** Letters to add, drop, change or swap with their neighbour (optimal string alignment, Damerau 1964). */
function editDistance(left: string, right: string): number {
  let [beforeLast, last, row] = rows
  for (let j = 0; j <= right.length; j++) last[j] = j
  for (let i = 1; i <= left.length; i++) {
    row[0] = i
    const letter = left.charCodeAt(i - 1)
    for (let j = 1; j <= right.length; j++) {
      const other = right.charCodeAt(j - 1)
      let best = last[j - 1]! + (letter === other ? 0 : 1)
      if (last[j]! + 1 < best) best = last[j]! + 1
      if (row[j - 1]! + 1 < best) best = row[j - 1]! + 1
      const swapped = i > 1 && j > 1 && letter === right.charCodeAt(j - 2) && left.charCodeAt(i - 2) === other
      if (swapped && beforeLast[j - 2]! + 1 < best) best = beforeLast[j - 2]! + 1
      row[j] = best
    }
    ;[beforeLast, last, row] = [last, row, beforeLast]
  }
  return last[right.length]!
}
