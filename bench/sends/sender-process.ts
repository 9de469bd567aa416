import pino from 'pino'
import { createConnectorClient } from '../../src/bot/connector/client'
import { IN_FLIGHT_MAX } from '../../src/bot/proactive/deliveries'
import { createCampaignSender } from '../../src/bot/proactive/sender'
import { secretBytes, systemClock } from '../../src/core/clock'
import { TEAMS_LIMITS } from '../../src/core/sending/limits'
import { openDatabase } from '../../src/db/open'

// The sender of campaigns as a server runs it, towards a channel that takes `rate` messages a second.

const [url = '', rate = ''] = process.argv.slice(2)
const database = openDatabase({ url, connectionsMax: 5 })
const client = createConnectorClient({
  token: async () => undefined,
  connectionsMax: IN_FLIGHT_MAX,
  purpose: 'campaigns',
})
const sender = createCampaignSender({
  database,
  client,
  hub: { published: () => undefined },
  serviceUrls: { demo: true, allowedHosts: [] },
  clock: systemClock,
  logger: pino({ level: 'warn' }, pino.destination(2)),
  secretBytes,
  botName: 'Regulars',
  limits: { other: { ...TEAMS_LIMITS, tenant: { messages: Number(rate), windowMs: 1_000 } } },
})

sender.start()
process.send?.({ started: true })
process.once('message', async () => {
  await sender.stop()
  client.close()
  await database.close()
  process.disconnect()
})
