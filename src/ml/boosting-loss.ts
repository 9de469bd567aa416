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
