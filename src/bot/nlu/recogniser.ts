import path from 'node:path'
import type { CatalogNames } from '../../core/catalog/read'
import { loadNames, namesMark } from '../../core/catalog/read'
import { type Locale, locales } from '../../core/locale'
import type { Db } from '../../db/sql'
import type { Classification, ScoredLabel, TextClassifier } from '../../ml/text-classifier'
import type { Understanding } from '../contract'
import { redeems } from '../kit/redeeming'
import { simplified } from '../kit/simplified'
import { cleanText } from '../turn/clean-text'
import type { Recogniser } from '../turn/pipeline'
import { withCanonical } from './canonical'
import { clausesOf } from './clauses'
import { plainEntities } from './entities'
import { intentModel } from './intent-model'
import { languageOf } from './language'
import { createNameIndex } from './names'
import { isOnlyNumbers } from './numbers'
import { createProductIndex } from './product-index'
import { createSpelling, type Spelling } from './spelling'
import { readUtterances, type Utterance } from './utterances'

const NO_NAMES: CatalogNames = { categories: [], products: [] }
const ALTERNATIVES_MAX = 4
const ALTERNATIVE_MIN = 0.05
/** An answer less sure than this may come of a misspelt word. */
const SECOND_LOOK_BELOW = 0.85
/**
 * An answer less sure than this is asked about, whatever share of the right ones that costs: with good examples the model's
 * own threshold sinks to where most of what it lets through is about something else. Chinese, which has few characters for
 * many words, finds something known in everything, and so its scores run higher.
 */
const SURE_MIN: Readonly<Record<Locale, number>> = { en: 0.45, zh: 0.5 }
/** From that on a part of a message counts as a question of its own; what leads up to one is rarely so clear. */
const CLAUSE_SURE_MIN = 0.75
/** What stands after that in a long message rarely changes what it is about, and takes time. */
const READ_MAX = 400
/** Buttons say their title and people ask alike: what was said lately is understood as it was then. */
const REMEMBERED_MAX = 1_000
const REMEMBERED_CHARACTERS_MAX = 200

export interface RecogniserOptions {
  /** By language: how people say it. */
  utterances: Readonly<Record<Locale, readonly Utterance[]>>
  /** What the catalogue calls its products and categories. */
  names?: CatalogNames
  /** Where trained models are kept from one start to the next; without it each start trains. */
  cacheFolder?: string
}

/**
 * The recogniser of this checkout's conversations, with the names of the database's catalogue where there is one. Trained
 * models are kept in `cacheFolder`, the checkout's own unless another is given.
 */
export async function loadRecogniser(
  db: Db | undefined,
  { cacheFolder = path.join(checkout(), '.regulars', 'models') }: { cacheFolder?: string } = {},
): Promise<Recogniser> {
  const recogniser = createRecogniser({ utterances: ownUtterances(), cacheFolder })
  if (db) await recogniser.refresh?.(db)
  return recogniser
}

/** The utterances of all conversations in dialogs/. */
export function ownUtterances(): Record<Locale, Utterance[]> {
  const folder = path.join(checkout(), 'dialogs')
  return { en: readUtterances(folder, 'en'), zh: readUtterances(folder, 'zh') }
}

interface Reader {
  readonly model: TextClassifier
  readonly spelling: Spelling
}

/** Trains a model a language on the utterances, or reads it from the cache. */
export function createRecogniser({ utterances, names = NO_NAMES, cacheFolder }: RecogniserOptions): Recogniser {
  const readers = Object.fromEntries(
    locales
      .filter((locale) => utterances[locale].length > 0)
      .map((locale) => [locale, createReader(utterances[locale], locale, cacheFolder)]),
  ) as Partial<Record<Locale, Reader>>
  let index = createNameIndex(names)
  let products = createProductIndex(names)
  let learnt: string | undefined
  const remembered = new Map<string, Understanding>()

  function read(said: string, locale: Locale): Understanding {
    const text = locale === 'zh' ? simplified(said) : said
    const entitiesIn = (words: string) => ({ ...plainEntities(words, locale), ...index.find(words) })
    const { asked, ...meaning } = readers[locale] ? intentOf(readers[locale], text.slice(0, READ_MAX), locale) : NOTHING
    const [first, second] = asked ?? []
    const partOf = ({ label, words }: Asked) => ({ intent: label, said: words, entities: entitiesIn(words) })
    return {
      locale,
      ...meaning,
      entities: entitiesIn(text),
      ...(first && second ? { parts: [partOf(first), partOf(second)] } : {}),
    }
  }

  return {
    recognise(typed, { locale: current = 'en' }) {
      const said = cleanText(typed)
      const locale = languageOf(said) ?? current
      const key = `${locale}${said}`
      const understanding = remembered.get(key) ?? read(said, locale)
      if (said.length > REMEMBERED_CHARACTERS_MAX) return understanding
      // The first of a Map is the one that was said longest ago.
      remembered.delete(key)
      remembered.set(key, understanding)
      const [oldest] = remembered.size > REMEMBERED_MAX ? remembered.keys() : []
      if (oldest !== undefined) remembered.delete(oldest)
      return understanding
    },
    findProducts: (words, limit) => products.find(words, limit),
    async refresh(db) {
      const mark = await namesMark(db)
      if (mark === learnt) return
      const all = await loadNames(db)
      index = createNameIndex(all)
      const ofNow = createProductIndex(all)
      await ofNow.prepare()
      products = ofNow
      remembered.clear()
      learnt = mark
    },
  }
}

