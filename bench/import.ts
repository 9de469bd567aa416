import { once } from 'node:events'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { finished } from 'node:stream/promises'
import { from as copyFrom } from 'pg-copy-streams'
import { systemClock } from '../src/core/clock'
import type { ImportPhase } from '../src/core/import/import-options'
import { importOrders } from '../src/core/import/import-orders'
import { inspectFile, readPieces } from '../src/core/import/order-file'
import type { Database } from '../src/db/open'
import type { Bench, BenchContext } from './bench'
import { onlineRetailLines } from './import-lines'
import { positiveWhole } from './options'

const ROUNDS = 3

/**
 * A whole import (members, products, orders, refunds, points, tiers) against a bare COPY of the same rows. Both begin with the file on
 * disk and end when the server has it on disk for good.
 */
export const importBench: Bench = {
  name: 'import',
  summary: 'rows a second through the whole import, against a bare COPY of the same file into a plain table',
  options: [
    { flags: '--rows <n>', describe: 'how many order lines to make up', fallback: 541_909, parse: positiveWhole },
    { flags: '--file <path>', describe: 'a file of format online-retail to use instead' },
  ],
  async run(options, context) {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'regulars-import-'))
    try {
      const given = options.file as string | undefined
      const file = given ?? (await writeLines(path.join(folder, 'orders.csv'), options.rows as number))
      return await compare(file, context)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

/** Both sides in turn, some rounds, each on a fresh server; the median of each counts. */
async function compare(file: string, context: BenchContext): Promise<object> {
  const importSeconds: number[] = []
  const copySeconds: number[] = []
  let rows = 0
  for (let round = 1; round <= ROUNDS; round++) {
    const database = await context.scratchDatabase()
    const copied = await timeCopy(database, file)
    rows = copied.rows
    copySeconds.push(copied.seconds)
    const { seconds, phases } = await timeImport(database, file, rows)
    importSeconds.push(seconds)
    context.say(`round ${round}: COPY ${copySeconds.at(-1)?.toFixed(2)} s, import ${seconds.toFixed(2)} s (${phases})`)
  }
  const rowsPerSecond = Math.round(rows / median(importSeconds))
  const copyRowsPerSecond = Math.round(rows / median(copySeconds))
  const ratioToCopy = Number((rowsPerSecond / copyRowsPerSecond).toFixed(3))
  return { rows, rounds: ROUNDS, rowsPerSecond, copyRowsPerSecond, ratioToCopy, target: 0.333 }
}

/** What `zcat orders.csv.gz | psql -c '\\copy …'` does: a plain table of all the file's columns without keys, one statement that commits. */
async function timeCopy(database: Database, path: string): Promise<{ rows: number; seconds: number }> {
  const client = await database.pool.connect()
  try {
    await client.query(`create table bare_line (invoice text, sku text, description text, quantity int, placed_at timestamp,
      unit_price numeric, customer text, country text)`)
    // Not timed: only the import has use for the file's fingerprint.
    const file = await inspectFile(path)
    const started = performance.now()
    const stream = client.query(copyFrom('copy bare_line from stdin (format csv, header)'))
    for await (const piece of readPieces(file, () => undefined)) if (!stream.write(piece)) await once(stream, 'drain')
    stream.end()
    await finished(stream)
    const seconds = (performance.now() - started) / 1000
    await client.query('drop table bare_line')
    return { rows: stream.rowCount, seconds }
  } finally {
    client.release()
  }
}

async function timeImport(
  database: Database,
  path: string,
  rows: number,
): Promise<{ seconds: number; phases: string }> {
  const marks: { phase: ImportPhase; at: number }[] = []
  const started = performance.now()
  const outcome = await importOrders(database, {
    path,
    at: systemClock(),
    onPhase: (phase) => marks.push({ phase, at: performance.now() }),
  })
  const ended = performance.now()
  if (!outcome.ok || outcome.isRepeat) throw new Error(`the import was refused: ${JSON.stringify(outcome)}`)
  if (outcome.result.rows !== rows) throw new Error(`${rows} rows, but the import read ${outcome.result.rows}`)
  const phases = marks.map(({ phase, at }, index) => {
    const until = marks[index + 1]?.at ?? ended
    return `${phase} ${((until - at) / 1000).toFixed(2)}`
  })
  return { seconds: (ended - started) / 1000, phases: phases.join(', ') }
}

async function writeLines(path: string, rows: number): Promise<string> {
  const stream = createWriteStream(path)
  for (const text of onlineRetailLines(rows)) if (!stream.write(text)) await once(stream, 'drain')
  stream.end()
  await finished(stream)
  return path
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
