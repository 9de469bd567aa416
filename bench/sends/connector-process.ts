import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

// A channel that takes everything, in a process of its own: notes when what arrived for which conversation.

const arrivals: { atMs: number; path: string }[] = []

const server = createServer((request, response) => {
  arrivals.push({ atMs: performance.timeOrigin + performance.now(), path: request.url ?? '' })
  request.resume()
  request.on('end', () => {
    response.writeHead(201, { 'content-type': 'application/json' })
    response.end('{"id":"sent"}')
  })
})

server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
process.on('message', (question) => {
  if (question === 'count') process.send?.({ count: arrivals.length })
  else process.send?.({ arrivals })
})
process.once('disconnect', () => process.exit())
