import type { Locale } from '../../core/locale'
import { fitLinearSvm, svmMargins } from '../../ml/linear-svm'
import { createRandom } from '../../ml/random'
import { fitTextVectors } from '../../ml/text-vectors'
import type { Utterance } from './utterances'

/** Sorts texts of one language into intents. */
export interface IntentModel {
  /** All intents with their probabilities, the likeliest first. */
  classify(text: string): { intent: string; score: number }[]
}

/** Softmax of margins times this is about as sure as it is right; found by cross-validation on the utterances. */
const SHARPNESS = 5

/** Trains on the utterances of a language. */
export function trainIntents(utterances: readonly Utterance[], locale: Locale): IntentModel {
  const intents = [...new Set(utterances.map(({ intent }) => intent))]
  const texts = utterances.map(({ text }) => text)
  const vectors = fitTextVectors(texts, locale === 'zh' ? 'unspaced' : 'spaced')
  const places = new Map(intents.map((intent, place) => [intent, place]))
  const model = fitLinearSvm(
    texts.map((text) => vectors.vector(text)),
    utterances.map(({ intent }) => places.get(intent)!),
    { classes: intents.length, size: vectors.size },
    { random: createRandom('intents') },
  )
  return {
    classify(text) {
      const vector = vectors.vector(text)
      if (vector.index.length === 0) return []
      const margins = svmMargins(model, vector)
      const top = Math.max(...margins)
      const odds = margins.map((margin) => Math.exp(SHARPNESS * (margin - top)))
      const sum = odds.reduce((total, each) => total + each, 0)
      return Array.from(odds, (each, place) => ({ intent: intents[place]!, score: each / sum })).sort(
        (a, b) => b.score - a.score,
      )
    },
  }
}
