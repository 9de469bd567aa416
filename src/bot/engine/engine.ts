import { readMerchant } from '../../core/merchant'
import type { Action, AskedPart, Conversation, QuickReply, Reply, Turn } from '../contract'
import { CLEAR_NAME, LIKELY_NAME } from '../kit/choose'
import { escapeMarkdown } from '../kit/markdown'
import { pointingOf } from '../kit/pointing'
import { inTraditional } from '../kit/traditional'
import { nameIn } from '../kit/words'
import { begin, reask, settle, tryAnswer } from './flow'
import { chosenByName, chosenByNumber, chosenByTitle } from './offered'
import {
  closeSession,
  meant,
  neutralTurn,
  openSession,
  type Registry,
  registryOf,
  type Session,
  wordsOf,
} from './session'
import { type EngineState, type Offered, readState } from './state'
import { UNIVERSAL, universalIntent } from './universal'

/** What a turn came to. `intent` is what it was taken for: an intent, a conversation's id, or 'none'. */
export interface Outcome {
  readonly replies: readonly Reply[]
  readonly state: EngineState
  readonly intent: string
  readonly score: number
}

/** Holds the conversations together: finds what a turn means, lets the right one answer, remembers what is open. */
export interface Engine {
  /** Answers one turn. `state` is what the last one of this conversation returned, as stored; undefined for the first. */
  run(input: { turn: Turn; state: unknown }): Promise<Outcome>
  /** Greets somebody who has just opened the conversation; what was typed does not matter. */
  welcome(input: { turn: Turn; state?: unknown }): Promise<Outcome>
  /** Whether what this intent or verb starts begins with the member's balance. */
  readsBalance(verb: string): boolean
}

/** Text from which on a message is a speech: nobody expects the bot to have understood all of it. */
const SPEECH_CHARACTERS = 600
const QUICK_REPLIES_MAX = 6
const NONE_OF_THESE = 'none-of-these'
/** So often in a row not understood, a person is offered. */
const UNSURE_PERSON = 3
const UNHAPPY = /[😠😡🤬😤👿😢😭😞😔😟🙁☹😩😫😒🙄👎💩💔]/u
/** Letters of scripts that neither of our languages is written in; Japanese is told by its own beside the Chinese ones. */
const OTHER_SCRIPT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Devanagari}]{2}/u
const OURS = /\p{Script=Latin}{3}/u
/** Leaving an open question for something else takes clearer words than asking for it out of the blue. */
const INTERRUPTION_MIN = 0.5
const ALTERNATIVES_MAX = 3
/** What the recogniser is surer of than that, no name of a thing is held against. */
const SURE_OF_ITSELF = 0.8
/** A guess less likely than that is no help to somebody who was not understood the first time. */
const GUESS_MIN = 0.25

/** Builds the engine. Throws when two conversations share an id, an intent or a verb. */
export function createEngine(conversations: readonly Conversation[]): Engine {
  const registry = registryOf(conversations)
  return {
    async run({ turn, state }) {
      const session = openSession(turn, readState(state))
      if (session.turn.action) await onAction(registry, session, session.turn.action)
      else await onText(registry, session)
      return outcome(session)
    },
    async welcome({ turn, state }) {
      const session = openSession(neutralTurn(turn, 'none'), readState(state))
      const { member, isGroup, db, locale } = session.turn
      const merchant = escapeMarkdown(nameIn(locale, (await readMerchant(db)).name))
      const words = wordsOf(session)
      const text = isGroup
        ? words.welcomeGroup({ merchant })
        : words.welcome({ merchant, ...(member?.displayName ? { name: escapeMarkdown(member.displayName) } : {}) })
      session.replies.push({ text, quickReplies: menu(registry, session) })
      return outcome(session)
    },
    readsBalance: (verb) => registry.byVerb(verb)?.readsBalance === true,
  }
}

function outcome(session: Session): Outcome {
  return { replies: shownReplies(session), state: closeSession(session), intent: session.intent, score: session.score }
}

