import { errors, jwtVerify, SignJWT } from 'jose'
import type { Clock } from '../../core/clock'
import type { Locale } from '../../core/locale'
import { localeOf } from '../../core/locale'

/** What a token entitles to: this conversation, as this user. */
export interface Grant {
  readonly conversationId: string
  readonly userId: string
  readonly locale?: Locale
}

export type TokenResult =
  | { readonly ok: true; readonly grant: Grant }
  | { readonly ok: false; readonly code: 'token-expired' | 'token-invalid' }

export const TOKEN_LIFETIME_SECONDS = 30 * 60
const ISSUER = 'regulars'
const AUDIENCE = 'directline'

/** Signs and checks the tokens of our Direct Line. `user` is the claim that Direct Line clients read. */
export interface DirectLineTokens {
  sign(grant: Grant): Promise<string>
  /** `graceSeconds` accepts a token that expired so long ago, for taking up a conversation after a pause. */
  verify(token: string, options?: { graceSeconds?: number }): Promise<TokenResult>
}

/** Tokens signed with HS256 under the Direct Line secret. */
export function directLineTokens({ secret, clock }: { secret: string; clock: Clock }): DirectLineTokens {
  const key = new TextEncoder().encode(secret)
  return {
    sign({ conversationId, userId, locale }) {
      const issuedAt = Math.floor(clock().getTime() / 1_000)
      return new SignJWT({ conv: conversationId, user: userId, ...(locale ? { loc: locale } : {}) })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + TOKEN_LIFETIME_SECONDS)
        .sign(key)
    },
    async verify(token, { graceSeconds = 0 } = {}) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          issuer: ISSUER,
          audience: AUDIENCE,
          currentDate: clock(),
          clockTolerance: graceSeconds,
          requiredClaims: ['exp'],
        })
        const { conv, user, loc } = payload
        if (typeof conv !== 'string' || typeof user !== 'string') return { ok: false, code: 'token-invalid' }
        const locale = typeof loc === 'string' ? localeOf(loc) : undefined
        return { ok: true, grant: { conversationId: conv, userId: user, ...(locale ? { locale } : {}) } }
      } catch (error) {
        if (error instanceof errors.JWTExpired) return { ok: false, code: 'token-expired' }
        if (error instanceof errors.JOSEError) return { ok: false, code: 'token-invalid' }
        throw error
      }
    },
  }
}
