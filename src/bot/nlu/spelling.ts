// natural's index would load its tokenizers, taggers and stores as well.
const DamerauLevenshteinDistance: typeof import('natural/lib/natural/distance').DamerauLevenshteinDistance =
  require('natural/lib/natural/distance/levenshtein_distance').DamerauLevenshteinDistance

/** Puts misspelt words right, towards the words that the conversations know. */
export interface Spelling {
  /** The text with its unknown words replaced by known ones that are near; the text itself where there are none. */
  correct(text: string): string
}

const WORD = /\p{Script=Latin}[\p{Script=Latin}']*/gu
/** Shorter words have too many neighbours. */
const LENGTH_MIN = 4
const LENGTH_MAX = 20
/** From this length on two slips are put up with. */
const TWO_SLIPS_LENGTH = 7
const CORRECTIONS_MAX = 8

/** Learns the words of the utterances, and how common each is. */
export function createSpelling(texts: readonly string[]): Spelling {
  const counts = new Map<string, number>()
  for (const text of texts) {
    for (const [word] of text.toLowerCase().matchAll(WORD)) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  const byLength: string[][] = Array.from({ length: LENGTH_MAX + 3 }, () => [])
  for (const word of counts.keys()) byLength[word.length]?.push(word)
  return {
    correct(text) {
      let left = CORRECTIONS_MAX
      return text.replace(WORD, (typed) => {
        const word = typed.toLowerCase()
        if (counts.has(word) || word.length < LENGTH_MIN || word.length > LENGTH_MAX || left === 0) return typed
        left -= 1
        return nearest(word, byLength, counts) ?? typed
      })
    },
  }
}

function nearest(word: string, byLength: readonly string[][], counts: Map<string, number>): string | undefined {
  const distanceMax = word.length >= TWO_SLIPS_LENGTH ? 2 : 1
  let best: string | undefined
  let bestDistance = distanceMax + 1
  for (let length = word.length - distanceMax; length <= word.length + distanceMax; length++) {
    for (const known of byLength[length] ?? []) {
      if (known.length < LENGTH_MIN || !mayBeNear(word, known)) continue
      const distance = DamerauLevenshteinDistance(word, known, { restricted: true })
      const isBetter = distance < bestDistance || (distance === bestDistance && count(known) > count(best))
      if (distance <= distanceMax && isBetter) {
        best = known
        bestDistance = distance
      }
    }
  }
  return best

  function count(known: string | undefined): number {
    return known === undefined ? 0 : (counts.get(known) ?? 0)
  }
}

/** People rarely miss both ends of a word; this spares nearly all comparisons. */
function mayBeNear(word: string, known: string): boolean {
  return word[0] === known[0] || word.at(-1) === known.at(-1) || word[1] === known[1]
}