/** In the characters that the person writes; their own name stays as it is. */
function shownReplies({ replies, traditional, turn }: Session): readonly Reply[] {
  if (!traditional || turn.locale !== 'zh') return replies
  const { displayName } = turn.member ?? {}
  const kept = displayName === undefined ? [] : [escapeMarkdown(displayName)]
  return replies.map((reply) => inTraditional(reply, kept))
}

async function onAction(registry: Registry, session: Session, action: Action): Promise<void> {
  const conversation = registry.byVerb(action.verb)
  const open = session.stack.at(-1)
  if (!conversation) {
    session.replies.push({ text: wordsOf(session).buttonGone, quickReplies: menu(registry, session) })
    return
  }
  meant(session, conversation.intents.includes(action.verb) ? action.verb : conversation.id, 1)
  if (action.verb === UNIVERSAL.cancel && open) return cancel(registry, session)
  if (open?.conversation === conversation.id && open.kind === 'question') {
    const answered = await tryAnswer(registry, session)
    if (answered === 'answered') return
  }
  await begin(registry, session, { conversation, intent: action.verb, action })
}

async function onText(registry: Registry, session: Session): Promise<void> {
  const { turn, offered } = session
  if (/^[\s\p{P}]*$/u.test(turn.said)) return onEmpty(registry, session)
  // Emoji and signs may answer a question, but are never a request.
  const wordless = !/[\p{L}\p{N}]/u.test(turn.said)
  const titled = chosenByTitle(turn.said, offered)
  if (titled) return onChosen(registry, session, titled)
  if (session.stack.length === 0 && (await onPointing(registry, session))) return
  const universal = wordless ? undefined : universalIntent(turn)
  const asked = universal === undefined ? undefined : registry.byVerb(universal)
  if (universal && asked) return onIntent(registry, session, { conversation: asked, intent: universal, score: 1 })
  const numbered = chosenByNumber(turn, offered, { buttons: session.stack.length === 0 })
  if (numbered) return onChosen(registry, session, numbered)

  const answered = await tryAnswer(registry, session)
  if (answered === 'answered') return
  if (session.stack.length > 0 && (await onPointing(registry, session))) return
  const named = chosenByName(turn.said, offered, CLEAR_NAME)
  if (named) return onChosen(registry, session, named)
  const { intent, score } = turn.understood
  // A bare number may answer, choose or be an order's; it never asks for something by itself.
  const sure = /\p{L}/u.test(turn.said) && score >= (session.stack.length > 0 ? INTERRUPTION_MIN : 0)
  const conversation = sure && intent !== 'none' ? registry.byVerb(intent) : undefined
  const insisting = score < SURE_OF_ITSELF ? registry.all.find((each) => each.insists?.(turn)) : undefined
  if (insisting) {
    meant(session, insisting.id, 1)
    return begin(registry, session, { conversation: insisting, intent: insisting.id })
  }
  if (conversation) return onIntent(registry, session, { conversation, intent, score })
  const guessed = chosenByName(turn.said, offered, LIKELY_NAME)
  if (guessed) return onChosen(registry, session, guessed)
  const claiming = registry.all.find((each) => each.claims?.(turn))
  if (claiming) {
    meant(session, claiming.id, 1)
    return begin(registry, session, { conversation: claiming, intent: claiming.id })
  }
  await onUnsure(registry, session, answered === 'nothing-open' ? undefined : answered.hint)
}

/** "Where is it", "how much is it": of what was spoken of last, where a conversation knows what to do. */
async function onPointing(registry: Registry, session: Session): Promise<boolean> {
  const { spoken, turn } = session
  const asked = spoken && pointingOf(turn.said)
  if (!asked) return false
  const action = registry.all.map(({ followUp }) => followUp?.(spoken, asked)).find((each) => each !== undefined)
  const conversation = action && registry.byVerb(action.verb)
  if (!conversation) return false
  meant(session, conversation.intents.includes(action.verb) ? action.verb : conversation.id, 1)
  session.turn = neutralTurn(turn, action.verb, action)
  await begin(registry, session, { conversation, intent: action.verb, action })
  return true
}

