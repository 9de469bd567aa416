import type { EarlierEntry } from '../handoff/earlier'

/** Something that a member said, and what came of it. */
export interface Exchange {
  readonly said: string
  /** What the bot answered in short; empty where it said nothing. */
  readonly answer: string
  /** How the bot fell short, if it did. */
  readonly shortfall: Shortfall | undefined
}

/** The bot did not understand, or something broke or took too long. */
export type Shortfall = 'not-understood' | 'failed'

/** Says whether an answer of the bot tells that it fell short. */
export type ShortfallOf = (answer: string) => Shortfall | undefined

const SAID_CHARACTERS_MAX = 120
const ANSWER_CHARACTERS_MAX = 110

/**
 * What was said before a request as questions and answers, in order.
 */
export function exchangesOf(said: readonly EarlierEntry[], shortfallOf: ShortfallOf): Exchange[] {
  const exchanges: { said: string; answers: string[] }[] = []
  for (const { author, text, cards } of said) {
    if (author === 'member') exchanges.push({ said: text, answers: [] })
    else exchanges.at(-1)?.answers.push(text === '' ? cards.join(', ') : text)
  }
  return exchanges
    .filter((each) => each.said.trim() !== '')
    .map(({ said: asked, answers }) => ({
      said: inShort(asked, SAID_CHARACTERS_MAX),
      answer: inShort(firstSentence(withoutMarks(answers[0] ?? '')), ANSWER_CHARACTERS_MAX),
      shortfall: answers.map(shortfallOf).find((each) => each !== undefined),
    }))
}

/** In one line and at most so long, cut between characters. */
export function inShort(text: string, charactersMax: number): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  const characters = Array.from(line)
  return characters.length <= charactersMax
    ? line
    : `${characters
        .slice(0, charactersMax - 1)
        .join('')
        .trimEnd()}…`
}

/** The bot's Markdown as plain text. */
function withoutMarks(text: string): string {
  return text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\\([\\`*_{}[\]()#+\-.!|<>~])/g, '$1')
    .replace(/(^|\n)\s*(?:#+|>|[-*+]|\d+[.)])\s+/g, '$1')
    .replace(/[*_`]{1,3}(\S[^*_`]*)[*_`]{1,3}/g, '$1')
}

function firstSentence(text: string): string {
  const paragraph = text.trim().split(/\n\s*\n/)[0] ?? ''
  return /^[\s\S]*?(?:[.!?](?=\s|$)|[。！？])/.exec(paragraph)?.[0] ?? paragraph
}
