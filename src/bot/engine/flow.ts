import type { Action, Conversation, Question, Reply, Step } from '../contract'
import { meant, neutralTurn, ownerOf, push, type Registry, type Session, wordsOf } from './session'
import type { Waiting } from './state'

/** Conversations that one turn may start: two that hand over to each other would never end. */
const STARTS_MAX = 8

const LINK_ACCOUNT = 'link-account'

type OpenQuestion = Extract<Waiting, { kind: 'question' }>

/** Starts a conversation. A personal one is for a linked member in private; a stranger links first and then gets it. */
export async function begin(
  registry: Registry,
  session: Session,
  { conversation, intent, action }: { conversation: Conversation; intent: string; action?: Action },
): Promise<void> {
  session.started += 1
  if (session.started > STARTS_MAX) throw new Error(`one turn started more than ${STARTS_MAX} conversations`)
  const { turn } = session
  const forAnyone =
    conversation.personal && (turn.isGroup || !turn.member)
      ? await conversation.forAnyone?.({ ...turn, ...(action ? { action } : {}) })
      : undefined
  if (forAnyone) return apply(registry, session, conversation, forAnyone)
  if (conversation.personal && turn.isGroup) {
    session.replies.push({ text: wordsOf(session).privateOnly })
    return settle(registry, session)
  }
  if (conversation.personal && !turn.member) return linkFirst(registry, session, conversation, action)
  // Asked for again: what was open of it is void, so that one answer never serves two questions.
  removeWhere(session, (waiting) => waiting.conversation === conversation.id)
  const understood = turn.understood.intent === intent ? turn.understood : { ...turn.understood, intent, score: 1 }
  const step = await conversation.start({ ...turn, understood, ...(action ? { action } : {}) })
  await apply(registry, session, conversation, step)
}

async function linkFirst(
  registry: Registry,
  session: Session,
  conversation: Conversation,
  action: Action | undefined,
): Promise<void> {
  const link = registry.byId(LINK_ACCOUNT)
  session.replies.push({ text: wordsOf(session).needsLink })
  if (!link) return
  removeWhere(session, (waiting) => waiting.kind === 'wanted')
  const wanted: Waiting = {
    kind: 'wanted',
    owner: ownerOf(session.turn),
    conversation: conversation.id,
    ...(action ? { action } : {}),
  }
  const open = session.stack.at(-1)
  if (open?.conversation === LINK_ACCOUNT) {
    // Linking is under way: only what comes after it has changed.
    session.stack.splice(-1, 0, wanted)
    return reask(registry, session)
  }
  push(session, wanted)
  session.turn = neutralTurn(session.turn, LINK_ACCOUNT)
  await begin(registry, session, { conversation: link, intent: LINK_ACCOUNT })
}

/** Carries out what a conversation does next. */
export async function apply(
  registry: Registry,
  session: Session,
  conversation: Conversation,
  { say, next, speak, member }: Step<unknown>,
): Promise<void> {
  session.replies.push(...say)
  if (speak) {
    session.turn = { ...session.turn, locale: speak }
    session.localeChosen = true
    // What was listed stays to be chosen from in the other language.
    session.listStays = session.stack.length === 0
  }
  if (member !== undefined) changeMember(session, member)
  if (next.kind === 'ask') {
    const { id, version } = conversation
    const { question, data } = next
    const open: OpenQuestion = {
      kind: 'question',
      owner: ownerOf(session.turn),
      conversation: id,
      version,
      question,
      data,
    }
    push(session, open)
    return ask(session, conversation, open)
  }
  if (next.kind === 'start') {
    const target = registry.byId(next.conversation)
    if (!target) throw new Error(`"${conversation.id}" hands over to "${next.conversation}", which there is not`)
    session.turn = neutralTurn(session.turn, target.id, next.action)
    return begin(registry, session, {
      conversation: target,
      intent: target.id,
      ...(next.action ? { action: next.action } : {}),
    })
  }
  if (next.kind === 'rest') return
  // What was read in another language is no list to be reminded of.
  await settle(registry, session, speak ? 'ask' : 'remind')
}

function changeMember(session: Session, member: Exclude<Step<unknown>['member'], undefined>): void {
  const { member: _before, ...stranger } = session.turn
  session.turn = member === null ? stranger : { ...stranger, member }
  // What a member was asked is not for the stranger, nor for another member, that the chat user is now.
  if (_before) session.stack.length = 0
}