/** As if its button had been pressed. */
async function onChosen(registry: Registry, session: Session, { action, numbered }: Offered): Promise<void> {
  if (!action) return
  session.listStays = numbered && session.stack.length === 0
  session.turn = neutralTurn(session.turn, action.verb, action)
  await onAction(registry, session, action)
}

async function onIntent(
  registry: Registry,
  session: Session,
  { conversation, intent, score }: { conversation: Conversation; intent: string; score: number },
): Promise<void> {
  meant(session, intent, score)
  if (intent === UNIVERSAL.cancel && session.stack.length > 0) return cancel(registry, session)
  const { understood } = session.turn
  const [first, second] = (intent === understood.intent && session.stack.length === 0 && understood.parts) || []
  if (first) session.turn = withPart(session.turn, first)
  await begin(registry, session, { conversation, intent })
  // A second question of the same message; a question that the first led to comes back after it. Not where a person takes
  // over, nor where linking is under way already for the first.
  const other = second && intent !== UNIVERSAL.talkToPerson ? registry.byVerb(second.intent) : undefined
  if (!second || !other || (other.personal && !session.turn.member && session.stack.length > 0)) return
  session.turn = withPart({ ...session.turn, understood }, second)
  await begin(registry, session, { conversation: other, intent: second.intent })
}

/** The turn as if nothing but this part of it had been said. */
function withPart(turn: Turn, { intent, said, entities }: AskedPart): Turn {
  return { ...turn, said, understood: { ...turn.understood, intent, entities } }
}

/** Closes what is being asked and what waits only for its end; an earlier question is asked again. */
async function cancel(registry: Registry, session: Session): Promise<void> {
  session.stack.pop()
  while (session.stack.at(-1)?.kind === 'wanted') session.stack.pop()
  session.replies.push({ text: wordsOf(session).cancelled })
  await settle(registry, session)
}

async function onEmpty(registry: Registry, session: Session): Promise<void> {
  session.listStays = session.stack.length === 0
  session.unsure = session.unsureBefore
  session.replies.push({ text: wordsOf(session).empty, quickReplies: menu(registry, session) })
  await reask(registry, session)
}

async function onUnsure(registry: Registry, session: Session, hint: Reply | undefined): Promise<void> {
  const { turn, replies } = session
  const words = wordsOf(session)
  session.listStays = session.stack.length === 0
  if (!/[\p{L}\p{N}]/u.test(turn.said)) {
    // Emoji and signs say how somebody feels; they are no question that was misunderstood.
    session.unsure = session.unsureBefore
    replies.push(
      UNHAPPY.test(turn.said) ? unhappy(session) : { text: words.emoji, quickReplies: menu(registry, session) },
    )
    await reask(registry, session)
    return
  }
  const asking = session.stack.length > 0
  session.unsure = session.unsureBefore + 1
  if (OTHER_SCRIPT.test(turn.said) && !OURS.test(turn.said) && session.unsure < UNSURE_PERSON) {
    replies.push({ text: words.otherLanguage })
    return reask(registry, session)
  }
  if (session.unsure === 1) {
    replies.push(hint ?? askAgain(registry, session))
    await reask(registry, session)
  } else if (session.unsure < UNSURE_PERSON) {
    const others = likelyMeant(registry, session)
    replies.push(asking ? { text: words.chooseOpen } : { text: words.choose, quickReplies: others })
    await reask(registry, session, 'remind')
    if (asking) offerBeside(session, others)
  } else {
    // With nothing else open, yes and no answer our own offer.
    const yes = asking ? {} : { aliases: words.yes }
    const no = asking ? {} : { aliases: words.no }
    const person = {
      title: words.talkToPerson,
      action: { verb: UNIVERSAL.talkToPerson, args: { reason: 'not-understood' } },
      ...yes,
    }
    const help = { title: words.help, action: { verb: UNIVERSAL.help, args: {} }, ...no }
    replies.push({ text: words.person, quickReplies: [person, help] })
    await reask(registry, session, 'remind')
    if (asking) offerBeside(session, [person, help])
  }
}

