import type { Action, Conversation, Entities, Reply, Turn } from '../contract'
import { isTraditional } from '../kit/traditional'
import { languageOf } from './language'
import { offeredBy } from './offered'
import { spokenNow, stillSpoken } from './spoken'
import {
  type EngineState,
  type Offered,
  type Owner,
  type Spoken,
  STACK_DEPTH_MAX,
  STATE_VERSION,
  type Waiting,
} from './state'
import { words } from './words'

/** The conversations there are, by what starts them. */
export interface Registry {
  readonly all: readonly Conversation[]
  byId(id: string): Conversation | undefined
  /** The conversation that a verb of a button or an intent starts. */
  byVerb(verb: string): Conversation | undefined
}

export function registryOf(conversations: readonly Conversation[]): Registry {
  const ids = new Map<string, Conversation>()
  const verbs = new Map<string, Conversation>()
  for (const conversation of conversations) {
    if (ids.has(conversation.id)) throw new Error(`two conversations have the id "${conversation.id}"`)
    ids.set(conversation.id, conversation)
    for (const verb of new Set([conversation.id, ...conversation.intents, ...conversation.verbs])) {
      const other = verbs.get(verb)
      if (other) throw new Error(`"${verb}" would start both "${other.id}" and "${conversation.id}"`)
      verbs.set(verb, conversation)
    }
  }
  return { all: conversations, byId: (id) => ids.get(id), byVerb: (verb) => verbs.get(verb) }
}

/** One turn while it is being answered. */
export interface Session {
  turn: Turn
  /** What waits for this person; the last is what is being asked. */
  readonly stack: Waiting[]
  /** What waits for others of a group; untouched. */
  readonly others: readonly Waiting[]
  readonly offered: readonly Offered[]
  /** What was spoken of last, while that is not long ago. */
  readonly spoken?: Spoken
  readonly replies: Reply[]
  /** Where in `replies` the question begins that was asked last. */
  askedFrom: number
  readonly unsureBefore: number
  unsure: number
  localeChosen: boolean
  readonly traditional: boolean
  intent: string
  score: number
  /** What was offered before stays good: something of a list was chosen, or nothing was understood. */
  listStays: boolean
  /** Conversations started within this turn, so that two that hand over to each other end. */
  started: number
}

export function openSession(turn: Turn, state: EngineState): Session {
  // What the chat user was asked as another member is not for whom they are now: it is dropped.
  const mine = ({ userId, memberId }: Owner) =>
    userId === turn.userId && (memberId === undefined || memberId === turn.member?.id)
  const spoken = state.spoken && mine(state.spoken.owner) ? stillSpoken(state.spoken, turn.now) : undefined
  return {
    turn: { ...turn, locale: languageOf(turn, state) },
    stack: state.stack.filter(({ owner }) => mine(owner)),
    others: state.stack.filter(({ owner }) => owner.userId !== turn.userId),
    offered: mine(state.offered.owner) ? state.offered.items : [],
    ...(spoken ? { spoken } : {}),
    replies: [],
    askedFrom: 0,
    unsureBefore: state.unsure,
    unsure: 0,
    localeChosen: state.localeChosen,
    traditional: isTraditional(turn.said) ?? state.traditional ?? turn.readsTraditional ?? false,
    intent: 'none',
    score: 0,
    listStays: false,
    started: 0,
  }
}

export function closeSession(session: Session): EngineState {
  const { turn, stack, others, unsure, localeChosen } = session
  const spoken = spokenNow(session.replies, { before: session.spoken, owner: ownerOf(turn), now: turn.now })
  return {
    v: STATE_VERSION,
    stack: [...others.slice(-STACK_DEPTH_MAX), ...stack],
    unsure,
    offered: { owner: ownerOf(turn), items: offeredNow(session) },
    ...(spoken ? { spoken } : {}),
    locale: turn.locale,
    localeChosen,
    ...(session.traditional ? { traditional: true } : {}),
  }
}

/** Whose a question or an offer is that is made in this turn. */
export function ownerOf({ userId, member, isGroup }: Turn): Owner {
  return member && !isGroup ? { userId, memberId: member.id } : { userId }
}

function offeredNow({ replies, askedFrom, listStays, offered }: Session): Offered[] {
  const now = offeredBy(replies.slice(askedFrom))
  if (!listStays || now.some(({ numbered }) => numbered)) return now
  const titles = new Set(now.map(({ title }) => title))
  return [...now, ...offered.filter(({ title }) => !titles.has(title))]
}

export function push(session: Session, waiting: Waiting): void {
  session.stack.push(waiting)
  // A question at the bottom that is forgotten takes nothing with it: whatever waits stands for itself.
  while (session.stack.length > STACK_DEPTH_MAX) session.stack.shift()
}

/** Sets what the turn is reported to have meant; the first meaning found is the one. */
export function meant(session: Session, intent: string, score: number): void {
  if (session.intent !== 'none') return
  session.intent = intent
  session.score = score
}

const NO_ENTITIES: Entities = {
  numbers: [],
  couponCodes: [],
  orderCodes: [],
  emails: [],
  products: [],
  categories: [],
}

/** The same turn as if nothing but this had been asked for: no text, and the button given. */
export function neutralTurn(turn: Turn, intent: string, action?: Action): Turn {
  const { action: _pressed, ...rest } = turn
  return {
    ...rest,
    said: '',
    ...(action ? { action } : {}),
    understood: { locale: turn.locale, intent, score: 1, alternatives: [], entities: NO_ENTITIES },
  }
}

export function wordsOf(session: Session) {
  return words(session.turn)
}
