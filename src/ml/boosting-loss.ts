/** What boosting descends: where scores start, and the first two derivatives of the (negative) loss at given scores. */
export interface Loss {
  readonly start: number
  /** Writes, for each row, minus the gradient and the curvature. */
  derive(scores: Float64Array, gradient: Float64Array, curvature: Float64Array): void
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

/**
 * Cross-entropy of lists (ListNet, Cao et al. 2007): the scores of a list's rows, through a softmax, against its labels
 * shared out to sum to 1. Every list counts alike, however many of its rows are wanted; one without any is passed over.
 * `listStart` holds where each list begins, and the number of rows at its end.
 */
export function listLoss(labels: ArrayLike<number>, listStart: ArrayLike<number>): Loss {
  return {
    start: 0,
    derive(scores, gradient, curvature) {
      for (let list = 0; list + 1 < listStart.length; list++) {
        const [from, to] = [listStart[list]!, listStart[list + 1]!]
        let [wanted, best, sum] = [0, Number.NEGATIVE_INFINITY, 0]
        for (let row = from; row < to; row++) {
          wanted += labels[row]!
          best = Math.max(best, scores[row]!)
        }
        for (let row = from; row < to; row++) sum += Math.exp(scores[row]! - best)
        for (let row = from; row < to; row++) {
          const chance = Math.exp(scores[row]! - best) / sum
          gradient[row] = wanted > 0 ? labels[row]! / wanted - chance : 0
          curvature[row] = wanted > 0 ? chance * (1 - chance) : 0
        }
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

/**
 * LambdaRank (Burges, Ragno and Le 2006) and the loss of lists in one: for each pair of a wanted row and another, the log loss
 * of their order, weighed by what nDCG within ten would change if they swapped places; plus `listLoss`. Pairs heed the first
 * places, lists all of them.
 */
export function rankLoss(
  labels: ArrayLike<number>,
  listStart: ArrayLike<number>,
  { pairs, lists, first }: RankLossOptions,
): Loss {
  const whole = listLoss(labels, listStart)
  let longest = 0
  for (let list = 0; list + 1 < listStart.length; list++) {
    longest = Math.max(longest, listStart[list + 1]! - listStart[list]!)
  }
  const discount = Float64Array.from({ length: longest }, (_, place) => 1 / Math.log2(place + 2))
  const order = new Int32Array(longest)
  return {
    start: 0,
    derive(scores, gradient, curvature) {
      whole.derive(scores, gradient, curvature)
      for (let row = 0; row < scores.length; row++) {
        gradient[row]! *= lists
        curvature[row]! *= lists
      }
      for (let list = 0; list + 1 < listStart.length; list++) {
        const from = listStart[list]!
        const rows = listStart[list + 1]! - from
        const gainMax = sortList(scores, labels, { from, rows, order, discount })
        if (gainMax === 0) continue
        for (let high = 0; high < rows; high++) {
          const one = order[high]!
          // Where the first one of a pair lies behind the first places, so does the second.
          const end = high < first ? rows : high
          for (let low = high + 1; low < end; low++) {
            const other = order[low]!
            if (labels[one] === labels[other]) continue
            const [wanted, unwanted] = labels[one]! > labels[other]! ? [one, other] : [other, one]
            const weight = (pairs * (discount[high]! - discount[low]!)) / gainMax
            const chance = 1 / (1 + Math.exp(scores[wanted]! - scores[unwanted]!))
            gradient[wanted]! += weight * chance
            gradient[unwanted]! -= weight * chance
            curvature[wanted]! += weight * chance * (1 - chance)
            curvature[unwanted]! += weight * chance * (1 - chance)
          }
        }
      }
    },
  }
}

/** Writes the list's rows to `order`, best first, earlier ones first where equal; gives the most that ten places can gain. */
function sortList(
  scores: Float64Array,
  labels: ArrayLike<number>,
  { from, rows, order, discount }: { from: number; rows: number; order: Int32Array; discount: Float64Array },
): number {
  let wanted = 0
  let gainMax = 0
  for (let k = 0; k < rows; k++) {
    const row = from + k
    if (labels[row]! > 0 && wanted < 10) gainMax += discount[wanted++]!
    let place = k
    for (; place > 0 && scores[order[place - 1]!]! < scores[row]!; place--) order[place] = order[place - 1]!
    order[place] = row
  }
  return gainMax
}
