import { createHash } from 'node:crypto'
import type { SecretBytes } from '../clock'

const TOKEN_BYTES = 32

/** A text that cannot be guessed, and what is kept of it: whoever reads our tables can do nothing with that. */
export interface Token {
  readonly token: string
  readonly hash: Buffer
}

export function newToken(secretBytes: SecretBytes): Token {
  const token = secretBytes(TOKEN_BYTES).toString('base64url')
  return { token, hash: hashToken(token) }
}

/** SHA-256: fast is enough, for 256 bits by chance are not found by trying. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
