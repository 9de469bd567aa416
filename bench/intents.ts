import { readFileSync } from 'node:fs'
import { InvalidArgumentError } from 'commander'
import { parse } from 'csv-parse/sync'
import { withCanonical } from '../src/bot/nlu/canonical'
import { intentOptions, NONE } from '../src/bot/nlu/intent-model'
import { ownUtterances } from '../src/bot/nlu/recogniser'
import { locales } from '../src/core/locale'
import { stratifiedFolds } from '../src/ml/folds'
import { createRandom } from '../src/ml/random'
import {
  type Classification,
  loadTextClassifier,
  type TextClassifier,
  type TextClassifierOptions,
  type TrainingText,
  trainTextClassifier,
} from '../src/ml/text-classifier'
import type { Bench, BenchContext } from './bench'
import { foldsCount, positiveWhole } from './options'
import { linearSvcPeer } from './peers/linear-svc'
import { trainNaturalBayes } from './peers/natural-bayes'

interface Options {
  train?: string
  test?: string
  oosLabel?: string
  own?: true
  folds: number
  seed: number
}

/** Which intent a short text has: files of one's own, or cross-validation on this checkout's utterances. */
export const intents: Bench = {
  name: 'intents',
  summary: 'which intent a text has, beside natural’s naive Bayes; --own cross-validates the bot’s own utterances',
  options: [
    { flags: '--train <file>', describe: 'CSV with the columns text and category' },
    { flags: '--test <file>', describe: 'the same, kept back: nothing is chosen by it' },
    { flags: '--oos-label <label>', describe: 'the category of texts that belong to no category' },
    { flags: '--own', describe: 'cross-validate the utterances in dialogs/ instead of files' },
    { flags: '--folds <n>', describe: 'folds of --own', fallback: 10, parse: foldsCount },
    { flags: '--seed <n>', describe: 'seed of training and folds', fallback: 1, parse: positiveWhole },
  ],
  async run(given, context) {
    const options = given as unknown as Options
    if (options.own) return crossValidateOwn(options, context)
    if (options.train === undefined || options.test === undefined) {
      throw new InvalidArgumentError('give --train FILE and --test FILE, or --own')
    }
    return trainAndTest({ train: readTexts(options.train), test: readTexts(options.test) }, options, context)
  },
}

function readTexts(file: string): TrainingText[] {
  const rows = parse(readFileSync(file), { columns: true, bom: true, skip_empty_lines: true }) as Record<
    string,
    string
  >[]
  return rows.map(({ text, category }, index) => {
    if (text === undefined || category === undefined) {
      const columns = Object.keys(rows[index] ?? {}).join(', ')
      throw new InvalidArgumentError(`${file}: needs the columns text and category; it has ${columns}`)
    }
    return { text, label: category }
  })
}

/**
 * A program that has just started is slow at first, so that the test is timed after so many texts that were learnt from: none
 * of what is asked has been read before.
 */
const FIRST_TEXTS = 1_000

async function trainAndTest(
  { train, test }: { train: TrainingText[]; test: TrainingText[] },
  { oosLabel, seed }: Options,
  { say }: BenchContext,
): Promise<object> {
  if (train.length === 0 || test.length === 0) throw new InvalidArgumentError('both files need rows')
  say(`${train.length} texts to learn from, ${test.length} to test`)
  const startedAt = performance.now()
  const trained = trainTextClassifier(train, {
    language: languageOf(train),
    seed,
    ...(oosLabel === undefined ? {} : { outOfScopeLabel: oosLabel }),
  })
  const trainSeconds = secondsSince(startedAt)
  const bytes = trained.save()
  // Through a file's bytes, as it is used: what is measured is what was saved.
  const loaded = loadTextClassifier(bytes)
  const microsAtFirst = microsEach(train.slice(0, FIRST_TEXTS), ({ text }) => loaded.classify(text))
  const figures = measure(loaded, test, oosLabel)
  say('now natural’s naive Bayes, the baseline')
  const bayes = trainNaturalBayes(train.filter(({ label }) => label !== oosLabel))
  const inScope = test.filter(({ label }) => label !== oosLabel)
  const naturalBayesAccuracy = share(inScope, ({ text, label }) => bayes(text) === label)
  const peer = await linearSvcPeer(
    train.filter(({ label }) => label !== oosLabel),
    inScope,
    { isChinese: languageOf(train) === 'zh', say },
  )
  const result = { ...figures, microsAtFirst, trainSeconds, modelBytes: bytes.length, naturalBayesAccuracy, ...peer }
  say(tableOf(result))
  return result
}

/** A Chinese collection is read by characters. */
function languageOf(texts: readonly TrainingText[]): 'en' | 'zh' {
  return share(texts, ({ text }) => /\p{Script=Han}/u.test(text)) > 0.5 ? 'zh' : 'en'
}

