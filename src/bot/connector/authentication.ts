import type { Activity as FrameworkActivity } from 'botbuilder'
import type { Activity } from '../activity'

/** The bot's registration. What is absent has Bot Framework's value for the public cloud. */
export interface BotRegistration {
  readonly appId: string
  readonly appPassword: string
  readonly appType?: 'MultiTenant' | 'SingleTenant' | 'UserAssignedMSI'
  readonly appTenantId?: string
  /** Other addresses and names of the login and key servers: national clouds, tests. All or none. */
  readonly cloud?: {
    readonly loginUrl: string
    readonly oauthScope: string
    readonly tokenIssuer: string
    readonly oauthUrl: string
    readonly channelOpenIdMetadataUrl: string
    readonly emulatorOpenIdMetadataUrl: string
    readonly callerId: string
  }
}

export type AuthenticationResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'unauthorised'; readonly reason: string }
  /** The keys could not be fetched: nothing is known about the caller. */
  | { readonly ok: false; readonly code: 'keys-unavailable'; readonly reason: string }

/** Proves that an activity came from the channel it names, and gives what proves us to the channel. */
export interface ChannelAuthentication {
  authenticate(activity: Activity, authorization: string): Promise<AuthenticationResult>
  /** The bearer token for calls to the channel; undefined where none is needed. */
  token(): Promise<string | undefined>
}

/** Demo mode has no registration: nobody is asked to prove anything, which is why it answers this machine only. */
export const noAuthentication: ChannelAuthentication = {
  authenticate: async () => ({ ok: true }),
  token: async () => undefined,
}

const PUBLIC_LOGIN_URL = 'https://login.microsoftonline.com/botframework.com'
const PUBLIC_SCOPE = 'https://api.botframework.com'
const TOKEN_ERRORS = new Set(['JsonWebTokenError', 'NotBeforeError', 'TokenExpiredError', 'SyntaxError'])
const UNAUTHORISED = 401

/** Bot Framework's own authentication, as its CloudAdapter uses it. */
export function botFrameworkAuthentication(registration: BotRegistration): ChannelAuthentication {
  // Loading botbuilder takes a third of a second, which only a bot with a registration has to pay.
  const { ConfigurationBotFrameworkAuthentication, ConfigurationServiceClientCredentialFactory } =
    require('botbuilder') as typeof import('botbuilder')
  const { appId, appPassword, appType, appTenantId, cloud } = registration
  const factory = new ConfigurationServiceClientCredentialFactory({
    MicrosoftAppId: appId,
    MicrosoftAppPassword: appPassword,
    ...(appType ? { MicrosoftAppType: appType } : {}),
    ...(appTenantId ? { MicrosoftAppTenantId: appTenantId } : {}),
  })
  const authentication = new ConfigurationBotFrameworkAuthentication(cloud ? cloudOptions(cloud) : {}, factory)
  const credentials = factory.createCredentials(
    appId,
    cloud?.oauthScope ?? PUBLIC_SCOPE,
    cloud?.loginUrl ?? PUBLIC_LOGIN_URL,
    true,
  )
  return {
    async authenticate(activity, authorization) {
      try {
        await authentication.authenticateRequest(activity as unknown as FrameworkActivity, authorization)
        return { ok: true }
      } catch (error) {
        return refusalOf(error)
      }
    },
    async token() {
      const found = (await credentials) as unknown as { getToken(): Promise<string> }
      return found.getToken()
    },
  }
}

function cloudOptions(cloud: NonNullable<BotRegistration['cloud']>) {
  return {
    ToChannelFromBotLoginUrl: cloud.loginUrl,
    ToChannelFromBotOAuthScope: cloud.oauthScope,
    ToBotFromChannelTokenIssuer: cloud.tokenIssuer,
    OAuthUrl: cloud.oauthUrl,
    ToBotFromChannelOpenIdMetadataUrl: cloud.channelOpenIdMetadataUrl,
    ToBotFromEmulatorOpenIdMetadataUrl: cloud.emulatorOpenIdMetadataUrl,
    CallerId: cloud.callerId,
  }
}

/** Bot Framework throws jsonwebtoken's errors through; all of them mean that the caller's token is not good. */
function refusalOf(error: unknown): AuthenticationResult {
  if (!(error instanceof Error)) throw error
  const { statusCode } = error as Error & { statusCode?: number }
  if (statusCode === UNAUTHORISED || TOKEN_ERRORS.has(error.name)) {
    return { ok: false, code: 'unauthorised', reason: error.message }
  }
  return { ok: false, code: 'keys-unavailable', reason: error.message }
}
