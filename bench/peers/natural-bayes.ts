import type { TrainingText } from '../../src/ml/text-classifier'

// Deep imports: natural's index loads stores, taggers and a word net.
const BayesClassifier: typeof import('natural/lib/natural/classifiers').BayesClassifier =
  require('natural/lib/natural/classifiers/bayes_classifier')
const PorterStemmer: typeof import('natural/lib/natural/stemmers').PorterStemmer =
  require('natural/lib/natural/stemmers/porter_stemmer')

/** With its default of 1 it collapses where classes are of uneven size (banking77: 10.7 % right). */
const SMOOTHING = 0.1

/** natural's naive Bayes over stemmed words, or characters and pairs of them for Chinese. Returns the label of a text. */
export function trainNaturalBayes(texts: readonly TrainingText[]): (text: string) => string {
  const classifier = new BayesClassifier(PorterStemmer, SMOOTHING)
  for (const { text, label } of texts) classifier.addDocument(tokensOf(text), label)
  classifier.train()
  return (text) => classifier.classify(tokensOf(text))
}

/** Array tokens are taken as they are; one that looks like an integer would become an array index. */
function tokensOf(text: string): string[] {
  const folded = text.normalize('NFKC').toLowerCase()
  if (!/\p{Script=Han}/u.test(folded)) {
    return (folded.match(/[\p{L}\p{N}']+/gu) ?? []).map((word) => `w${PorterStemmer.stem(word)}`)
  }
  const characters = Array.from(folded.replace(/[^\p{L}\p{N}]/gu, ''))
  return characters.flatMap((character, i) => [`c${character}`, `c${character}${characters[i + 1] ?? '$'}`])
}
