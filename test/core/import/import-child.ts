// A process that imports a file, and stands still at one phase so that a test can kill it there.
// Arguments: database URL, file, phase to stand still at ("none" to finish).
import { importOrders } from '../../../src/core/import/import-orders'
import { openDatabase } from '../../../src/db/open'

const [url = '', path = '', stopAt = 'none'] = process.argv.slice(2)
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)

async function main(): Promise<void> {
  const database = openDatabase({ url })
  let bytes = 0
  const outcome = await importOrders(database, {
    path,
    at: new Date('2026-11-22T12:00:00Z'),
    ordersPerBatch: 100,
    onPhase(phase) {
      say({ phase })
      if (phase === stopAt) standStill()
    },
    onBatch(done) {
      if (stopAt === 'half-settled' && done === 1) {
        say({ phase: 'half-settled' })
        standStill()
      }
    },
    onBytes(read) {
      bytes = read
      if (stopAt === 'half-read' && bytes > 600_000) {
        say({ phase: 'half-read' })
        standStill()
      }
    },
  })
  say(outcome)
  await database.close()
}

function standStill(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

void main()
