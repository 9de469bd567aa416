import type { ClientAuth, Configuration } from 'openid-client'
import type { Logger } from 'pino'
import type { Config } from './config'
import type { OidcProvider } from './http/api/console/oidc'

const TIMEOUT_SECONDS = 10

/** Sign-in at an OpenID provider: its addresses and keys are asked for when first needed, and again where that failed. */
export function createOidcProvider(options: NonNullable<Config['oidc']>, logger: Logger): OidcProvider {
  let discovered: Promise<Configuration> | undefined
  const provider = () => {
    discovered ??= discover(options).catch((error) => {
      discovered = undefined
      throw error
    })
    return discovered
  }
  return {
    async start({ redirectUrl, state, nonce, verifier }) {
      const known = await provider().catch((error) => {
        logger.warn({ err: error }, 'the OpenID provider cannot be reached')
        return undefined
      })
      if (!known) return undefined
      const openid = await library()
      return openid.buildAuthorizationUrl(known, {
        redirect_uri: redirectUrl,
        scope: 'openid email profile',
        state,
        nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      })
    },
    async finish({ callback, state, nonce, verifier }) {
      try {
        const [openid, known] = [await library(), await provider()]
        const tokens = await openid.authorizationCodeGrant(known, callback, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        })
        const claims = tokens.claims()
        if (!claims) return undefined
        // Some providers tell the address on being asked for it only.
        const told =
          claims.email === undefined && known.serverMetadata().userinfo_endpoint
            ? await openid.fetchUserInfo(known, tokens.access_token, claims.sub)
            : claims
        return {
          issuer: claims.iss,
          subject: claims.sub,
          email: typeof told.email === 'string' ? told.email : undefined,
          isEmailVerified: told.email_verified === true,
        }
      } catch (error) {
        logger.warn({ err: error }, 'signing in with the OpenID provider failed')
        return undefined
      }
    },
  }
}

/** Loaded when first needed: most who start us have no provider. */
const library = () => import('openid-client')

async function discover({ issuer, clientId, clientSecret }: NonNullable<Config['oidc']>): Promise<Configuration> {
  const openid = await library()
  const url = new URL(issuer)
  const bySecret: ClientAuth = (server, client, body, headers) => {
    const isPosted = server.token_endpoint_auth_methods_supported?.includes('client_secret_post')
    const authenticate = isPosted ? openid.ClientSecretPost(clientSecret) : openid.ClientSecretBasic(clientSecret)
    return authenticate(server, client, body, headers)
  }
  return openid.discovery(url, clientId, undefined, bySecret, {
    timeout: TIMEOUT_SECONDS,
    execute: [
      // The signature counts, too: who stands between us and the provider must not say who somebody is.
      openid.enableNonRepudiationChecks,
      // The settings allow it for this machine alone.
      ...(url.protocol === 'http:' ? [openid.allowInsecureRequests] : []),
    ],
  })
}
