import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { types } from 'node:util'
import { Worker } from 'node:worker_threads'
import { gzipSync } from 'node:zlib'
import { onlineRetailLines } from '../../../bench/import-lines'
import { CsvReader } from '../../../src/core/import/csv-reader'
import { inspectFile } from '../../../src/core/import/order-file'
import { blocksOf, openBlocks } from '../../../src/core/import/read-blocks'
import { BlockReader, type RecordBlock } from '../../../src/core/import/record-block'
import { useScratchFolder } from '../../support/scratch-folder'

const folder = useScratchFolder()
const PIECE_BYTES = 1 << 18

/** Fields, or a fault, of each line number. */
type Read = [line: number, ...fieldsOrFault: string[]][]

async function writeOrders(content: string | Buffer, name = 'orders.csv') {
  const file = path.join(folder, name)
  writeFileSync(file, content)
  return inspectFile(file)
}

type OrderFile = Awaited<ReturnType<typeof writeOrders>>

function startWorker(file: OrderFile): Worker {
  const hook = path.join(__dirname, '../../support/swc-register.cjs')
  const script = path.join(__dirname, '../../../src/core/import/read-worker.ts')
  return new Worker(`require(${JSON.stringify(hook)}); require(${JSON.stringify(script)})`, {
    eval: true,
    workerData: file,
  })
}

async function collect(blocks: AsyncIterable<RecordBlock>): Promise<{ read: Read; lastBytes: number }> {
  const records = new BlockReader()
  const read: Read = []
  let lastBytes = 0
  for await (const block of blocks) {
    records.open(block)
    while (records.next()) {
      const { line, fault, count } = records
      read.push(fault ? [line, fault] : [line, ...Array.from({ length: count }, (_, column) => records.text(column))])
    }
    lastBytes = block.fileBytes
  }
  return { read, lastBytes }
}

/** Without blocks, and as one piece unless told otherwise. */
function readPlainly(content: string | Buffer, pieceBytes = Number.POSITIVE_INFINITY): Read {
  const read: Read = []
  const reader = new CsvReader({
    onHeader: () => undefined,
    onRecord: (fields, line) =>
      read.push([line, ...Array.from({ length: fields.count }, (_, column) => fields.text(column))]),
    onFault: (fault, line) => read.push([line, fault]),
  })
  const bytes = Buffer.from(content)
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    reader.push(bytes.subarray(from, Math.min(bytes.length, from + pieceBytes)))
  }
  reader.end()
  return read
}

/** A file of which `line` lies across the end of the first piece, `before` bytes of it on this side. */
function across(line: string, before: number): string {
  const header = 'a,b,c\n'
  const filler = 'x'.repeat(PIECE_BYTES - header.length - before - 5)
  return `${header}${filler},1,2\n${line}\n3,4,5\n`
}

