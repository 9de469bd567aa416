import { decodeProtectedHeader } from 'jose'
import { z } from 'zod'
import { findIdentity, linkIdentity } from '../../core/identity/identity'
import { type MemberTokenKey, type MemberTokenRefusal, verifyMemberToken } from '../../core/identity/member-token'
import { localeOf } from '../../core/locale'
import { OWN_CHANNEL } from '../reading'
import { type DirectLine, type DirectLineDeps, type OpenConversation, resumable } from './channel'
import { findAskedIn, isPersonal } from './log'
import { TOKEN_LIFETIME_SECONDS } from './tokens'

/** How the merchant's site proves who its visitor is: by a shared secret, by keys it publishes, or either. */
export interface MemberTokens {
  readonly audience: string
  readonly secret?: MemberTokenKey
  readonly jwks?: MemberTokenKey
}

export type SessionResult =
  | ({ readonly ok: true; readonly linked: boolean; readonly resumed: boolean } & OpenConversation & {
        readonly locale?: string
      })
  | { readonly ok: false; readonly code: 'malformed-request'; readonly reason: string }
  | {
      readonly ok: false
      readonly code: MemberTokenRefusal | 'unknown-member' | 'member-tokens-off'
      readonly reason: string
    }

/** Opens or resumes a web chat for a visitor of the merchant's site. */
export type OpenSession = (body: unknown) => Promise<SessionResult>

const schema = z.object({
  memberToken: z.string().min(1).max(8_192).nullish(),
  locale: z.string().max(64).nullish(),
  resume: z.string().min(1).max(8_192).nullish(),
})

/** A token that expired longer ago no longer opens its conversation. */
const RESUME_GRACE_SECONDS = 24 * 3_600

type TakenUp = Omit<OpenConversation, 'token'> & { readonly linked: boolean }

type Linked = { ok: true; memberId?: string } | (SessionResult & { ok: false })

/**
 * Builds the widget's way in: a token of the merchant's site links the chat user, and finds the chat in which people have
 * something for that member; an old chat token resumes its conversation.
 */
export function createWebchatSession(
  deps: Pick<DirectLineDeps, 'database' | 'tokens' | 'clock'>,
  directLine: DirectLine,
  memberTokens: MemberTokens | undefined,
): OpenSession {
  return async (body) => {
    const parsed = schema.safeParse(body ?? {})
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      return { ok: false, code: 'malformed-request', reason: `${issue?.path.join('.') || 'body'}: ${issue?.message}` }
    }
    const { memberToken, locale: tag, resume } = parsed.data
    const verified = memberToken ? await verify(deps, memberTokens, memberToken) : ({ ok: true } as Linked)
    if (!verified.ok) return verified
    const { memberId } = verified
    const locale = localeOf(tag)
    const resumedByToken = resume ? await takeUp(deps, resume, memberId) : undefined
    const taken = resumedByToken ?? (memberId === undefined ? undefined : await takeUpAnswer(deps, memberId))
    const session = taken
      ? { ...taken, token: await deps.tokens.sign({ ...taken, ...(locale ? { locale } : {}) }) }
      : await directLine.open(locale ? { locale } : {})
    const user = { channel: OWN_CHANNEL, tenantId: '', userId: session.userId }
    if (memberId !== undefined) {
      const linked = await linkIdentity(deps.database, { ...user, memberId, by: 'token', at: deps.clock() })
      if (!linked.ok) return { ok: false, code: linked.code, reason: 'no member has this id' }
    }
    const linked = memberId !== undefined || (taken?.linked ?? false)
    const { conversationId, userId, token, expiresInSeconds } = session
    const resumed = taken !== undefined
    return {
      ok: true,
      conversationId,
      userId,
      token,
      expiresInSeconds,
      linked,
      resumed,
      ...(tag ? { locale: tag } : {}),
    }
  }
}

async function verify(
  { database, clock }: Pick<DirectLineDeps, 'database' | 'clock'>,
  memberTokens: MemberTokens | undefined,
  token: string,
): Promise<Linked> {
  const key = memberTokens && keyFor(token, memberTokens)
  if (!key) return { ok: false, code: 'member-tokens-off', reason: 'no key for member tokens is configured' }
  return verifyMemberToken(database, { token, key, audience: memberTokens.audience, at: clock() })
}

/** The header only picks the key; each key accepts its own algorithm alone. */
function keyFor(token: string, { secret, jwks }: MemberTokens): MemberTokenKey | undefined {
  if (!secret || !jwks) return secret ?? jwks
  try {
    return decodeProtectedHeader(token).alg === 'RS256' ? jwks : secret
  } catch {
    return secret
  }
}

/** What people answered is found again for so long after the end. */
const ANSWER_FOUND_DAYS = 14

/**
 * Who left a message, or waited, and comes again without their earlier chat finds it where people have, or lately had, it:
 * a colleague's answer is in that conversation alone.
 */
async function takeUpAnswer(
  { database, clock }: Pick<DirectLineDeps, 'database' | 'clock'>,
  memberId: string,
): Promise<TakenUp | undefined> {
  const asked = await findAskedIn(database, { memberId, endedWithinDays: ANSWER_FOUND_DAYS, at: clock() })
  return asked && { ...asked, expiresInSeconds: TOKEN_LIFETIME_SECONDS, linked: true }
}

/** A conversation that speaks of one member, or did till they unlinked it, is not shown to another who signs in on the same page. */
async function takeUp(
  deps: Pick<DirectLineDeps, 'database' | 'tokens'>,
  resume: string,
  memberId: string | undefined,
): Promise<TakenUp | undefined> {
  const conversation = await resumable(deps, resume, { graceSeconds: RESUME_GRACE_SECONDS })
  if (!conversation) return undefined
  const { id, userId } = conversation
  const identity = await findIdentity(deps.database, { channel: OWN_CHANNEL, tenantId: '', userId })
  if (memberId !== undefined && identity?.memberId !== memberId) {
    if (identity || (await isPersonal(deps.database, { id }))) return undefined
  }
  return { conversationId: id, userId, expiresInSeconds: TOKEN_LIFETIME_SECONDS, linked: identity !== undefined }
}
