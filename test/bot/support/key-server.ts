import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import type { BotRegistration } from '../../../src/bot/connector/authentication'

export const APP_ID = '11111111-2222-4333-8444-555555555555'

/** A login and key server of our own: real signatures over real HTTP. */
export interface KeyServer {
  readonly issuer: string
  readonly cloud: NonNullable<BotRegistration['cloud']>
  /** A token as the channel sends it; claims given replace its own, undefined ones are left out. */
  sign(
    claims?: Readonly<Record<string, unknown>>,
    options?: { key?: 'ours' | 'foreign' | 'hs256' | 'none' },
  ): Promise<string>
  /** Makes the keys unreachable from now on. */
  goAway(): Promise<void>
  close(): Promise<void>
}

/** A port of its own each: Bot Framework caches keys by address. */
export async function startKeyServer(): Promise<KeyServer> {
  const [ours, foreign] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')])
  const jwk = { ...(await exportJWK(ours.publicKey)), kid: 'key-1', use: 'sig', endorsements: ['msteams', 'webchat'] }
  const server = createServer((request, response) => {
    const base = `http://${request.headers.host}`
    response.setHeader('content-type', 'application/json')
    if (request.url === '/keys') response.end(JSON.stringify({ keys: [jwk] }))
    else response.end(JSON.stringify({ issuer: 'https://api.botframework.com', jwks_uri: `${base}/keys` }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const issuer = 'https://issuer.test'
  let open = true
  const close = async () => {
    if (!open) return
    open = false
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return {
    issuer,
    cloud: {
      loginUrl: `${base}/login`,
      oauthScope: 'https://api.botframework.com',
      tokenIssuer: issuer,
      oauthUrl: `${base}/oauth`,
      channelOpenIdMetadataUrl: `${base}/.well-known/openidconfiguration`,
      emulatorOpenIdMetadataUrl: `${base}/.well-known/openidconfiguration`,
      callerId: 'urn:botframework:azure',
    },
    async sign(claims = {}, { key = 'ours' } = {}) {
      const now = Math.floor(Date.now() / 1000)
      const payload = { iss: issuer, aud: APP_ID, iat: now, nbf: now - 10, exp: now + 600, ...claims } as JWTPayload
      const known = JSON.parse(JSON.stringify(payload)) as JWTPayload
      if (key === 'none') return unsigned(known)
      if (key === 'hs256') {
        const secret = new TextEncoder().encode('x'.repeat(64))
        return new SignJWT(known).setProtectedHeader({ alg: 'HS256', kid: 'key-1' }).sign(secret)
      }
      const { privateKey } = key === 'ours' ? ours : foreign
      return new SignJWT(known).setProtectedHeader({ alg: 'RS256', kid: 'key-1' }).sign(privateKey)
    },
    goAway: close,
    close,
  }
}

function unsigned(payload: JWTPayload): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none', typ: 'JWT', kid: 'key-1' })}.${part(payload)}.`
}
