import { scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { SecretBytes } from '../clock'

/** What a hash costs (scrypt, RFC 7914): 2^log2N steps over 128 · 2^log2N · r bytes of memory, p times. */
export interface PasswordCost {
  readonly log2N: number
  readonly r: number
  readonly p: number
}

/** 128 MB and about 0.4 s of one core each: what OWASP asks for. */
const COST: PasswordCost = { log2N: 17, r: 8, p: 1 }
const SALT_BYTES = 16
const HASH_BYTES = 32
/** Costlier ones than these were not made by us. */
const LOG2N_MAX = 20

/** Hashes at a time, and how many may wait: whoever floods us with sign-ins gets refusals, not all of our cores. */
const AT_ONCE = 2
const WAITING_MAX = 16

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt)

/** Thrown where too many hashes wait already; the caller answers "come again". */
export class TooManyHashes extends Error {}

/** Hashes and checks passwords, a few at a time. */
export interface PasswordHasher {
  /** A new hash with its salt and cost, such as `$scrypt$ln=17,r=8,p=1$salt$hash`. Throws `TooManyHashes`. */
  hash(password: string): Promise<string>
  /** Whether it is the password. Without a hash it is not, after the same work. Throws `TooManyHashes`. */
  verify(password: string, hash: string | null): Promise<boolean>
  /** Whether a hash was made with another cost than is usual now. */
  isDated(hash: string): boolean
}

/** `cost`: tests take a cheap one. */
export function createPasswordHasher({
  secretBytes,
  cost = COST,
}: {
  secretBytes: SecretBytes
  cost?: PasswordCost | undefined
}): PasswordHasher {
  const limited = createLimit({ atOnce: AT_ONCE, waitingMax: WAITING_MAX })
  // Never the hash of anything: for people who are not there, at the same cost as for those who are.
  const nobody: ParsedHash = { cost, salt: secretBytes(SALT_BYTES), hash: secretBytes(HASH_BYTES) }
  return {
    async hash(password) {
      const salt = secretBytes(SALT_BYTES)
      const hash = await limited(() => deriveHash(password, salt, cost))
      return `$scrypt$ln=${cost.log2N},r=${cost.r},p=${cost.p}$${unpadded(salt)}$${unpadded(hash)}`
    },
    async verify(password, text) {
      const parsed = text === null ? nobody : parseHash(text)
      const derived = await limited(() => deriveHash(password, parsed.salt, parsed.cost))
      return timingSafeEqual(derived, parsed.hash) && parsed !== nobody
    },
    isDated(text) {
      const made = parseHash(text).cost
      return made.log2N !== cost.log2N || made.r !== cost.r || made.p !== cost.p
    },
  }
}

/** One password is one text, however a keyboard composes its accents (SP 800-63B, 3.1.1.2). */
function deriveHash(password: string, salt: Buffer, { log2N, r, p }: PasswordCost): Promise<Buffer> {
  const N = 2 ** log2N
  return derive(password.normalize('NFKC'), salt, HASH_BYTES, { N, r, p, maxmem: 256 * N * r })
}

interface ParsedHash {
  readonly cost: PasswordCost
  readonly salt: Buffer
  readonly hash: Buffer
}

function parseHash(text: string): ParsedHash {
  const match = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d)\$([\w+/]{22})\$([\w+/]{43})$/.exec(text)
  const [log2N, r, p] = (match?.slice(1, 4) ?? []).map(Number)
  if (!match || !log2N || !r || !p || log2N > LOG2N_MAX) throw new Error('a stored password hash is not one of ours')
  return { cost: { log2N, r, p }, salt: Buffer.from(match[4]!, 'base64'), hash: Buffer.from(match[5]!, 'base64') }
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}

/** Runs so many at once; others wait in order, and too many are refused. */
function createLimit({ atOnce, waitingMax }: { atOnce: number; waitingMax: number }) {
  let running = 0
  const waiting: (() => void)[] = []
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= atOnce) {
      if (waiting.length >= waitingMax) throw new TooManyHashes(`${waiting.length} passwords wait to be checked`)
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running += 1
    try {
      return await work()
    } finally {
      // Whoever waits takes over this place, so that the count stays.
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
