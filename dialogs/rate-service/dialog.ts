import type { Conversation, QuickReply, Reply, Step, Turn } from '../../src/bot/contract'
import { numberArgument, textArgument } from '../../src/bot/kit/arguments'
import { bareNumber, fold } from '../../src/bot/kit/choose'
import { escapeMarkdown } from '../../src/bot/kit/markdown'
import { localisedWords, quickReply, say } from '../../src/bot/kit/words'
import { addRatingWord, findUnrated, rateRequest } from '../../src/core/handoff/rating'
import { en } from './replies.en'
import { zh } from './replies.zh'

const words = localisedWords({ en, zh })

const ID = 'rate-service'
const SCORES = [1, 2, 3, 4, 5]
const LOW = 2
/** Something short and clear that means something else is no word about the service. */
const CLEARLY_ELSE = 0.8
const SHORT_CHARACTERS = 40
const WORD_CHARACTERS_MAX = 1_000

interface Data {
  readonly requestId: number
  /** Who had the conversation, for the first time that it is asked. */
  readonly name: string
  readonly score: number
}

/**
 * Asks the member how content they were when a person has closed the conversation: a number, and a word. Starts by the
 * desk's doing, or when asked for; which conversation it is about is read from the database, never from a button.
 */
export const rateService: Conversation<Data> = {
  id: ID,
  version: 1,
  intents: [ID],
  verbs: [],
  personal: false,
  async start(turn) {
    const { db, channel, conversationId, now: at } = turn
    const requestId = await findUnrated(db, { channel, conversationId, at })
    if (requestId === undefined) {
      return { say: [say(words(turn).nothing, quickReply(words(turn).help, 'help'))], next: { kind: 'end' } }
    }
    const name = textArgument(turn.action, 'name') ?? ''
    return { say: [], next: { kind: 'ask', question: 'score', data: { requestId, name, score: 0 } } }
  },
  questions: {
    score: {
      ask: async (turn, { name }) => [askScore(turn, words(turn).ask({ name: escapeMarkdown(name) }))],
      remind: async (turn) => [askScore(turn, words(turn).remind)],
      answer: takeScore,
    },
    word: {
      async ask(turn, { score }) {
        const w = words(turn)
        return [say(score <= LOW ? w.askWordLow : w.askWord, skip(turn))]
      },
      answer: takeWord,
    },
  },
}

function askScore(turn: Turn, text: string): Reply {
  const scores = SCORES.map((score) => quickReply(String(score), ID, { score }))
  return say(text, ...scores, skip(turn))
}

function skip(turn: Turn): QuickReply {
  return quickReply(words(turn).skip, ID, { skip: 'yes' })
}

function isSkip(turn: Turn): boolean {
  return textArgument(turn.action, 'skip') !== undefined || fold(turn.said) === fold(words(turn).skip)
}

async function takeScore(turn: Turn, data: Data): Promise<Step<Data> | { notAnAnswer: true; hint?: Reply }> {
  const w = words(turn)
  if (isSkip(turn)) return { say: [say(w.skipped)], next: { kind: 'end' } }
  const score = numberArgument(turn.action, 'score', { min: 1, max: 5 }) ?? scoreSaid(turn)
  if (score === undefined) return { notAnAnswer: true, hint: { text: w.notAScore } }
  await rateRequest(turn.db, { requestId: data.requestId, score, at: turn.now })
  return { say: [], next: { kind: 'ask', question: 'word', data: { ...data, score } } }
}

function scoreSaid(turn: Turn): number | undefined {
  const number =
    bareNumber(turn)?.number ?? Number(/^\s*([1-5])\s*(?:分|\/ ?5|stars?|星)?\s*[.!。！]?\s*$/i.exec(turn.said)?.[1])
  return SCORES.find((score) => score === number)
}

async function takeWord(turn: Turn, { requestId, score }: Data): Promise<Step<Data> | { notAnAnswer: true }> {
  const w = words(turn)
  const { intent, score: sureness } = turn.understood
  const isElse = intent !== 'none' && sureness >= CLEARLY_ELSE && turn.said.length <= SHORT_CHARACTERS
  if (!isSkip(turn)) {
    if (turn.action || turn.said === '' || (isElse && !ABOUT_US.has(intent))) return { notAnAnswer: true }
    await addRatingWord(turn.db, { requestId, word: turn.said.slice(0, WORD_CHARACTERS_MAX) })
  }
  if (score > LOW) return { say: [say(isSkip(turn) ? w.skipped : w.thanks)], next: { kind: 'end' } }
  const person = quickReply(w.person, 'talk-to-person', { reason: 'low-feedback' })
  return { say: [say(w.thanksLow, person, quickReply(w.help, 'help'))], next: { kind: 'end' } }
}

/** What people say of a service that was good or bad; it is taken for one of these, and meant as the word asked for. */
const ABOUT_US = new Set(['complaint', 'review', 'thanks', 'goodbye', 'greeting', 'none-of-these', ID])
