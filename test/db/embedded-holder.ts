import { startEmbeddedServer } from '../../src/db/embedded-server'

/** A process that holds the embedded server on the folder it is given: says its URL, and leaves when stdin ends. */
async function main(): Promise<void> {
  const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)
  const server = await startEmbeddedServer({ dataDir: process.argv[2] ?? '', settings: { fsync: 'off' } })
  say({ url: server.url('postgres'), port: server.port })
  for await (const _ of process.stdin);
  await server.stop()
}

void main()
