import pino from 'pino'
import { createConnectorClient } from '../../../src/bot/connector/client'
import { createCampaignSender } from '../../../src/bot/proactive/sender'
import { secretBytes } from '../../../src/core/clock'
import { TEAMS_LIMITS } from '../../../src/core/sending/limits'
import { openDatabase } from '../../../src/db/open'

// Sends campaigns in a process of its own, to be killed: says so once it has begun. Its clock is ahead of the machine's by so much.
const [url = '', aheadMs = ''] = process.argv.slice(2)

const client = createConnectorClient({ token: async () => undefined, timeoutMs: 500, purpose: 'campaigns' })
createCampaignSender({
  database: openDatabase({ url }),
  hub: { published: () => undefined },
  client,
  serviceUrls: { demo: true, allowedHosts: [] },
  clock: () => new Date(Date.now() + Number(aheadMs)),
  logger: pino({ level: 'silent' }),
  secretBytes,
  botName: 'Regulars',
  limits: { other: { ...TEAMS_LIMITS, tenant: { messages: 40, windowMs: 1_000 } } },
}).start()
process.stdout.write('{"started":true}\n')
