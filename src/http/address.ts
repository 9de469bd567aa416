import type { IncomingMessage } from 'node:http'

// Loopback, link-local, and the networks of RFC 1918 and RFC 4193, also as IPv4 within IPv6.
const PRIVATE = /^(::ffff:)?(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.)|^(::1$|f[cd]|fe[89ab])/i

/**
 * Whose request it is. A proxy of ours stands in a private network and says in X-Forwarded-For for whom it asks; from
 * anywhere else that header says what the caller likes, and the connection's own address counts.
 */
export function addressOf(request: IncomingMessage): string {
  const peer = request.socket.remoteAddress ?? ''
  const forwarded = request.headers['x-forwarded-for']
  if (!PRIVATE.test(peer) || forwarded === undefined) return peer
  // The last one that is not a proxy of ours: those before it were sent along by the caller.
  const hops = String(forwarded)
    .split(',')
    .map((hop) => withoutPort(hop.trim()))
  return hops.findLast((hop) => hop !== '' && !PRIVATE.test(hop)) ?? peer
}

/** Some proxies add the port, which is another one with each connection: `203.0.113.9:50123`, `[2001:db8::5]:50123`. */
function withoutPort(hop: string): string {
  return /^\[([^\]]+)\](?::\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop
}
