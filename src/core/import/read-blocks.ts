import { on } from 'node:events'
import path from 'node:path'
import { types } from 'node:util'
import { Worker } from 'node:worker_threads'
import { CsvReader } from './csv-reader'
import { type OrderFile, readPieces } from './order-file'
import { type BlockMemory, BlockWriter, emptyBlock, type RecordBlock } from './record-block'

/** A thread takes 40 ms to start; files smaller than that is worth are read in this one. */
const BYTES_FOR_A_THREAD = 1_000_000
/** A block that one long record made larger is left to the garbage collector. */
const BLOCK_BYTES_MAX = 4_000_000
/** As many pieces are read ahead of the one that is being taken up. */
const BLOCKS_AHEAD = 4

/**
 * The file's records, a piece of the file at a time. A block is good until the next is asked for. A large file is read by a thread
 * of its own, so that one processor cuts and numbers fields while another takes them up. Needs compiled JavaScript: run from
 * TypeScript, files of any size are read here. Throws in the middle when the file ends early or is damaged.
 */
export function openBlocks(file: OrderFile): AsyncGenerator<RecordBlock> {
  const isWorthIt = file.bytes >= BYTES_FOR_A_THREAD && __filename.endsWith('.js')
  return isWorthIt ? blocksOf(new Worker(path.join(__dirname, 'read-worker.js'), { workerData: file })) : readHere(file)
}

async function* readHere(file: OrderFile): AsyncGenerator<RecordBlock> {
  let memory = emptyBlock()
  for await (const block of readBlocks(file, () => Promise.resolve(memory))) {
    yield block
    memory = emptied(block)
  }
}

/** Reads the file into the memory that `takeEmpty` gives. */
export async function* readBlocks(file: OrderFile, takeEmpty: () => Promise<BlockMemory>): AsyncGenerator<RecordBlock> {
  const writer = new BlockWriter()
  const reader = new CsvReader(writer)
  let fileBytes = 0
  const pieces = readPieces(file, (bytes) => {
    fileBytes = bytes
  })
  for await (const piece of pieces) {
    writer.open(await takeEmpty())
    reader.push(piece)
    yield writer.close({ fileBytes, isLast: false })
  }
  writer.open(await takeEmpty())
  reader.end()
  yield writer.close({ fileBytes, isLast: true })
}

/** What a thread of read-worker.ts reads. It is given a few blocks to fill and waits for them to come back. */
export async function* blocksOf(worker: Worker): AsyncGenerator<RecordBlock> {
  // What it throws after the loop has been left would otherwise end the process: the loop's own listener goes with it.
  worker.on('error', () => undefined)
  const messages = on(worker, 'message', { close: ['exit'] }) as AsyncIterable<[RecordBlock | Error]>
  try {
    for (let ahead = 0; ahead < BLOCKS_AHEAD; ahead++) giveBack(worker, emptyBlock())
    for await (const [block] of messages) {
      if (types.isNativeError(block)) throw block
      yield block
      if (block.isLast) return
      giveBack(worker, block)
    }
    throw new Error('the thread that reads the file ended before the file did')
  } finally {
    await worker.terminate()
  }
}

function giveBack(worker: Worker, block: BlockMemory): void {
  worker.postMessage(emptied(block))
}

/** The block's memory, to be written anew. */
function emptied({ bytes, numbers, texts }: BlockMemory): BlockMemory {
  const total = bytes.byteLength + numbers.byteLength + texts.byteLength
  return total > BLOCK_BYTES_MAX ? emptyBlock() : { bytes, numbers, texts }
}