describe.each([
  { name: 'this thread', open: openBlocks },
  { name: 'a thread of its own', open: (file: OrderFile) => blocksOf(startWorker(file)) },
])('read by $name', ({ open }) => {
  test.each([
    ['a quoted field', '"one, ""two""\nthree",£,7" TIN', 8],
    ['a doubled quote', '"one, ""two""\nthree",£,7" TIN', 7],
    ['a line break in quotes', '"one, ""two""\nthree",£,7" TIN', 14],
    ['a character of three bytes', '1,茶壶,2', 3],
    ['the text of a faulty line', '1,2', 2],
  ])('the end of a piece within %s', async (_, line, before) => {
    const content = across(line, before)
    const { read, lastBytes } = await collect(open(await writeOrders(content)))
    expect(read).toEqual(readPlainly(content))
    expect(read.at(-1)?.slice(1)).toEqual(['3', '4', '5'])
    expect(lastBytes).toBe(Buffer.byteLength(content))
  })

  test('a large file with everything in it, of which the numbers of texts are good in every block', async () => {
    const odd = [
      '"A ""B"", £",1,"茶"',
      'too,few',
      '"never closed,1,2',
      '1,2,3',
      '',
      '1\0,2,3',
      `${'y'.repeat(70)},,`,
      '"",,z',
      `x${'z'.repeat(1_100_000)},1,2`,
    ]
    const plain = [...onlineRetailLines(16_000)].join('').split('\n').slice(1, -1)
    const lines = plain.flatMap((line, index) => {
      const three = line.split(',').slice(0, 3).join(',')
      return index % 97 === 0 ? [three, odd[(index / 97) % odd.length] ?? ''] : [three]
    })
    const latin1 = Buffer.from([0xa3, 0x2c, 0x2c, 0x0a])
    const content = Buffer.concat([Buffer.from(`a,b,c\n${lines.join('\n')}\n`), latin1, Buffer.from('1,2,3')])
    // Only of a line that comes in pieces is the beginning let go.
    const expected = readPlainly(content, PIECE_BYTES)
    const faults = new Set(expected.filter((each) => each.length === 2).map(([, fault]) => fault))
    expect([...faults].sort()).toEqual([
      'bad-quoting',
      'control-characters',
      'invalid-encoding',
      'line-too-long',
      'wrong-column-count',
    ])
    for (const packed of [content, gzipSync(content)]) {
      const { read } = await collect(open(await writeOrders(packed)))
      expect(read).toEqual(expected)
    }
  })

  test('the same text of a column has the same number, in whatever block', async () => {
    const file = await writeOrders([...onlineRetailLines(20_000)].join(''))
    const textOf = new Map<string, string>()
    const records = new BlockReader()
    let blocks = 0
    for await (const block of open(file)) {
      records.open(block)
      blocks += 1
      while (records.next()) {
        for (let column = 0; column < records.count; column++) {
          const key = `${column} ${records.id(column)}`
          if (records.id(column) < 0) continue
          const text = records.text(column)
          if ((textOf.get(key) ?? text) !== text) throw new Error(`${key} is ${textOf.get(key)} and ${text}`)
          textOf.set(key, text)
        }
      }
    }
    expect(blocks).toBeGreaterThan(4)
    expect(textOf.size).toBeGreaterThan(5_000)
  })

  test('a file that is damaged says the same of it', async () => {
    const packed = gzipSync(randomBytes(300_000).toString('hex').replaceAll('0', '\n'))
    const cut = await writeOrders(packed.subarray(0, packed.length - 1000), 'cut.csv.gz')
    const failure = await collect(open(cut)).catch((error: unknown) => error)
    expect(types.isNativeError(failure)).toBe(true)
    expect(failure).toHaveProperty('message', 'unexpected end of file')
    packed.fill(0, 100_000, 100_400)
    const garbled = await writeOrders(packed, 'garbled.csv.gz')
    await expect(collect(open(garbled))).rejects.toThrow(/^(invalid|incorrect|too many|unknown) /)
  })

  test('a file that is gone says so', async () => {
    await expect(
      collect(open({ path: path.join(folder, 'gone'), bytes: 1, isGzip: false, sha256: '' })),
    ).rejects.toThrow('ENOENT: no such file or directory')
  })
})

test('whoever leaves in the middle ends the thread', async () => {
  const worker = startWorker(await writeOrders([...onlineRetailLines(40_000)].join('')))
  const ended = once(worker, 'exit')
  const leave = async () => {
    for await (const block of blocksOf(worker)) if (block.numbersUsed > 0) throw new Error('enough')
  }
  await expect(leave()).rejects.toThrow('enough')
  expect(await ended).toEqual([1])
})

test('what the thread throws after it was left ends nothing', async () => {
  // It goes on waiting: one that ended by itself, which may be quicker than we are, throws nothing any more.
  const script = `const { parentPort } = require('node:worker_threads')
    parentPort.on('message', () => parentPort.postMessage({ isLast: false }))`
  const worker = new Worker(script, { eval: true })
  const end = worker.terminate.bind(worker)
  let left = false
  worker.terminate = () => {
    left = worker.emit('error', new Error('late'))
    return end()
  }
  for await (const _ of blocksOf(worker)) break
  expect(left).toBe(true)
})

test('the thread reads a few pieces ahead and then waits', async () => {
  const worker = startWorker(await writeOrders([...onlineRetailLines(60_000)].join('')))
  let arrived = 0
  worker.on('message', () => {
    arrived += 1
  })
  const blocks = blocksOf(worker)
  await blocks.next()
  while (arrived < 4) await sleep(10)
  await sleep(200)
  expect(arrived).toBe(4)
  let rest = 1
  for await (const _ of blocks) rest += 1
  expect(rest).toBeGreaterThan(10)
})
