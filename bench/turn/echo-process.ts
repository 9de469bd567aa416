import type { AddressInfo } from 'node:net'
import { CloudAdapter, ConfigurationBotFrameworkAuthentication, type TurnContext } from 'botbuilder'
import restify, { type Request, type Response } from 'restify'

// What we measure ourselves against: the same packages, and nothing of ours. It keeps nothing and knows nobody.
const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}))
const server = restify.createServer()
server.use(restify.plugins.bodyParser())
server.post('/api/messages', async (request: Request, response: Response) => {
  await adapter.process(request, response, async (context: TurnContext) => {
    if (context.activity.type === 'message') await context.sendActivity(`You said: ${context.activity.text}`)
  })
})
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.server.address() as AddressInfo).port }))
process.on('disconnect', () => process.exit(0))
