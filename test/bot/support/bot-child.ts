import { openDatabase } from '../../../src/db/open'
import { startTestApp } from './test-app'

// A bot in a process of its own, to be killed: prints its address as JSON once it listens.
const [url = ''] = process.argv.slice(2)

void startTestApp(openDatabase({ url }), { settings: { sweepEveryMs: 100 } }).then((app) => {
  process.stdout.write(`${JSON.stringify({ url: app.url })}\n`)
})