function createReader(utterances: readonly Utterance[], locale: Locale, cacheFolder: string | undefined): Reader {
  return {
    model: intentModel(utterances, locale, cacheFolder),
    spelling: createSpelling(utterances.map(({ text }) => text)),
  }
}

type Meaning = Omit<Understanding, 'locale' | 'entities' | 'parts'> & { readonly asked?: readonly Asked[] }

const NOTHING: Meaning = { intent: 'none', score: 0, alternatives: [] }

/** What was meant. Where that is unclear, a second look at the text with its misspelt words put right. */
function intentOf({ model, spelling }: Reader, said: string, locale: Locale): Meaning {
  if (isOnlyNumbers(said, locale)) return NOTHING
  const read = (text: string) => model.classify(withCanonical(text, locale), { othersMax: ALTERNATIVES_MAX })
  const asked = askedIn(clausesOf(said, locale).map((words) => ({ words, best: read(words).best })))
  if (asked[0]) return { intent: asked[0].label, score: rounded(asked[0].score), alternatives: [], asked }
  let found: Classification = read(said)
  if ((found.best?.score ?? 0) < SECOND_LOOK_BELOW) {
    const corrected = spelling.correct(said)
    const again = corrected === said ? found : read(corrected)
    if ((again.best?.score ?? 0) > (found.best?.score ?? 0)) found = again
  }
  const { best, others } = found
  if (best === undefined) return NOTHING
  const isSure = found.isSure && best.score >= SURE_MIN[locale]
  const likely = (isSure ? others : [best, ...others]).filter(({ score }) => score >= ALTERNATIVE_MIN)
  return {
    intent: isSure ? best.label : 'none',
    score: rounded(best.score),
    alternatives: likely
      .slice(0, ALTERNATIVES_MAX)
      .map(({ label, score }) => ({ intent: label, score: rounded(score) })),
  }
}

/** Said before or after a question, and none beside it. */
const POLITE = new Set(['goodbye', 'greeting', 'thanks'])
/** About what is being talked of: no question beside another. */
const IN_PASSING = new Set([...POLITE, 'cancel', 'help', 'none-of-these', 'who-are-you'])

/** Something that a message asks for, in its own words. */
interface Asked extends ScoredLabel {
  words: string
}

/** Whoever begins like that has a wish, and names the coupon rather than saying what is to be done with it. */
const REDEEM_SURE_MIN = { surely: 0.2, likely: 0.4 } as const

/**
 * Of a message's clauses the different things that are clearly asked for: two or more, or one with nothing but politeness
 * around it. What asks for nothing belongs to what was asked before it, or to the first.
 */
function askedIn(clauses: readonly { words: string; best: Classification['best'] }[]): Asked[] {
  const found: Asked[] = []
  let before = ''
  let sure = 0
  let polite = 0
  for (const { words, best } of clauses) {
    if (best && POLITE.has(best.label)) polite += 1
    const isAsked = best !== undefined && isClear(words, best)
    if (isAsked) sure += 1
    const last = found.at(-1)
    if (isAsked && !found.some(({ label }) => label === best.label)) {
      found.push({ ...best, words: `${before}${words}` })
      before = ''
    } else if (last) last.words += `, ${words}`
    else before += `${words}, `
  }
  return found.length > 1 || (polite > 0 && sure + polite === clauses.length) ? found : []
}

function isClear(words: string, { label, score }: ScoredLabel): boolean {
  if (IN_PASSING.has(label)) return false
  const wish = label === 'redeem-coupon' ? redeems(words) : undefined
  return score >= (wish ? REDEEM_SURE_MIN[wish] : CLAUSE_SURE_MIN)
}

function rounded(score: number): number {
  return Math.round(score * 1000) / 1000
}

/** The texts in dialogs/ are not compiled: a compiled recogniser, in dist/src/bot/nlu, reads the sources. */
function checkout(): string {
  const root = path.join(__dirname, '..', '..', '..')
  return path.basename(root) === 'dist' ? path.dirname(root) : root
}
