import { type CompactSvm, compactMargins, compactSvm } from './compact-svm'
import { ModelFileError, packModel, unpackModel } from './model-file'
import { createRandom } from './random'
import { fitLinearSvm } from './svm'
import { calibrate } from './text-calibration'
import { type Confidence, confidenceOf, signalsOf } from './text-confidence'
import type { TextLanguage } from './text-words'
import { createTfidfVectoriser, fitTfidf, type TfidfVectoriser, type TfidfVocabulary } from './tfidf'

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
  /** Share of right answers on held-out texts that may be called unsure, to catch texts of no class. Default 0.009. */
  lossMax?: number
  /** Whether scores and threshold are learnt from held-out texts; it costs as much again. Default true. */
  calibrated?: boolean
  documentsMin?: number
  seed?: number | string
}

const KIND = 'text-classifier'
const VERSION = 1
const LOSS_MAX = 0.009
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
  readonly svm: CompactSvm
  readonly confidence: Confidence
}

/**
 * Trains tf-idf, one linear SVM a class, the confidence of their answers and the threshold below which an answer is
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
  const svm = compactSvm(fitLinearSvm(rows, examples.classes, labels.length, { random: random.fork('svm') }))
  return classifierOf({ labels, language, outOfScope, threshold, vocabulary, svm, confidence })
}

/** Reads what `save` gave. Throws `ModelFileError` on anything else. */
export function loadTextClassifier(bytes: Uint8Array): TextClassifier {
  const { meta, arrays } = unpackModel(bytes, { kind: KIND, version: VERSION })
  const { hashes, idf, start, classes, codes, scales, biases, intercept, weights } = arrays
  if (
    hashes instanceof Uint32Array &&
    idf instanceof Float32Array &&
    start instanceof Uint32Array &&
    (classes instanceof Uint8Array || classes instanceof Uint16Array) &&
    codes instanceof Int8Array &&
    scales instanceof Float32Array &&
    biases instanceof Float32Array &&
    intercept instanceof Float64Array &&
    weights instanceof Float64Array
  ) {
    const { labels, language, outOfScope, threshold } = meta as Meta
    return classifierOf({
      ...{ labels, language, outOfScope, threshold },
      vocabulary: { language, hashes, idf },
      svm: { start, classes, codes, scales, biases },
      confidence: { intercept: intercept[0]!, weights },
    })
  }
  throw new ModelFileError(`a text classifier without all its arrays; it has ${Object.keys(arrays).join(', ')}`)
}

function classifierOf(parts: Parts): TextClassifier {
  const vectoriser = createTfidfVectoriser(parts.vocabulary)
  return {
    labels: parts.labels,
    threshold: parts.threshold,
    classify: (text, { othersMax = OTHERS_MAX } = {}) => classify(parts, vectoriser, text, othersMax),
    save: () => save(parts),
  }
}

function classify(parts: Parts, vectoriser: TfidfVectoriser, text: string, othersMax: number): Classification {
  const vector = vectoriser.vector(text)
  const ranked = vector.length === 0 ? [] : rank(parts, vector, othersMax + 1)
  const best = ranked[0]
  if (best === undefined) return { best: undefined, isSure: false, others: [] }
  const signals = signalsOf(best.margins, best.place, parts.outOfScope, vector)
  const score = confidenceOf(parts.confidence, signals)
  return {
    best: { label: parts.labels[best.place]!, score },
    isSure: score >= parts.threshold,
    others: othersOf(parts, best, ranked.slice(1), score),
  }
}

interface Ranked {
  readonly place: number
  readonly margins: Float64Array
}

/** The classes of the largest margins, but not the one for texts of no class. */
function rank(
  { svm, labels, outOfScope }: Parts,
  vector: ReturnType<TfidfVectoriser['vector']>,
  count: number,
): Ranked[] {
  const margins = new Float64Array(labels.length)
  compactMargins(svm, vector, margins)
  const places: number[] = []
  for (let c = 0; c < margins.length; c++) {
    if (c === outOfScope) continue
    if (places.length === count && margins[c]! <= margins[places[count - 1]!]!) continue
    let at = places.length
    while (at > 0 && margins[places[at - 1]!]! < margins[c]!) at -= 1
    places.splice(at, 0, c)
    if (places.length > count) places.pop()
  }
  return places.map((place) => ({ place, margins }))
}

/** What the best leaves, shared out by margin; nobody gets more than the best has. */
const SHARPNESS = 5

function othersOf({ labels }: Parts, best: Ranked, others: readonly Ranked[], score: number): ScoredLabel[] {
  const top = best.margins[best.place]!
  const odds = others.map(({ place, margins }) => Math.exp(SHARPNESS * (margins[place]! - top)))
  const sum = odds.reduce((total, each) => total + each, 0)
  return others.map(({ place }, i) => ({
    label: labels[place]!,
    score: Math.min(score, ((1 - score) * odds[i]!) / (sum || 1)),
  }))
}

function save({ vocabulary, svm, confidence, labels, language, outOfScope, threshold }: Parts): Uint8Array {
  const meta: Meta = { labels, language, outOfScope, threshold }
  const { hashes, idf } = vocabulary
  const intercept = Float64Array.of(confidence.intercept)
  const arrays = { hashes, idf, ...svm, intercept, weights: confidence.weights }
  return packModel({ kind: KIND, version: VERSION, meta, arrays })
}
