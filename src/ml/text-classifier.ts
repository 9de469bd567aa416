import { fitClassRanks, placesByRank } from './class-ranks'
import { type CompactClasses, compactClasses, createCompactJudge } from './compact-classes'
import { ModelFileError, packModel, unpackModel } from './model-file'
import { createRandom } from './random'
import { calibrate } from './text-calibration'
import { type Confidence, confidenceOf, signalsOf } from './text-confidence'
import type { TextLanguage } from './text-words'
import { createTfidfVectoriser, fitTfidf, type TfidfVector, type TfidfVectoriser, type TfidfVocabulary } from './tfidf'

/** A class and how likely it is the right one. */
export interface ScoredLabel {
  readonly label: string
  readonly score: number
}

export interface Classification {
  /** The likeliest class that is not out of scope; undefined when nothing of the text is known. */
  readonly best: ScoredLabel | undefined
  /** False where the text is rather of no class at all, or too unclear to act on. */
  readonly isSure: boolean
  /** The classes after the best, likeliest first. */
  readonly others: readonly ScoredLabel[]
}

/** Sorts texts into classes. Made once, then only read. */
export interface TextClassifier {
  readonly labels: readonly string[]
  /** The score below which an answer counts as unsure. */
  readonly threshold: number
  classify(text: string, options?: { othersMax?: number }): Classification
  /** Versioned bytes with a checksum, for `loadTextClassifier`. */
  save(): Uint8Array
}

export interface TrainingText {
  readonly text: string
  readonly label: string
}

export interface TextClassifierOptions {
  language: TextLanguage
  /** The label of texts that belong to no class; trained on, never an answer. */
  outOfScopeLabel?: string
  /** Share of right answers on held-out texts that may be called unsure, to catch texts of no class. Default 0.0095. */
  lossMax?: number
  /** Whether scores and threshold are learnt from held-out texts; it costs as much again. Default true. */
  calibrated?: boolean
  documentsMin?: number
  seed?: number | string
}

const KIND = 'text-classifier'
const VERSION = 2
const LOSS_MAX = 0.0095
const OTHERS_MAX = 4

/** What a saved classifier holds besides its arrays. */
interface Meta {
  readonly labels: readonly string[]
  readonly language: TextLanguage
  readonly outOfScope: number
  readonly threshold: number
}

interface Parts extends Meta {
  readonly vocabulary: TfidfVocabulary
  readonly model: CompactClasses
  readonly confidence: Confidence
}

/**
 * Trains tf-idf, one linear SVM a class and naive Bayes, the confidence of their answers and the threshold below which an answer is
 * unsure; the last two on texts, and classes, that a first training did not see. The same texts, options and seed give
 * the same bytes. Throws where there is no text.
 */
export function trainTextClassifier(texts: readonly TrainingText[], options: TextClassifierOptions): TextClassifier {
  if (texts.length === 0) throw new RangeError('a text classifier needs texts to learn from; none given')
  const { language, outOfScopeLabel, lossMax = LOSS_MAX, calibrated = true, documentsMin, seed = 'texts' } = options
  const labels = [...new Set(texts.map(({ label }) => label))].sort()
  const outOfScope = outOfScopeLabel === undefined ? -1 : labels.indexOf(outOfScopeLabel)
  const places = new Map(labels.map((label, place) => [label, place]))
  const examples = {
    texts: texts.map(({ text }) => text),
    classes: Int32Array.from(texts, ({ label }) => places.get(label)!),
  }
  const random = createRandom(seed)
  const learn = { language, ...(documentsMin === undefined ? {} : { documentsMin }) }
  const { confidence, threshold } = calibrate(calibrated ? examples : { texts: [], classes: new Int32Array() }, {
    ...learn,
    classCount: labels.length,
    outOfScope,
    lossMax,
    random: random.fork('calibration'),
  })
  const vocabulary = fitTfidf(examples.texts, learn)
  const rows = createTfidfVectoriser(vocabulary).rows(examples.texts)
  const ranks = fitClassRanks(rows, examples.classes, {
    classes: labels.length,
    isRanked: (place) => place !== outOfScope,
    random: random.fork('svm'),
  })
  const model = compactClasses(ranks, rows)
  return classifierOf({ labels, language, outOfScope, threshold, vocabulary, model, confidence })
}

