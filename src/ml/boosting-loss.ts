/** What boosting descends: where scores start, and the first two derivatives of the (negative) loss at given scores. */
export interface Loss {
  readonly start: number
  /** Where rows stand in lists, which are drawn as wholes: where each list begins, and the number of rows at its end. */
  readonly listStart?: ArrayLike<number>
  /** Writes, for each row (for those of the `drawn` lists, where rows stand in lists), minus the gradient and the curvature. */
  derive(scores: Float64Array, gradient: Float64Array, curvature: Float64Array, drawn: Int32Array): void
}

/** Log loss of yes or no: scores are log-odds. */
export function logisticLoss(labels: ArrayLike<number>): Loss {
  let yes = 0
  for (let row = 0; row < labels.length; row++) yes += labels[row]!
  return {
    // One case of each kind is added, so that a table of one kind has finite odds.
    start: Math.log((yes + 1) / (labels.length - yes + 1)),
    derive(scores, gradient, curvature) {
      for (let row = 0; row < labels.length; row++) {
        const chance = 1 / (1 + Math.exp(-scores[row]!))
        gradient[row] = labels[row]! - chance
        curvature[row] = chance * (1 - chance)
      }
    },
  }
}

export interface RankLossOptions {
  /** What the loss of pairs counts, and that of whole lists. */
  pairs: number
  lists: number
  /** A pair counts where at least one of the two is among so many first ones. */
  first: number
}

/** Of two rows that are both so unlikely, each is held to be as likely as the other. */
const UNLIKELY = 1e-300

/**
 * Two losses of lists in one, since pairs heed the first places and lists all of them. LambdaRank (Burges, Ragno and Le
 * 2006): for each pair of a wanted row and another, the log loss of their order, weighed by what nDCG within ten would
 * change if they swapped places. ListNet (Cao et al. 2007): cross-entropy of the scores, through a softmax, against the
 * labels shared out to sum to 1, so that every list counts alike. A list in which nothing is wanted is passed over.
 */
export function rankLoss(
  labels: ArrayLike<number>,
  listStart: ArrayLike<number>,
  { pairs, lists, first }: RankLossOptions,
): Loss {
  const { longest, order, wanted } = readLists(labels, listStart)
  const discount = Float64Array.from({ length: longest }, (_, place) => 1 / Math.log2(place + 2))
  const odds = new Float64Array(longest)
  return {
    start: 0,
    listStart,
    derive(scores, gradient, curvature, drawn) {
      for (let k = 0; k < drawn.length; k++) {
        const list = drawn[k]!
        const rows = order.subarray(listStart[list]!, listStart[list + 1]!)
        gradient.fill(0, listStart[list], listStart[list + 1])
        curvature.fill(0, listStart[list], listStart[list + 1])
        if (wanted[list] === 0) continue
        sortRows(rows, scores)
        let sum = 0
        let gainMax = 0
        for (let at = 0; at < rows.length; at++) {
          odds[at] = Math.max(UNLIKELY, Math.exp(scores[rows[at]!]! - scores[rows[0]!]!))
          sum += odds[at]!
          if (at < Math.min(10, wanted[list]!)) gainMax += discount[at]!
        }
        for (let at = 0; at < rows.length; at++) {
          const row = rows[at]!
          const chance = odds[at]! / sum
          gradient[row]! += lists * (labels[row]! / wanted[list]! - chance)
          curvature[row]! += lists * chance * (1 - chance)
          if (labels[row] === 0) continue
          // Where the first one of a pair lies behind the first places, so does the second.
          const end = at < first ? rows.length : Math.min(first, rows.length)
          for (let other = 0; other < end; other++) {
            const unwanted = rows[other]!
            if (labels[unwanted] !== 0) continue
            const weight = (pairs * Math.abs(discount[at]! - discount[other]!)) / gainMax
            const wrong = odds[other]! / (odds[at]! + odds[other]!)
            gradient[row]! += weight * wrong
            gradient[unwanted]! -= weight * wrong
            curvature[row]! += weight * wrong * (1 - wrong)
            curvature[unwanted]! += weight * wrong * (1 - wrong)
          }
        }
      }
    },
  }
}

/** The length of the longest list, all rows in the order in which they stand, and how many of each list are wanted. */
function readLists(labels: ArrayLike<number>, listStart: ArrayLike<number>) {
  const lists = listStart.length - 1
  const wanted = new Uint32Array(lists)
  let longest = 0
  for (let list = 0; list < lists; list++) {
    longest = Math.max(longest, listStart[list + 1]! - listStart[list]!)
    for (let row = listStart[list]!; row < listStart[list + 1]!; row++) wanted[list]! += labels[row]!
  }
  return { longest, wanted, order: Int32Array.from({ length: labels.length }, (_, row) => row) }
}

/** Sorts a list's rows, best first, earlier ones first where equal; by insertion, since the last order is nearly right. */
function sortRows(rows: Int32Array, scores: Float64Array): void {
  for (let k = 1; k < rows.length; k++) {
    const row = rows[k]!
    const score = scores[row]!
    let place = k
    for (; place > 0; place--) {
      const before = rows[place - 1]!
      if (scores[before]! > score || (scores[before] === score && before < row)) break
      rows[place] = before
    }
    rows[place] = row
  }
}
