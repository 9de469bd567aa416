import type { AppDeps } from './app'
import { createRateLimit, type Rate } from './bot/directline/rate-limit'
import { createPasswordCheck } from './core/staff/password-check'
import { createPasswordHasher } from './core/staff/password-hash'
import type { StaffAccess } from './http/api/console/access'
import { createGuard } from './http/api/console/guard'
import { oidcRoutes } from './http/api/console/oidc'
import { sessionRoutes } from './http/api/console/session'
import { staffRoutes } from './http/api/console/staff'
import type { Route } from './http/route'
import { createOidcProvider } from './oidc-provider'

/** Passwords and codes tried from one network address: an office signs in within a minute, who guesses gets 17,000 a day. */
const SIGN_IN_RATE: Rate = { burst: 30, perSecond: 0.2 }

/** The accounts of the merchant's people: who is admitted to the console's operations, and the operations on accounts. */
export function composeAccounts(deps: AppDeps): { access: StaffAccess; routes: readonly Route[] } {
  const { config, database, clock, secretBytes, logger, settings = {} } = deps
  const { demo, consoleInTeams: inTeams } = config
  const guard = createGuard({ database, clock, demo })
  const hasher = createPasswordHasher({ secretBytes, cost: settings.passwordCost })
  const tools = { hasher, check: createPasswordCheck({ database, hasher }), secretBytes }
  const tries = createRateLimit(settings.rates?.signIn ?? SIGN_IN_RATE, clock)
  const common = { database, clock, secretBytes, guard, demo, inTeams, takeTry: tries.take }
  const provider = config.oidc && createOidcProvider(config.oidc, logger)
  return {
    access: guard.access,
    routes: [
      ...sessionRoutes({ ...common, tools, oidc: provider !== undefined }),
      ...staffRoutes(common),
      ...oidcRoutes({ ...common, provider }),
    ],
  }
}
