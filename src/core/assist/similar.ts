import type { SparseRows } from '../../ml/spline-basis'
import { stemOf } from '../../ml/text-words'
import { createTfidfVectoriser, fitTfidf } from '../../ml/tfidf'
import type { Locale } from '../locale'
import { contentWords } from './content-words'

/** Texts of one language that can be asked for those most like another. */
export interface SimilarTexts {
  /**
   * Places of the texts at least `scoreMin` like it, best first, at most `limit`. Scores are cosines, 0 to 1. A single word in
   * common is not enough for a text of several.
   */
  find(text: string, options: { limit: number; scoreMin: number }): readonly { place: number; score: number }[]
}

/** Texts are compared by so many words of their beginning: what it is about is said first. */
const WORDS_MAX = 20
/** A Chinese character is less than a word. */
const SHARED_MIN: Readonly<Record<Locale, number>> = { en: 2, zh: 3 }

/** Indexes texts by tf-idf. A feature may be in one text only: few conversations have been solved at first. */
export function indexTexts(texts: readonly string[], locale: Locale): SimilarTexts {
  const words = texts.map((text) => contentWords(text, locale).slice(0, WORDS_MAX))
  const stems = words.map((list) => new Set(list.map(stemOf)))
  const cut = words.map((list) => joined(list, locale))
  const vectoriser = createTfidfVectoriser(fitTfidf(cut, { language: locale, documentsMin: 1 }))
  const rows = vectoriser.rows(cut)
  const query = new Float64Array(rows.columns)
  return {
    find(text, { limit, scoreMin }) {
      const asked = contentWords(text, locale).slice(0, WORDS_MAX)
      const askedStems = [...new Set(asked.map(stemOf))]
      const sharedMin = Math.min(SHARED_MIN[locale], askedStems.length)
      const { columns, values, length } = vectoriser.vector(joined(asked, locale))
      for (let i = 0; i < length; i++) query[columns[i]!] = values[i]!
      const scored = stems.flatMap((own, place) => {
        const shared = askedStems.filter((stem) => own.has(stem)).length
        return shared >= sharedMin ? [{ place, score: dot(rows, place, query) }] : []
      })
      for (let i = 0; i < length; i++) query[columns[i]!] = 0
      return scored
        .filter(({ score }) => score >= scoreMin)
        .sort((left, right) => right.score - left.score || left.place - right.place)
        .slice(0, limit)
    },
  }
}

function joined(words: readonly string[], locale: Locale): string {
  return words.join(locale === 'zh' ? '' : ' ')
}

function dot({ start, index, value }: SparseRows, row: number, query: Float64Array): number {
  let sum = 0
  for (let at = start[row]!; at < start[row + 1]!; at++) sum += value[at]! * query[index[at]!]!
  return sum
}