function unhappy(session: Session): Reply {
  const words = wordsOf(session)
  const person = { title: words.talkToPerson, action: { verb: UNIVERSAL.talkToPerson, args: { reason: 'complaint' } } }
  return { text: words.unhappy, quickReplies: [person] }
}

/** What the first text is answered that was not understood: with the likely meanings, if there are any and nothing else is asked. */
function askAgain(registry: Registry, session: Session): Reply {
  const { turn } = session
  const words = wordsOf(session)
  if (turn.said.length >= SPEECH_CHARACTERS) return { text: words.tooLong }
  // A number may be anything's; and an open question is what was most likely meant to be answered.
  const isGuessed = session.stack.length === 0 && /\p{L}/u.test(turn.said)
  const guesses = isGuessed ? guessesOf(registry, turn, GUESS_MIN) : []
  const [only, ...others] = guesses
  if (only === undefined) return { text: words.rephrase }
  const none = { title: words.noneOfThese, action: { verb: NONE_OF_THESE, args: {} } }
  if (others.length > 0) return { text: words.guess, quickReplies: [...guesses, none] }
  const text = words.guessOne({ guess: only.title })
  return {
    text,
    quickReplies: [
      { ...only, aliases: words.yes },
      { ...none, aliases: words.no },
    ],
  }
}

/** Adds ways out to the buttons of the question that was asked again, so that "yes" still speaks of what is on the screen. */
function offerBeside({ replies }: Session, others: readonly QuickReply[]): void {
  const last = replies.pop()
  if (!last) return
  const own = last.quickReplies ?? []
  const titles = new Set(own.map(({ title }) => title))
  const beside = others.filter(({ title }) => !titles.has(title)).slice(-Math.max(0, QUICK_REPLIES_MAX - own.length))
  replies.push({ ...last, quickReplies: [...own, ...(own.length < QUICK_REPLIES_MAX ? beside : [])] })
}

/** The nearest guesses, filled up from the menu, and always a person. */
function likelyMeant(registry: Registry, session: Session): QuickReply[] {
  const { turn } = session
  const words = wordsOf(session)
  const guesses = guessesOf(registry, turn)
  const last = [
    ...(session.stack.length > 0 ? [{ title: words.cancel, action: { verb: UNIVERSAL.cancel, args: {} } }] : []),
    { title: words.talkToPerson, action: { verb: UNIVERSAL.talkToPerson, args: { reason: 'not-understood' } } },
  ]
  const verbs = new Set([...guesses, ...last].map((reply) => reply.action.verb))
  const rest = menu(registry, session).filter((reply) => !verbs.has(reply.action?.verb ?? ''))
  return [...guesses, ...rest.slice(0, QUICK_REPLIES_MAX - guesses.length - last.length), ...last]
}

/** The likeliest meanings that have a title, as buttons; none where the likeliest of all is not as likely as `likelyMin`. */
function guessesOf(registry: Registry, turn: Turn, likelyMin = 0) {
  const { alternatives } = turn.understood
  if ((alternatives[0]?.score ?? 0) < likelyMin) return []
  return alternatives
    .slice(0, ALTERNATIVES_MAX)
    .map(({ intent }) => titled(registry, turn, intent))
    .filter((guess) => guess !== undefined)
}

function titled(registry: Registry, turn: Turn, intent: string) {
  const conversation = registry.byVerb(intent)
  const title = conversation?.titleOf?.(intent, turn.locale) ?? conversation?.menuTitle?.[turn.locale]
  return title === undefined ? undefined : { title, action: { verb: intent, args: {} } }
}

/** The first entries of the help menu; a group sees only what is not personal. */
function menu(registry: Registry, { turn }: Session): QuickReply[] {
  return registry.all
    .filter(({ personal }) => !(personal && turn.isGroup))
    .map(({ id, menuTitle }) => menuTitle && { title: menuTitle[turn.locale], action: { verb: id, args: {} } })
    .filter((entry) => entry !== undefined)
    .slice(0, QUICK_REPLIES_MAX)
}
