import path from 'node:path'
import type { CatalogNames } from '../../core/catalog/read'
import { loadNames } from '../../core/catalog/read'
import type { Locale } from '../../core/locale'
import type { Db } from '../../db/sql'
import type { Recogniser } from '../turn/pipeline'
import { plainEntities } from './entities'
import { trainIntents } from './intent-model'
import { createNameIndex } from './names'
import { readUtterances } from './utterances'

const NO_NAMES: CatalogNames = { categories: [], products: [] }
/** Below this the likeliest intent is a guess. */
const SURE_MIN = 0.3
/** What nothing of ours answers: trained on, never returned. */
const OTHER = 'none'
const ALTERNATIVES_MAX = 4
const ALTERNATIVE_MIN = 0.05

/** The recogniser of this checkout's conversations, with the names of the database's catalogue where there is one. */
export async function loadRecogniser(db: Db | undefined): Promise<Recogniser> {
  return createRecogniser({
    dialogsFolder: dialogsFolder(),
    names: db ? await loadNames(db) : NO_NAMES,
  })
}

/** Trains both languages on the utterances of a folder of conversations. */
export function createRecogniser({ dialogsFolder, names }: { dialogsFolder: string; names: CatalogNames }): Recogniser {
  const models = {
    en: trainIntents(readUtterances(dialogsFolder, 'en'), 'en'),
    zh: trainIntents(readUtterances(dialogsFolder, 'zh'), 'zh'),
  }
  const index = createNameIndex(names)
  return {
    recognise(said, { locale: current = 'en' }) {
      const locale = languageOf(said) ?? current
      const ranked = models[locale].classify(said)
      const [best] = ranked
      const isSure = best !== undefined && best.intent !== OTHER && best.score >= SURE_MIN
      return {
        locale,
        intent: isSure ? best.intent : 'none',
        score: best?.score ?? 0,
        alternatives: ranked
          .filter(({ intent, score }) => intent !== OTHER && score >= ALTERNATIVE_MIN)
          .slice(0, ALTERNATIVES_MAX),
        entities: { ...plainEntities(said, locale), ...index.find(said) },
      }
    },
  }
}

/** Chinese where there is a Chinese character, English where there are Latin words, undefined where neither says. */
export function languageOf(said: string): Locale | undefined {
  if (/\p{Script=Han}/u.test(said)) return 'zh'
  return /[a-z]{2}/i.test(said) ? 'en' : undefined
}

/** dialogs/ stands beside src/; the texts in it are not compiled, so a compiled recogniser reads the sources. */
function dialogsFolder(): string {
  const root = path.join(__dirname, '..', '..', '..')
  return path.join(path.basename(root) === 'dist' ? path.dirname(root) : root, 'dialogs')
}
