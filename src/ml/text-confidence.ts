import { fitLogistic } from './logistic'
import type { SparseRows } from './spline-basis'
import type { TfidfVector } from './tfidf'

/** How sure an answer is: P(the likeliest class is right | what the margins and the text look like). */
export interface Confidence {
  readonly intercept: number
  readonly weights: Float64Array
}

/** One answer to a held-out text, and whether it was right. */
export interface Evidence {
  readonly signals: Float64Array
  readonly isRight: boolean
  /** Whether no answer could have been right. */
  readonly isOfNoClass: boolean
}

/** Fewer held-out answers than that, or answers of one kind only, say nothing: then a plain guess is used. */
const EVIDENCE_MIN = 20
/** What the signals below weigh where there is nothing to learn from: a clear lead among known words is believed. */
const GUESS: Confidence = { intercept: -1, weights: Float64Array.of(2.5, 1.5, -1.5, 2, 0, 0) }
const SIGNALS = GUESS.weights.length

/**
 * What tells a right answer from a wrong one: the best's sum and its lead over the second, the sum of "none of ours" where
 * there is such a class, how many of the text's words and pairs of words are known, and how long the text is. `best` and
 * `second` are places, −1 where there is no second; `outOfScope` is the place of that class, or −1.
 */
export function signalsOf(
  sums: Float64Array,
  { best, second, outOfScope }: { best: number; second: number; outOfScope: number },
  { knownWords, knownPairs, length }: TfidfVector,
): Float64Array {
  const signals = new Float64Array(SIGNALS)
  signals[0] = sums[best]!
  signals[1] = second < 0 ? LEAD_MAX : Math.min(LEAD_MAX, sums[best]! - sums[second]!)
  signals[2] = outOfScope < 0 ? 0 : sums[outOfScope]!
  signals[3] = knownWords
  signals[4] = knownPairs
  signals[5] = Math.log(1 + length)
  return signals
}

const LEAD_MAX = 2

/** Of the texts that scores are made honest for, one in so many is of no class. */
const NO_CLASS_PER = 10
/** Two numbers from dozens of texts need little holding back. */
const SCALE_PENALTY = 0.05

/**
 * Learns from held-out answers (Platt 1999, with more signals than the margin). Texts of no class may be many among them:
 * they help to tell which signals matter, and then the scale is set anew with only some of them.
 */
export function fitConfidence(evidence: readonly Evidence[]): Confidence {
  if (!isEnough(evidence)) return GUESS
  const raw = fitOn(evidence, ({ signals }) => signals)
  const inScope = evidence.filter(({ isOfNoClass }) => !isOfNoClass)
  const rest = evidence.filter(({ isOfNoClass }) => isOfNoClass)
  const every = Math.max(1, (rest.length * (NO_CLASS_PER - 1)) / Math.max(1, inScope.length))
  const mixed = [...inScope, ...rest.filter((_, i) => Math.floor(i / every) !== Math.floor((i - 1) / every))]
  if (!isEnough(mixed)) return raw
  const scale = fitOn(mixed, ({ signals }) => Float64Array.of(logOddsOf(raw, signals)), SCALE_PENALTY)
  const slope = scale.weights[0]!
  return { intercept: scale.intercept + slope * raw.intercept, weights: raw.weights.map((weight) => slope * weight) }
}

function isEnough(evidence: readonly Evidence[]): boolean {
  const right = evidence.filter(({ isRight }) => isRight).length
  return evidence.length >= EVIDENCE_MIN && right > 0 && right < evidence.length
}

function fitOn(
  evidence: readonly Evidence[],
  columnsOf: (evidence: Evidence) => Float64Array,
  penalty = 1,
): Confidence {
  const labels = evidence.map(({ isRight }) => Number(isRight))
  const { intercept, weights } = fitLogistic(rowsOf(evidence.map(columnsOf)), labels, { penalty })
  return { intercept, weights }
}

export function confidenceOf(confidence: Confidence, signals: Float64Array): number {
  return 1 / (1 + Math.exp(-logOddsOf(confidence, signals)))
}

function logOddsOf({ intercept, weights }: Confidence, signals: Float64Array): number {
  let logOdds = intercept
  for (let i = 0; i < weights.length; i++) logOdds += weights[i]! * signals[i]!
  return logOdds
}

/**
 * The highest confidence to ask for at which at most `lossMax` of the held-out right answers are refused. Evidence of texts
 * that are of no class may be in it; it has no right answers.
 */
export function thresholdOf(confidence: Confidence, evidence: readonly Evidence[], lossMax: number): number {
  const right = evidence.filter(({ isRight }) => isRight).map(({ signals }) => confidenceOf(confidence, signals))
  if (right.length < EVIDENCE_MIN) return 0.5
  return Float64Array.from(right).sort()[Math.floor(lossMax * right.length)]!
}

function rowsOf(lines: readonly Float64Array[]): SparseRows {
  const columns = lines[0]?.length ?? 0
  const index = Uint32Array.from({ length: lines.length * columns }, (_, k) => k % columns)
  const value = new Float64Array(index.length)
  for (const [row, line] of lines.entries()) value.set(line, row * columns)
  const start = Uint32Array.from({ length: lines.length + 1 }, (_, row) => row * columns)
  return { rows: lines.length, columns, start, index, value }
}
