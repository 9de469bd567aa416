import { accessSync, constants, existsSync, statfsSync } from 'node:fs'
import os from 'node:os'

const MEMORY_FOLDER = '/dev/shm'
/** A run was seen to use a fifth of this. Where less is free, as in most containers, others may need it. */
const FREE_BYTES_MIN = 4 * 1024 ** 3

/**
 * The folder in which a run makes its own: in memory where Linux offers a place there and much of it is free, else where
 * temporary files go. A run makes and removes hundreds of thousands of files: each database has more than a thousand.
 */
export function roomForRun(): string {
  return process.env.TMPDIR === undefined && hasRoomInMemory() ? MEMORY_FOLDER : os.tmpdir()
}

function hasRoomInMemory(): boolean {
  if (!existsSync(MEMORY_FOLDER)) return false
  const { bavail, bsize } = statfsSync(MEMORY_FOLDER)
  return Math.min(bavail * bsize, os.freemem()) >= FREE_BYTES_MIN && isWritable(MEMORY_FOLDER)
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}
