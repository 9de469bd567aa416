/** Measures of a probability forecast against what happened. `labels` are 0 or 1, `scores` one each. */

/** Area under the ROC curve: the chance that a positive scores above a negative, ties counted half (Mann and Whitney 1947). NaN with one class only. */
export function auc(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  const order = Uint32Array.from({ length: labels.length }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!)
  let positives = 0
  let rankSum = 0
  for (let start = 0; start < order.length; ) {
    let end = start + 1
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) end += 1
    const rank = (start + 1 + end) / 2
    for (let i = start; i < end; i++) {
      if (labels[order[i]!] === 1) {
        positives += 1
        rankSum += rank
      }
    }
    start = end
  }
  const negatives = order.length - positives
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives)
}

/** How far an AUC measured on these labels varies by chance: its standard error (Hanley and McNeil 1982, equation 2). */
export function aucDeviation(found: number, labels: ArrayLike<number>): number {
  let positives = 0
  for (let i = 0; i < labels.length; i++) positives += labels[i]!
  const negatives = labels.length - positives
  const both = found / (2 - found) - found ** 2
  const other = (2 * found ** 2) / (1 + found) - found ** 2
  const variance = found * (1 - found) + (positives - 1) * both + (negatives - 1) * other
  return Math.sqrt(variance / (positives * negatives))
}

/** Mean squared error of the forecast probability (Brier 1950). */
export function brier(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < labels.length; i++) sum += (scores[i]! - labels[i]!) ** 2
  return sum / labels.length
}

/**
 * Expected calibration error: over `bins` of equal width, the distance between mean forecast and observed share,
 * weighted by the bin's size (Naeini, Cooper and Hauskrecht 2015).
 */
export function calibrationError(labels: ArrayLike<number>, scores: ArrayLike<number>, bins = 10): number {
  const forecast = new Float64Array(bins)
  const observed = new Float64Array(bins)
  for (let i = 0; i < labels.length; i++) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(scores[i]! * bins)))
    forecast[bin]! += scores[i]!
    observed[bin]! += labels[i]!
  }
  let error = 0
  for (let bin = 0; bin < bins; bin++) error += Math.abs(forecast[bin]! - observed[bin]!)
  return error / labels.length
}

/** F1 of calling positive what scores at least `threshold`: the harmonic mean of precision and recall; 0 without a true positive. */
export function f1(labels: ArrayLike<number>, scores: ArrayLike<number>, threshold = 0.5): number {
  let truePositives = 0
  let called = 0
  let positives = 0
  for (let i = 0; i < labels.length; i++) {
    const isCalled = scores[i]! >= threshold
    if (isCalled) called += 1
    if (labels[i] === 1) positives += 1
    if (isCalled && labels[i] === 1) truePositives += 1
  }
  return truePositives === 0 ? 0 : (2 * truePositives) / (called + positives)
}

/** How far the sum of the forecasts is from what happened, relative: −0.1 says that a tenth too few were forecast. */
export function volumeBias(actual: ArrayLike<number>, forecast: ArrayLike<number>): number {
  let sumActual = 0
  let sumForecast = 0
  for (let i = 0; i < actual.length; i++) {
    sumActual += actual[i]!
    sumForecast += forecast[i]!
  }
  return sumForecast / sumActual - 1
}
