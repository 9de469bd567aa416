import type { webcrypto } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose'
import {
  jwksKey,
  type MemberTokenKey,
  signMemberToken,
  verifyMemberToken,
} from '../../../src/core/identity/member-token'
import { useDatabase } from '../../support/database'

const database = useDatabase()
const at = new Date('2026-03-01T10:00:00Z')
const seconds = at.getTime() / 1000
const secret = new TextEncoder().encode('a shared secret of thirty-two chars')
const hs256: MemberTokenKey = { algorithm: 'HS256', secret }
const audience = 'regulars'

const verify = (token: string, key: MemberTokenKey = hs256, now = at) =>
  verifyMemberToken(database.current(), { token, key, audience, at: now })

function signed(claims: Record<string, unknown>, key = secret, alg = 'HS256') {
  const good = {
    sub: 'M1',
    aud: audience,
    iat: seconds,
    exp: seconds + 60,
    jti: `${Math.trunc(seconds)}-${JSON.stringify(claims)}`,
  }
  return new SignJWT({ ...good, ...claims }).setProtectedHeader({ alg }).sign(key)
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe("a token from the merchant's site", () => {
  it('names the member, once', async () => {
    const token = await signMemberToken({ memberId: 'M1', secret, audience, at, id: 'one' })
    expect(await verify(token)).toEqual({ ok: true, memberId: 'M1' })
    expect(await verify(token)).toMatchObject({ ok: false, code: 'token-used' })
  })

  it('is used up by exactly one of many at once', async () => {
    const token = await signMemberToken({ memberId: 'M1', secret, audience, at, id: 'race' })
    const results = await Promise.all(Array.from({ length: 10 }, () => verify(token)))
    expect(results.filter((result) => result.ok)).toHaveLength(1)
  })

  it.each([
    ['another audience', { aud: 'somebody-else' }, 'token-audience'],
    ['an end in the past', { exp: seconds - 60 }, 'token-expired'],
    ['a start in the future', { nbf: seconds + 600 }, 'token-expired'],
    ['no end', { exp: undefined }, 'token-incomplete'],
    ['no id', { jti: undefined }, 'token-incomplete'],
    ['no member', { sub: '' }, 'token-incomplete'],
    ['a beginning in a year', { iat: seconds + 31_536_000, exp: seconds + 31_536_060 }, 'token-expired'],
    ['times in milliseconds', { iat: seconds * 1000, exp: seconds * 1000 + 300 }, 'token-expired'],
    ['times beyond the calendar', { iat: 1e15, exp: 1e15 }, 'token-expired'],
    ['a NUL in its member', { sub: 'M\0' }, 'token-incomplete'],
    ['a NUL in its id', { jti: '\0' }, 'token-incomplete'],
    ['a life of a day', { exp: seconds + 86_400 }, 'token-too-long-lived'],
  ])('is refused with %s', async (_what, claims, code) => {
    expect(await verify(await signed(claims))).toMatchObject({ ok: false, code })
  })

  it('is refused with another key, no signature, or when it is no token at all', async () => {
    const stranger = new TextEncoder().encode('another secret of thirty-two chars')
    expect(await verify(await signed({}, stranger))).toMatchObject({ ok: false, code: 'token-signature' })
    const unsigned = `${encode({ alg: 'none' })}.${encode({ sub: 'M1', aud: audience, iat: seconds, exp: seconds + 9, jti: 'n' })}.`
    expect(await verify(unsigned)).toMatchObject({ ok: false, code: 'token-signature' })
    for (const token of ['', 'x', 'a.b.c', `${encode({})}.${encode({})}.x`]) {
      expect(await verify(token)).toMatchObject({ ok: false, code: 'token-malformed' })
    }
  })
})

describe('a token signed by a published key', () => {
  let server: Server
  let key: MemberTokenKey
  let privateKey: webcrypto.CryptoKey

  beforeAll(async () => {
    const pair = await generateKeyPair('RS256')
    privateKey = pair.privateKey
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }
    server = createServer((_request, response) => response.end(JSON.stringify({ keys: [jwk] })))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    key = jwksKey(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`)
  })

  afterAll(() => new Promise((resolve) => server.close(resolve)))

  const sign = (alg: string, signingKey: webcrypto.CryptoKey | Uint8Array, id: string) =>
    new SignJWT({ sub: 'M1', aud: audience, iat: seconds, exp: seconds + 60, jti: id })
      .setProtectedHeader({ alg, kid: 'k1' })
      .sign(signingKey)

  it('is accepted with that key, refused with another and with HS256', async () => {
    expect(await verify(await sign('RS256', privateKey, 'r1'), key)).toEqual({ ok: true, memberId: 'M1' })
    const other = await generateKeyPair('RS256')
    expect(await verify(await sign('RS256', other.privateKey, 'r2'), key)).toMatchObject({ code: 'token-signature' })
    expect(await verify(await sign('HS256', secret, 'r3'), key)).toMatchObject({ code: 'token-signature' })
  })

  it('is refused when it names none of several keys, as while a site changes its keys', async () => {
    const pairs = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')])
    const jwks = await Promise.all(
      pairs.map(async ({ publicKey }, index) => ({ ...(await exportJWK(publicKey)), kid: `k${index}`, alg: 'RS256' })),
    )
    const several: MemberTokenKey = { algorithm: 'RS256', keys: createLocalJWKSet({ keys: jwks }) }
    const token = (kid?: string) =>
      new SignJWT({ sub: 'M1', aud: audience, iat: seconds, exp: seconds + 60, jti: `several ${kid}` })
        .setProtectedHeader({ alg: 'RS256', ...(kid ? { kid } : {}) })
        .sign(pairs[1].privateKey)
    expect(await verify(await token(), several)).toMatchObject({ ok: false, code: 'token-signature' })
    expect(await verify(await token('k1'), several)).toEqual({ ok: true, memberId: 'M1' })
  })
})