/**
 * `accuracy` is the share of the texts that do belong somewhere and were put there; with a label for texts that belong
 * nowhere, calling one of the others unsure counts as an error. `accuracyForced` is what it were if nothing was refused.
 */
function measure(model: TextClassifier, test: readonly TrainingText[], oosLabel: string | undefined) {
  const answers: Classification[] = []
  const microsPerQuestion = microsEach(test, ({ text }) => answers.push(model.classify(text)))
  const refuses = oosLabel !== undefined
  const rows = test.map(({ label }, i) => {
    const { best, isSure } = answers[i] ?? { best: undefined, isSure: false }
    return { label, forced: best?.label, predicted: refuses && !isSure ? oosLabel : best?.label }
  })
  const inScope = rows.filter(({ label }) => label !== oosLabel)
  const outside = rows.filter(({ label }) => label === oosLabel)
  return {
    accuracy: share(inScope, ({ label, predicted }) => label === predicted),
    accuracyForced: share(inScope, ({ label, forced }) => label === forced),
    macroF1: macroF1(rows),
    outOfScopeRecall: outside.length === 0 ? null : share(outside, ({ predicted }) => predicted === oosLabel),
    microsPerQuestion,
  }
}

/** The mean over all categories, the one for texts of none included, of the harmonic mean of precision and recall. */
function macroF1(rows: readonly { label: string; predicted: string | undefined }[]): number {
  const counts = new Map<string, { right: number; called: number; actual: number }>()
  const countsOf = (label: string) => {
    const known = counts.get(label) ?? { right: 0, called: 0, actual: 0 }
    counts.set(label, known)
    return known
  }
  for (const { label, predicted } of rows) {
    countsOf(label).actual += 1
    if (predicted !== undefined) countsOf(predicted).called += 1
    if (predicted === label) countsOf(label).right += 1
  }
  const actual = [...counts.values()].filter((count) => count.actual > 0)
  return actual.reduce((sum, count) => sum + (2 * count.right) / (count.called + count.actual), 0) / actual.length
}

function crossValidateOwn({ folds, seed }: Options, { say }: BenchContext): object {
  const all = ownUtterances()
  return Object.fromEntries(
    locales.map((locale) => {
      const texts = all[locale].map(({ text, intent }) => ({ text: withCanonical(text, locale), label: intent }))
      return [
        locale,
        crossValidate(texts, { ...intentOptions(locale), seed }, folds, (line) => say(`${locale}: ${line}`)),
      ]
    }),
  )
}

function crossValidate(
  texts: TrainingText[],
  options: TextClassifierOptions,
  folds: number,
  say: (line: string) => void,
) {
  const labels = [...new Set(texts.map(({ label }) => label))]
  const fold = stratifiedFolds(
    texts.map(({ label }) => labels.indexOf(label)),
    folds,
    createRandom(options.seed ?? 1),
  )
  const confused = new Map<string, number>()
  const tally = { inScope: 0, right: 0, sureRight: 0, sureWrong: 0, outside: 0, refused: 0 }
  for (let part = 0; part < folds; part++) {
    const model = trainTextClassifier(
      texts.filter((_, i) => fold[i] !== part),
      options,
    )
    for (const { text, label } of texts.filter((_, i) => fold[i] === part)) {
      const { best, isSure } = model.classify(text)
      if (label === NONE) {
        tally.outside += 1
        if (!isSure) tally.refused += 1
        continue
      }
      const isRight = best?.label === label
      tally.inScope += 1
      if (isRight) tally.right += 1
      if (isSure && isRight) tally.sureRight += 1
      if (isSure && !isRight) tally.sureWrong += 1
      if (!isRight)
        confused.set(`${label} taken for ${best?.label}`, (confused.get(`${label} taken for ${best?.label}`) ?? 0) + 1)
    }
  }
  const worst = [...confused].sort(([, a], [, b]) => b - a).slice(0, 20)
  for (const [pair, count] of worst) say(`${count} × ${pair}`)
  const result = {
    utterances: texts.length,
    intents: labels.length,
    accuracyForced: tally.right / tally.inScope,
    sureAndRight: tally.sureRight / tally.inScope,
    sureAndWrong: tally.sureWrong / tally.inScope,
    noneRefused: tally.refused / Math.max(1, tally.outside),
  }
  say(tableOf(result))
  return result
}

function share<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  return items.length === 0 ? 0 : items.filter(holds).length / items.length
}

function microsEach<Item>(items: readonly Item[], work: (item: Item) => void): number {
  const startedAt = performance.now()
  for (const item of items) work(item)
  return (1e6 * secondsSince(startedAt)) / items.length
}

function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1000
}

function tableOf(figures: Record<string, number | null>): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${value === null ? '–' : Number(value.toPrecision(4))}`)
    .join(', ')
}
