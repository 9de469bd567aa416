import type { Staff } from '../../src/http/api/console/access'
import { failure } from '../../src/http/route'
import { serve } from '../turn/serve'

// The whole bot with its desk; whoever says in a cookie who they are is let in, since signing in is not what is measured.
const [url = '', migrationsFolder = ''] = process.argv.slice(2)

const PLENTY = { burst: 1e6, perSecond: 1e6 }

void serve({ url, migrationsFolder }, () => ({
  settings: { rates: { conversation: PLENTY, address: PLENTY, session: PLENTY } },
  async staffAccess({ cookie }) {
    const id = Number(/staff=(\d+)/.exec(cookie)?.[1])
    if (!id) return { ok: false, response: failure(401, 'signed-out', 'sign in') }
    const staff: Staff = { id, displayName: `Agent ${id}`, role: 'agent', locale: 'en' }
    return { ok: true, staff }
  },
}))
