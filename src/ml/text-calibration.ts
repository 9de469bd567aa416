import { createJudge, fitClassRanks, placesByRank } from './class-ranks'
import { stratifiedFolds } from './folds'
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
  const isRanked = (place: number) => place !== outOfScope && !absent.has(place)
  const judge = createJudge(fitClassRanks(seenRows, seenClasses, { classes: classCount, isRanked, random }))
  const askedTexts = asked.map((row) => texts[row]!)
  const outside = asked.map((row) => classes[row] === outOfScope)
  const outsideMargin = outside.includes(true)
    ? marginsOfOutside(vectoriser, seenRows, askedTexts, outside, random)
    : undefined
  const evidence: Evidence[] = []
  for (const [i, row] of asked.entries()) {
    const vector = vectoriser.vector(askedTexts[i]!)
    if (vector.length === 0) continue
    const sums = judge(vector)
    for (const place of absent) sums[place] = Number.NEGATIVE_INFINITY
    if (outsideMargin) sums[outOfScope] = outsideMargin(i, vector)
    const [best = -1, second = -1] = placesByRank(sums, outOfScope, 2)
    const isOfNoClass = outside[i]! || absent.has(classes[row]!)
    const signals = signalsOf(sums, { best, second, outOfScope: outsideMargin ? outOfScope : -1 }, vector)
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
 * The margin of the class for texts of no class, asked for by place and vector, each from a training that did not see the text.
 * Such texts are few, so that holding one part of them out is not enough; but it is one class of many, and training it five
 * times is cheap.
 */
function marginsOfOutside(
  vectoriser: TfidfVectoriser,
  seen: SparseRows,
  asked: readonly string[],
  isOutside: readonly boolean[],
  random: Random,
): (place: number, vector: TfidfVector) => number {
  const fold = stratifiedFolds(isOutside.map(Number), OUT_OF_SCOPE_PARTS, random)
  const places = Array.from(asked.keys()).filter((i) => isOutside[i])
  const rows = stackRows(seen, vectoriser.rows(places.map((i) => asked[i]!)))
  const parts = Array.from({ length: OUT_OF_SCOPE_PARTS }, (_, part) => {
    const learnt = selectRows(rows, (row) => row < seen.rows || fold[places[row - seen.rows]!] !== part)
    const labels = new Int32Array(learnt.rows).fill(0, seen.rows).fill(-1, 0, seen.rows)
    return fitLinearSvm(learnt, labels, 1, { random })
  })
  return (place, vector) => marginOf(parts[fold[place]!]!, vector)
}

/** The margin of the only class. */
function marginOf({ weights, biases }: LinearSvm, { columns, values, length }: TfidfVector): number {
  let margin = biases[0]!
  for (let i = 0; i < length; i++) margin += weights[columns[i]!]! * values[i]!
  return margin
}
