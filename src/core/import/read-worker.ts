import { on } from 'node:events'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { OrderFile } from './order-file'
import { readBlocks } from './read-blocks'
import type { BlockMemory } from './record-block'

/** Reads the file it is started for into the blocks it is sent, and sends them back, or at last the error; see blocksOf. */
async function readFor(port: MessagePort): Promise<void> {
  const empties = on(port, 'message') as AsyncIterableIterator<[BlockMemory]>
  const takeEmpty = async () => (await empties.next()).value[0]
  try {
    for await (const block of readBlocks(workerData as OrderFile, takeEmpty)) {
      port.postMessage(block)
    }
  } catch (error) {
    // Left to end the thread, it would arrive as something that is no error to whoever looks closely.
    port.postMessage(error)
  }
}

if (parentPort) void readFor(parentPort)
