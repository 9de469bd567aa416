import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify, SignJWT } from 'jose'
import type { Db } from '../../db/sql'

/** A token may not live longer than this, whatever its issuer says: it is a hand-over, not a session. */
export const memberTokenLifetimeMaxSeconds = 15 * 60
const CLOCK_TOLERANCE_SECONDS = 30

/** How the merchant's site signs: with a shared secret (HS256) or a key of its published set (RS256). */
export type MemberTokenKey =
  | { readonly algorithm: 'HS256'; readonly secret: Uint8Array }
  | { readonly algorithm: 'RS256'; readonly keys: JWTVerifyGetKey }

/** Keys of a JWKS address, fetched when first needed and again when an unknown key id shows up. */
export function jwksKey(url: string): MemberTokenKey {
  return { algorithm: 'RS256', keys: createRemoteJWKSet(new URL(url)) }
}

export type MemberTokenRefusal =
  | 'token-malformed'
  | 'token-signature'
  | 'token-audience'
  | 'token-expired'
  | 'token-too-long-lived'
  | 'token-incomplete'
  | 'token-used'

export type MemberTokenResult =
  | { readonly ok: true; readonly memberId: string }
  | { readonly ok: false; readonly code: MemberTokenRefusal; readonly reason: string }

export interface VerifyMemberToken {
  readonly token: string
  readonly key: MemberTokenKey
  readonly audience: string
  readonly at: Date
}

/**
 * Checks a token (JWT, RFC 7519) by which the merchant's site says who its visitor is: `sub` is the member id, `aud`
 * is ours, `iat` is past and `exp` at most 15 minutes after it, and `jti` has not been seen. A good token is used up by this call.
 * Throws only when the keys of a JWKS address cannot be fetched.
 */
export async function verifyMemberToken(db: Db, options: VerifyMemberToken): Promise<MemberTokenResult> {
  const checked = await checkClaims(options)
  if (!checked.ok) return checked
  const { memberId, id, expiresAt } = checked
  const claimed = await db.sql<{ id: string }>`
    insert into used_token (id, expires_at) values (${id}, ${expiresAt}) on conflict do nothing returning id`
  return claimed.length > 0 ? { ok: true, memberId } : refuse('token-used', 'this token was used before')
}

type Checked = { ok: true; memberId: string; id: string; expiresAt: Date } | (MemberTokenResult & { ok: false })

async function checkClaims({ token, key, audience, at }: VerifyMemberToken): Promise<Checked> {
  const options = {
    algorithms: [key.algorithm],
    audience,
    currentDate: at,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    requiredClaims: ['sub', 'aud', 'iat', 'exp', 'jti'],
  }
  let payload: JWTPayload
  try {
    // Two overloads, one for a key and one for a function that finds it.
    const verified =
      key.algorithm === 'HS256'
        ? await jwtVerify(token, key.secret, options)
        : await jwtVerify(token, key.keys, options)
    payload = verified.payload
  } catch (error) {
    return refusalOf(error)
  }
  const { sub, jti, iat, exp } = payload
  if (!sub || !jti || iat === undefined || exp === undefined)
    return refuse('token-incomplete', 'sub and jti may not be empty')
  if (/\p{Cc}/u.test(`${sub}${jti}`)) return refuse('token-incomplete', 'sub and jti may have no control characters')
  // Else it would live until then: as one does whose times are in milliseconds.
  if (iat > at.getTime() / 1000 + CLOCK_TOLERANCE_SECONDS) return refuse('token-expired', '"iat" is in the future')
  if (exp - iat > memberTokenLifetimeMaxSeconds) {
    const reason = `lives ${exp - iat} s; at most ${memberTokenLifetimeMaxSeconds} s are allowed`
    return refuse('token-too-long-lived', reason)
  }
  return { ok: true, memberId: sub, id: jti, expiresAt: new Date((exp + CLOCK_TOLERANCE_SECONDS) * 1000) }
}

function refusalOf(error: unknown): MemberTokenResult & { ok: false } {
  if (error instanceof errors.JWTExpired) return refuse('token-expired', error.message)
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.reason === 'missing') return refuse('token-incomplete', error.message)
    return refuse(error.claim === 'aud' ? 'token-audience' : 'token-expired', error.message)
  }
  if (
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JWKSNoMatchingKey ||
    // It does not name its key (`kid`), and there are several.
    error instanceof errors.JWKSMultipleMatchingKeys
  ) {
    return refuse('token-signature', error.message)
  }
  if (
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JOSENotSupported
  ) {
    return refuse('token-malformed', error.message)
  }
  throw error
}

function refuse(code: MemberTokenRefusal, reason: string): MemberTokenResult & { ok: false } {
  return { ok: false, code, reason }
}

/** Signs a token as a merchant's site would; the demo shop's page does. */
export function signMemberToken(options: {
  memberId: string
  secret: Uint8Array
  audience: string
  at: Date
  id: string
  lifetimeSeconds?: number
}): Promise<string> {
  const issuedAt = Math.floor(options.at.getTime() / 1000)
  return new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(options.memberId)
    .setAudience(options.audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + (options.lifetimeSeconds ?? 300))
    .setJti(options.id)
    .sign(options.secret)
}
