import type { Locale } from '../shared/locale'
import type { Memory } from './memory'
import { subjectOf } from './model/member-token'

/** A conversation on the server and the token to speak in it. */
export interface Session {
  readonly token: string
  readonly conversationId: string
  readonly userId: string
  /** Whose it is: a member token's subject, or empty for a stranger. */
  readonly member: string
  /** Whether it goes on with an earlier conversation. */
  readonly resumed: boolean
  /** The shop's page gave a token that the server does not take; the customer is a stranger. */
  readonly tokenRefused: boolean
}

/** The server was reached but could not serve; `message` is its own kind sentence, if it sent one. */
export class ServerTrouble extends Error {
  constructor(
    readonly status: number,
    readonly kindSentence: string | undefined,
  ) {
    super(`the chat server answered ${status}`)
  }
}

interface Stored {
  readonly token: string
  readonly conversationId: string
  readonly userId: string
  readonly member: string
}

const memoryKey = 'regulars:session'

/**
 * Goes on with this tab's conversation when it is the same person's; begins a new one otherwise. Throws ServerTrouble
 * or the network's error; both are worth trying again later.
 */
export async function openSession(
  memory: Memory,
  { memberToken, locale }: { memberToken?: string; locale: Locale },
): Promise<Session> {
  const member = memberToken ? subjectOf(memberToken) : ''
  const stored = readStored(memory)
  if (stored && stored.member === member) {
    const answer = await ask({ resume: stored.token, locale })
    // Where there is nothing to resume the server opens a stranger's conversation, which serves only a stranger.
    if (answer && (answer.resumed || !memberToken)) return keep(memory, { ...answer, member, tokenRefused: false })
  }
  memory.set(memoryKey, undefined)
  const answer = memberToken ? await ask({ memberToken, locale }) : undefined
  if (answer) return keep(memory, { ...answer, member, tokenRefused: false })
  const asStranger = await ask({ locale })
  if (!asStranger) throw new ServerTrouble(403, undefined)
  return keep(memory, { ...asStranger, member: '', tokenRefused: memberToken !== undefined })
}

/** Remembers a token that was renewed. */
export function renewStored(memory: Memory, token: string): void {
  const stored = readStored(memory)
  if (stored && stored.token !== token) memory.set(memoryKey, JSON.stringify({ ...stored, token }))
}

type Answer = Omit<Session, 'member' | 'tokenRefused'>

/** Undefined when the server refuses what it was given. */
async function ask(body: { memberToken?: string; resume?: string; locale: Locale }): Promise<Answer | undefined> {
  const response = await fetch(new URL('api/webchat/session', document.baseURI), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': body.locale },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  })
  if (response.ok) return (await response.json()) as Answer
  if ((body.memberToken || body.resume) && response.status >= 400 && response.status < 500 && response.status !== 429) {
    return undefined
  }
  const answer: unknown = await response.json().catch(() => undefined)
  throw new ServerTrouble(response.status, kindSentenceOf(response.status, answer))
}

/** The sentence for people in the answer of a server that cannot serve now; other errors speak to programmers. */
export function kindSentenceOf(status: number, body: unknown): string | undefined {
  if (status !== 503 || typeof body !== 'object' || body === null) return undefined
  const { error } = body as { error?: unknown }
  const message = typeof error === 'object' && error !== null ? (error as { message?: unknown }).message : undefined
  return typeof message === 'string' ? message : undefined
}

function keep(memory: Memory, session: Session): Session {
  const { token, conversationId, userId, member } = session
  const stored: Stored = { token, conversationId, userId, member }
  memory.set(memoryKey, JSON.stringify(stored))
  return session
}

function readStored(memory: Memory): Stored | undefined {
  const text = memory.get(memoryKey)
  return text ? (JSON.parse(text) as Stored) : undefined
}
