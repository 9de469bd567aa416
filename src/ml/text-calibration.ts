import { createJudge, placesByRank, rankClasses } from './class-ranks'
import { stratifiedFolds } from './folds'
import { fitNaiveBayes } from './naive-bayes'
import { integer, type Random } from './random'
import { selectRows, stackRows } from './sparse-rows'
import type { SparseRows } from './spline-basis'
import { fitLinearSvm, type LinearSvm } from './svm'
import { type Confidence, type Evidence, fitConfidence, signalsOf, thresholdOf } from './text-confidence'
import type { TextLanguage } from './text-words'
import { createTfidfVectoriser, fitTfidf, type TfidfVector, type TfidfVectoriser } from './tfidf'

export interface LabelledTexts {
  readonly texts: readonly string[]
  readonly classes: Int32Array
}

export interface CalibrationOptions {
  language: TextLanguage
  documentsMin?: number
  classCount: number
  /** The place of the class for texts of no class, or −1. */
  outOfScope: number
  lossMax: number
  random: Random
}

/** One part in so many of the texts is held out: a third rather than a quarter makes the threshold vary less with the seed. */
const PARTS = 3
/** One class in so many is held out whole: its texts are what a text of no class looks like to the others. */
const CLASSES_PER_ABSENT = 3
const OUT_OF_SCOPE_PARTS = 5
/** A class is only held out where that many remain. */
const CLASSES_MIN = 5

/**
 * Learns how sure answers are, and where to stop answering, from a training on part of the texts. What was held out are
 * texts of known classes, all texts of some classes (so that it is learnt what no class looks like, also where no such
 * texts were given), and all texts given as being of no class.
 */
export function calibrate(
  { texts, classes }: LabelledTexts,
  options: CalibrationOptions,
): { confidence: Confidence; threshold: number } {
  const { language, documentsMin, classCount, outOfScope, lossMax, random } = options
  const fold = stratifiedFolds(classes, PARTS, random)
  const absent = absentClasses(classCount, outOfScope, random)
  const isSeen = (row: number) => fold[row] !== 0 && classes[row] !== outOfScope && !absent.has(classes[row]!)
  const rows = Array.from(texts, (_, row) => row)
  const seen = rows.filter(isSeen)
  const asked = rows.filter((row) => classes[row] === outOfScope || !isSeen(row))
  const seenTexts = seen.map((row) => texts[row]!)
  const vectoriser = createTfidfVectoriser(fitTfidf(seenTexts, { language, ...(documentsMin ? { documentsMin } : {}) }))
  const seenClasses = Int32Array.from(seen, (row) => classes[row]!)
  const seenRows = vectoriser.rows(seenTexts)
  const svm = fitLinearSvm(seenRows, seenClasses, classCount, { random })
  const bayes = fitNaiveBayes(seenRows, seenClasses, classCount)
  const judge = createJudge(rankClasses(svm, bayes, (place) => place !== outOfScope && !absent.has(place)))
  const askedTexts = asked.map((row) => texts[row]!)
  const outside = asked.map((row) => classes[row] === outOfScope)
  const outsideMargins = outside.includes(true)
    ? marginsOfOutside(vectoriser, seenRows, askedTexts, outside, random)
    : undefined
  const evidence: Evidence[] = []
  for (const [i, row] of asked.entries()) {
    const vector = vectoriser.vector(askedTexts[i]!)
    if (vector.length === 0) continue
    const sums = judge(vector)
    for (const place of absent) sums[place] = Number.NEGATIVE_INFINITY
    if (outsideMargins) sums[outOfScope] = outsideMargins[i]!
    const [best = -1, second = -1] = placesByRank(sums, outOfScope, 2)
    const isOfNoClass = outside[i]! || absent.has(classes[row]!)
    const signals = signalsOf(sums, { best, second, outOfScope: outsideMargins ? outOfScope : -1 }, vector)
    evidence.push({ signals, isRight: best === classes[row], isOfNoClass })
  }
  const confidence = fitConfidence(evidence)
  return { confidence, threshold: thresholdOf(confidence, evidence, lossMax) }
}

function absentClasses(classCount: number, outOfScope: number, random: Random): Set<number> {
  const absent = new Set<number>()
  const count = classCount < CLASSES_MIN ? 0 : Math.ceil(classCount / CLASSES_PER_ABSENT)
  while (absent.size < count) {
    const place = integer(random, 0, classCount - 1)
    if (place !== outOfScope) absent.add(place)
  }
  return absent
}

/**
 * The margins of the class for texts of no class, each from a training that did not see the text. Such texts are few, so that
 * holding one part of them out is not enough; but it is one class of many, and training it five times is cheap.
 */
function marginsOfOutside(
  vectoriser: TfidfVectoriser,
  seen: SparseRows,
  asked: readonly string[],
  isOutside: readonly boolean[],
  random: Random,
): Float64Array {
  const margins = new Float64Array(asked.length)
  const fold = stratifiedFolds(isOutside.map(Number), OUT_OF_SCOPE_PARTS, random)
  const rows = stackRows(seen, vectoriser.rows(asked))
  for (let part = 0; part < OUT_OF_SCOPE_PARTS; part++) {
    const isLearnt = (i: number) => isOutside[i] === true && fold[i] !== part
    const learnt = selectRows(rows, (row) => row < seen.rows || isLearnt(row - seen.rows))
    const labels = new Int32Array(learnt.rows).fill(0, seen.rows).fill(-1, 0, seen.rows)
    const svm = fitLinearSvm(learnt, labels, 1, { random })
    for (const [i, text] of asked.entries()) {
      if (fold[i] === part) margins[i] = marginsOf(svm, vectoriser.vector(text))[0]!
    }
  }
  return margins
}

function marginsOf({ weights, biases, columns, classes }: LinearSvm, vector: TfidfVector): Float64Array {
  const margins = new Float64Array(classes)
  for (let c = 0; c < classes; c++) {
    let margin = biases[c]!
    for (let i = 0; i < vector.length; i++) margin += weights[c * columns + vector.columns[i]!]! * vector.values[i]!
    margins[c] = margin
  }
  return margins
}
