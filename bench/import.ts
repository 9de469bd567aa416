import { once } from 'node:events'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { finished } from 'node:stream/promises'
import { from as copyFrom } from 'pg-copy-streams'
import { systemClock } from '../src/core/clock'
import { CsvReader } from '../src/core/import/csv-reader'
import { type ImportPhase, importOrders } from '../src/core/import/import-orders'
import { inspectFile, readPieces } from '../src/core/import/order-file'
import { copyText } from '../src/db/copy'
import type { Database } from '../src/db/open'
import type { Bench, BenchContext } from './bench'
import { onlineRetailLines } from './import-lines'
import { positiveWhole } from './options'

const ROUNDS = 3
const BUFFER_BYTES = 1 << 20

/** A whole import (members, products, orders, refunds, points, tiers) against a bare COPY of the same rows. */
export const importBench: Bench = {
  name: 'import',
  summary: 'rows a second through the whole import, against a bare COPY of the same rows into a plain table',
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
  const prepared = await prepareCopy(file)
  const importSeconds: number[] = []
  const copySeconds: number[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    const database = await context.scratchDatabase()
    copySeconds.push(await timeCopy(database, prepared))
    const { seconds, phases } = await timeImport(database, file, prepared.rows)
    importSeconds.push(seconds)
    context.say(`round ${round}: COPY ${copySeconds.at(-1)?.toFixed(2)} s, import ${seconds.toFixed(2)} s (${phases})`)
  }
  const rowsPerSecond = Math.round(prepared.rows / median(importSeconds))
  const copyRowsPerSecond = Math.round(prepared.rows / median(copySeconds))
  const ratioToCopy = Number((rowsPerSecond / copyRowsPerSecond).toFixed(3))
  return { rows: prepared.rows, rounds: ROUNDS, rowsPerSecond, copyRowsPerSecond, ratioToCopy, target: 0.333 }
}

interface PreparedCopy {
  rows: number
  buffers: Buffer[]
}

/** The file's records as COPY takes them, ready in memory: the bare side parses nothing while it is timed. */
async function prepareCopy(path: string): Promise<PreparedCopy> {
  const prepared: PreparedCopy = { rows: 0, buffers: [] }
  let text = ''
  const reader = new CsvReader({
    onHeader: () => undefined,
    onFault: () => undefined,
    onRecord(fields) {
      prepared.rows += 1
      text += `${fields.map(copyText).join('\t')}\n`
    },
  })
  for await (const piece of readPieces(await inspectFile(path), () => undefined)) {
    reader.push(piece)
    if (text.length < BUFFER_BYTES) continue
    prepared.buffers.push(Buffer.from(text))
    text = ''
  }
  reader.end()
  prepared.buffers.push(Buffer.from(text))
  return prepared
}

async function timeCopy(database: Database, { buffers }: PreparedCopy): Promise<number> {
  const client = await database.pool.connect()
  try {
    await client.query(`create table bare_line (invoice text, sku text, description text, quantity int, placed_at timestamp,
      unit_price numeric, customer text, country text)`)
    const started = performance.now()
    const stream = client.query(copyFrom('copy bare_line from stdin'))
    for (const buffer of buffers) if (!stream.write(buffer)) await once(stream, 'drain')
    stream.end()
    await finished(stream)
    const seconds = (performance.now() - started) / 1000
    await client.query('drop table bare_line')
    return seconds
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