/** Reads what `save` gave. Throws `ModelFileError` on anything else. */
export function loadTextClassifier(bytes: Uint8Array): TextClassifier {
  const { meta, arrays } = unpackModel(bytes, { kind: KIND, version: VERSION })
  const { hashes, idf, start, scales, classes, codes, biases, intercept, weights } = arrays
  if (
    hashes instanceof Uint32Array &&
    idf instanceof Float32Array &&
    start instanceof Uint32Array &&
    scales instanceof Float32Array &&
    (classes instanceof Uint8Array || classes instanceof Uint16Array) &&
    codes instanceof Int8Array &&
    biases instanceof Float64Array &&
    intercept instanceof Float64Array &&
    weights instanceof Float64Array
  ) {
    const { labels, language, outOfScope, threshold } = meta as Meta
    return classifierOf({
      ...{ labels, language, outOfScope, threshold },
      vocabulary: { language, hashes, idf },
      model: { start, scales, classes, codes, biases },
      confidence: { intercept: intercept[0]!, weights },
    })
  }
  throw new ModelFileError(`a text classifier without all its arrays; it has ${Object.keys(arrays).join(', ')}`)
}

function classifierOf(parts: Parts): TextClassifier {
  const tools: Tools = { vectoriser: createTfidfVectoriser(parts.vocabulary), judge: createCompactJudge(parts.model) }
  return {
    labels: parts.labels,
    threshold: parts.threshold,
    classify: (text, { othersMax = OTHERS_MAX } = {}) => classify(parts, tools, text, othersMax),
    save: () => save(parts),
  }
}

interface Tools {
  readonly vectoriser: TfidfVectoriser
  readonly judge: (vector: TfidfVector) => Float64Array
}

function classify(parts: Parts, { vectoriser, judge }: Tools, text: string, othersMax: number): Classification {
  const { labels, outOfScope } = parts
  const vector = vectoriser.vector(text)
  const sums = judge(vector)
  const places = vector.length === 0 ? [] : placesByRank(sums, outOfScope, Math.max(2, othersMax + 1))
  const [best, second = -1] = places
  if (best === undefined) return { best: undefined, isSure: false, others: [] }
  const score = confidenceOf(parts.confidence, signalsOf(sums, { best, second, outOfScope }, vector))
  return {
    best: { label: labels[best]!, score },
    isSure: score >= parts.threshold,
    others: othersOf(labels, sums, places.slice(0, othersMax + 1), score),
  }
}

const SHARPNESS = 5

/** What the best leaves, shared out among the others by their sums; nobody gets more than the best has. */
function othersOf(
  labels: readonly string[],
  sums: Float64Array,
  places: readonly number[],
  score: number,
): ScoredLabel[] {
  const [best = 0, ...others] = places
  const odds = others.map((place) => Math.exp(SHARPNESS * (sums[place]! - sums[best]!)))
  const sum = odds.reduce((total, each) => total + each, 0)
  return others.map((place, i) => ({
    label: labels[place]!,
    score: Math.min(score, ((1 - score) * odds[i]!) / (sum || 1)),
  }))
}

function save({ vocabulary, model, confidence, labels, language, outOfScope, threshold }: Parts): Uint8Array {
  const meta: Meta = { labels, language, outOfScope, threshold }
  const { hashes, idf } = vocabulary
  const arrays = {
    hashes,
    idf,
    ...model,
    intercept: Float64Array.of(confidence.intercept),
    weights: confidence.weights,
  }
  return packModel({ kind: KIND, version: VERSION, meta, arrays })
}
