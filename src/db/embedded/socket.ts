import { readdirSync } from 'node:fs'
import path from 'node:path'

// What the narrowest of the systems takes for a socket's address, its closing zero among it.
const ADDRESS_BYTES_MAX = 104
const NAME_BYTES_MAX = '.s.PGSQL.65535'.length + 1

/**
 * The folder of the server's socket, beside its port: the data folder itself, which only its owner can enter. A statement costs
 * a good deal less through it than through a port. Undefined where there can be none (Windows, a long path): the port does as well.
 */
export function socketFolderOf(dataDir: string): string | undefined {
  if (process.platform === 'win32' || dataDir.includes('"')) return undefined
  return Buffer.byteLength(dataDir) + NAME_BYTES_MAX < ADDRESS_BYTES_MAX ? dataDir : undefined
}

/** Files by which servers have claimed sockets in the folder; each begins with a process id. */
export function socketClaims(dataDir: string): string[] {
  return readdirSync(dataDir)
    .filter((name) => /^\.s\.PGSQL\.\d+\.lock$/.test(name))
    .map((name) => path.join(dataDir, name))
}
