import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'

const PIECE_BYTES = 1 << 18

/** What a file is, before it is read. */
export interface OrderFile {
  path: string
  bytes: number
  isGzip: boolean
  sha256: string
}

/** Reads a file once, for its fingerprint. Throws when it cannot be read. */
export async function inspectFile(path: string): Promise<OrderFile> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) {
    hash.update(piece as Buffer)
    bytes += (piece as Buffer).length
  }
  return { path, bytes, isGzip: await isGzip(path), sha256: hash.digest('hex') }
}

/**
 * The file's content in pieces, unpacked when it is gzip. `onBytes` hears how much of the file itself was read.
 * Throws in the middle when the file ends early or is damaged.
 */
export async function* readPieces(file: OrderFile, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  const source = createReadStream(file.path, { highWaterMark: PIECE_BYTES })
  // An error of the source reaches the unpacked stream through the pipeline and is thrown by the loop below.
  const stream = file.isGzip ? pipeline(source, createGunzip({ chunkSize: PIECE_BYTES }), () => undefined) : source
  try {
    for await (const piece of stream) {
      onBytes(source.bytesRead)
      yield piece as Buffer
    }
  } finally {
    source.destroy()
  }
}

async function isGzip(path: string): Promise<boolean> {
  const handle = await open(path)
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0)
    return buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await handle.close()
  }
}
