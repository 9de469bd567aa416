import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Locale } from '../../core/locale'
import { ModelFileError } from '../../ml/model-file'
import {
  loadTextClassifier,
  type TextClassifier,
  type TextClassifierOptions,
  trainTextClassifier,
} from '../../ml/text-classifier'
import { withCanonical } from './canonical'
import { synonyms } from './synonyms'
import type { Utterance } from './utterances'

/** The label of utterances that nothing of ours answers: trained on, never returned. */
export const NONE = 'none'

/**
 * The share of right answers that may be put as a question instead, to say less that is wrong. Higher than for a benchmark:
 * "did you mean …?" costs a press, a wrong answer the customer's trust.
 */
const LOSS_MAX = 0.08
/** Raise it when the same utterances should give another model: another algorithm or other options. */
export const RECIPE = 10

/** How the model of a language is trained. */
export function intentOptions(locale: Locale): TextClassifierOptions {
  // With forty examples an intent a word that was met once is worth keeping.
  return { language: locale, outOfScopeLabel: NONE, documentsMin: 1, lossMax: LOSS_MAX, seed: 'intents' }
}

function trainIntents(utterances: readonly Utterance[], locale: Locale): TextClassifier {
  return trainTextClassifier(
    utterances.map(({ text, intent }) => ({ text: withCanonical(text, locale), label: intent })),
    intentOptions(locale),
  )
}

/**
 * The model of these utterances from `cacheFolder`, or a new one that is then put there; without a folder always a new one.
 * A file of other utterances, of an older program or a damaged one is replaced; a folder that can't be written is done without.
 */
export function intentModel(utterances: readonly Utterance[], locale: Locale, cacheFolder?: string): TextClassifier {
  if (cacheFolder === undefined) return trainIntents(utterances, locale)
  const name = `intents-${locale}-`
  const file = path.join(cacheFolder, `${name}${hashOf(utterances, locale)}.model`)
  const cached = readModel(file)
  if (cached) return cached
  const model = trainIntents(utterances, locale)
  writeModel(file, name, model.save())
  return model
}

function hashOf(utterances: readonly Utterance[], locale: Locale): string {
  const hash = createHash('sha256').update(JSON.stringify([RECIPE, locale, synonyms[locale]]))
  for (const { intent, text } of utterances) hash.update(JSON.stringify([intent, text]))
  return hash.digest('hex').slice(0, 16)
}

function readModel(file: string): TextClassifier | undefined {
  try {
    return loadTextClassifier(readFileSync(file))
  } catch (error) {
    if (error instanceof ModelFileError || (error as NodeJS.ErrnoException).code !== undefined) return undefined
    throw error
  }
}

/** By renaming, so that another process never reads half a file. */
function writeModel(file: string, name: string, bytes: Uint8Array): void {
  const folder = path.dirname(file)
  try {
    mkdirSync(folder, { recursive: true })
    const draft = `${file}.${process.pid}`
    writeFileSync(draft, bytes)
    renameSync(draft, file)
    for (const old of readdirSync(folder)) {
      if (old.startsWith(name) && old.endsWith('.model') && old !== path.basename(file)) rmSync(path.join(folder, old))
    }
  } catch (error) {
    // The cache only saves time; without it each start trains anew.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
  }
}
