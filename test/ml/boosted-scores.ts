import type { Boosting } from '../../src/ml/boosting'
import type { FeatureRows } from '../../src/ml/boosting-bins'
import { openScorer } from '../../src/ml/boosting-scorer'

/** The score of each row. */
export function boostedScores(boosting: Boosting, { rows, features, values }: FeatureRows): Float64Array {
  const scorer = openScorer([boosting])
  const scores = new Float64Array(rows).fill(boosting.start)
  scorer.load(Float32Array.from(values), rows, features)
  const all = Int32Array.from(scores, (_, row) => row)
  scorer.add(all, rows, scores, { from: 0, to: scorer.rounds })
  return scores
}