/** After a conversation's end: what waited for it goes on, an interrupted question is asked again. */
export async function settle(registry: Registry, session: Session, how: 'ask' | 'remind' = 'remind'): Promise<void> {
  const waiting = session.stack.at(-1)
  if (!waiting) return
  if (waiting.kind === 'wanted') {
    session.stack.pop()
    const conversation = registry.byId(waiting.conversation)
    if (!conversation || (conversation.personal && !session.turn.member)) return settle(registry, session, how)
    session.turn = neutralTurn(session.turn, conversation.id, waiting.action)
    const action = waiting.action ? { action: waiting.action } : {}
    return begin(registry, session, { conversation, intent: conversation.id, ...action })
  }
  session.replies.push({ text: wordsOf(session).back })
  await reask(registry, session, how)
}

/** Asks the open question again, if there is one. */
export async function reask(registry: Registry, session: Session, how: 'ask' | 'remind' = 'ask'): Promise<void> {
  const usable = await usableQuestion(registry, session)
  if (usable === 'restarted' || usable === 'nothing-open') return
  await ask(session, usable.conversation, usable.open, how)
}

/** Lets the open question take the turn as its answer. */
export async function tryAnswer(
  registry: Registry,
  session: Session,
): Promise<'answered' | 'nothing-open' | { hint?: Reply }> {
  const { intent } = session.turn.understood
  const open = session.stack.at(-1)
  const outdated = open?.kind === 'question' && registry.byId(open.conversation)?.version !== open.version
  // What clearly means something else is answered first; the question is asked afresh when we come back to it.
  if (
    outdated &&
    !session.turn.action &&
    registry.byVerb(intent)?.id !== open.conversation &&
    registry.byVerb(intent)
  ) {
    return {}
  }
  const usable = await usableQuestion(registry, session)
  if (usable === 'nothing-open') return 'nothing-open'
  if (usable === 'restarted') return 'answered'
  const result = await usable.question.answer(session.turn, usable.open.data)
  if ('notAnAnswer' in result) return result.hint ? { hint: result.hint } : {}
  meant(session, usable.conversation.id, 1)
  session.stack.pop()
  await apply(registry, session, usable.conversation, result)
  return 'answered'
}

/**
 * The open question and who asks it. One that can't be asked any more is closed: its conversation is gone, or speaks of
 * a member to a stranger; one of an older version of its conversation is started afresh.
 */
async function usableQuestion(
  registry: Registry,
  session: Session,
): Promise<
  'nothing-open' | 'restarted' | { open: OpenQuestion; conversation: Conversation; question: Question<unknown> }
> {
  const open = session.stack.at(-1)
  if (open?.kind !== 'question') return 'nothing-open'
  const conversation = registry.byId(open.conversation)
  const { turn } = session
  if (!conversation || (conversation.personal && (!turn.member || turn.isGroup))) {
    session.stack.pop()
    session.replies.push({ text: wordsOf(session).dropped })
    return usableQuestion(registry, session)
  }
  const question = conversation.questions[open.question]
  if (conversation.version === open.version && question) return { open, conversation, question }
  session.stack.pop()
  session.replies.push({ text: wordsOf(session).restarted })
  meant(session, conversation.id, 1)
  session.turn = neutralTurn(turn, conversation.id)
  await begin(registry, session, { conversation, intent: conversation.id })
  return 'restarted'
}

async function ask(
  session: Session,
  conversation: Conversation,
  { question: name, data }: OpenQuestion,
  how: 'ask' | 'remind' = 'ask',
): Promise<void> {
  const question = conversation.questions[name]
  if (!question) throw new Error(`"${conversation.id}" asks "${name}", which is not among its questions`)
  // What is listed before the question is not what "the second one" points at in its answer.
  session.askedFrom = session.replies.length
  const asked =
    how === 'remind' && question.remind ? question.remind(session.turn, data) : question.ask(session.turn, data)
  session.replies.push(...(await asked))
}

function removeWhere(session: Session, unwanted: (waiting: Waiting) => boolean): void {
  for (let i = session.stack.length - 1; i >= 0; i--) {
    const waiting = session.stack[i]
    if (waiting && unwanted(waiting)) session.stack.splice(i, 1)
  }
}
