import type { Db } from '../../db/sql'
import type { Clock } from '../clock'
import type { Locale } from '../locale'
import { contentWords } from './content-words'
import { inShort } from './exchanges'
import { maskPersonal } from './mask'
import { indexTexts, type SimilarTexts } from './similar'
import { readSolved, type Solved, solvedMark } from './solved'

/** Something that an agent might answer. */
export interface SuggestedReply {
  readonly text: string
  /** An answer of the merchant's pages, or a conversation that was solved. */
  readonly source: 'page' | 'solved'
  readonly title: string
  /** 0 to 1. */
  readonly score: number
}

/** An answer that the merchant wrote. */
export interface WrittenAnswer {
  readonly title: string
  readonly text: string
  readonly score: number
}

/** Finds the merchant's answers to what was said, best first, with a score of 0 to 1. */
export type FindWritten = (said: string, locale: Locale) => readonly WrittenAnswer[]

export interface Suggestions {
  /**
   * What fits the member's words (the latest last), best first, in the member's language; empty where nothing does. A conversation
   * is never suggested to itself.
   */
  suggest(
    db: Db,
    asked: { said: readonly string[]; locale: Locale; requestId: number },
  ): Promise<readonly SuggestedReply[]>
}

const SOLVED_SHOWN = 2
const WRITTEN_SHOWN = 2
/** Off-topic questions reach 0.33 among 540 customer questions of 27 topics. */
const SIMILARITY_MIN = 0.35
const WRITTEN_SCORE_MIN = 0.4
const SAID_LOOKED_AT = 3
const TITLE_CHARACTERS_MAX = 60
/** New solved conversations are looked for at most so often. */
const REFRESH_MS = 60_000

interface Index {
  readonly mark: string
  readonly solved: readonly Solved[]
  readonly texts: SimilarTexts
}

/** Builds what finds suggestions. The index of solved conversations is made when it is first needed, and anew when they change. */
export function createSuggestions({ clock, findWritten }: { clock: Clock; findWritten: FindWritten }): Suggestions {
  const indexes = new Map<Locale, { checkedAt: number; index: Promise<Index> }>()

  function indexOf(db: Db, locale: Locale): Promise<Index> {
    const known = indexes.get(locale)
    const now = clock()
    if (known && now.getTime() - known.checkedAt < REFRESH_MS) return known.index
    const index = refreshed(db, locale, known?.index, now)
    indexes.set(locale, { checkedAt: now.getTime(), index })
    // A failure is the caller's to hear of; the next one tries anew.
    index.catch(() => indexes.delete(locale))
    return index
  }

  return {
    async suggest(db, { said, locale, requestId }) {
      const lately = said.slice(-SAID_LOOKED_AT)
      const { solved, texts } = await indexOf(db, locale)
      const found = solvedReplies(lately, { solved, texts, locale, requestId })
      return [...found, ...writtenReplies(lately, locale, findWritten)].sort((left, right) => right.score - left.score)
    },
  }
}

async function refreshed(db: Db, locale: Locale, before: Promise<Index> | undefined, at: Date): Promise<Index> {
  const mark = await solvedMark(db, { locale })
  const known = await before?.catch(() => undefined)
  if (known?.mark === mark) return known
  const solved = await readSolved(db, { locale, at })
  return {
    mark,
    solved,
    texts: indexTexts(
      solved.map(({ asked }) => asked),
      locale,
    ),
  }
}

function solvedReplies(
  said: readonly string[],
  { solved, texts, locale, requestId }: Pick<Index, 'solved' | 'texts'> & { locale: Locale; requestId: number },
): SuggestedReply[] {
  const query = said.join(' ')
  if (contentWords(query, locale).length === 0) return []
  const replies = new Map<string, SuggestedReply>()
  // One more than shown for itself, and some that answer alike.
  for (const { place, score } of texts.find(query, { limit: SOLVED_SHOWN * 4 + 1, scoreMin: SIMILARITY_MIN })) {
    const from = solved[place]
    if (!from || from.requestId === requestId || replies.size >= SOLVED_SHOWN) continue
    const masked = (text: string) => maskPersonal(text, { names: from.names, locale })
    const text = masked(from.answer)
    if (replies.has(text)) continue
    replies.set(text, { text, source: 'solved', title: inShort(masked(from.asked), TITLE_CHARACTERS_MAX), score })
  }
  return [...replies.values()]
}

function writtenReplies(said: readonly string[], locale: Locale, findWritten: FindWritten): SuggestedReply[] {
  const best = new Map<string, SuggestedReply>()
  for (const text of said) {
    for (const written of findWritten(text, locale)) {
      if (written.score < WRITTEN_SCORE_MIN || (best.get(written.title)?.score ?? 0) >= written.score) continue
      best.set(written.title, { ...written, source: 'page' })
    }
  }
  return [...best.values()].sort((left, right) => right.score - left.score).slice(0, WRITTEN_SHOWN)
}
