import type { SecretBytes } from '../clock'

/**
 * Coupon codes: `ABCD-EFGH-JKMN-PQRS`, sixteen characters of Crockford's base 32 (no I, L, O, U). Fifteen are drawn at random
 * (75 bits), the last is a check character: any one wrong character and any two swapped ones show.
 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const RANDOM_LENGTH = 15
const GROUP = 4

/** Finds what looks like a code within a text that was upper-cased; what it finds goes through `parseCode`. */
export const CODE_PATTERN = /(?<![0-9A-Z])[0-9A-Z]{4}(?:[-\s_.]?[0-9A-Z]{4}){3}(?![0-9A-Z])/

/** A new code that nobody can guess. */
export function newCode(secretBytes: SecretBytes): string {
  // 256 is a multiple of 32, so that the lowest five bits of a byte are evenly drawn.
  const digits = Array.from(secretBytes(RANDOM_LENGTH), (byte) => byte & 31)
  return group([...digits, checkDigit(digits)].map((digit) => ALPHABET[digit]).join(''))
}

/** What became of a typed code: as it is stored, or why it can be none. */
export type ParsedCode = { ok: true; code: string } | { ok: false; reason: 'not-a-code' | 'misspelt' }

/**
 * Reads a code as people type it: any case, full-width, with other separators or none, O for 0, I and L for 1.
 * `misspelt`: it has the form of a code, and its check character says that something in it is wrong.
 */
export function parseCode(typed: string): ParsedCode {
  const folded = typed.normalize('NFKC').toUpperCase()
  const letters = folded
    .replace(/[\s\-_.‐-―−]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
  if (letters.length !== RANDOM_LENGTH + 1) return { ok: false, reason: 'not-a-code' }
  const digits = Array.from(letters, (letter) => ALPHABET.indexOf(letter))
  if (digits.includes(-1)) return { ok: false, reason: 'misspelt' }
  const isRight = digits[RANDOM_LENGTH] === checkDigit(digits.slice(0, RANDOM_LENGTH))
  return isRight ? { ok: true, code: group(letters) } : { ok: false, reason: 'misspelt' }
}

function group(letters: string): string {
  const groups: string[] = []
  for (let start = 0; start < letters.length; start += GROUP) groups.push(letters.slice(start, start + GROUP))
  return groups.join('-')
}

/**
 * The digits as a polynomial over GF(32) at its generator α, times α (Horner): each place has a weight of its own (α to the
 * power of its place, below 31), so that the sum changes when one digit changes or two are swapped.
 */
function checkDigit(digits: readonly number[]): number {
  return digits.reduce((sum, digit) => timesAlpha(sum ^ digit), 0)
}

/** Multiplication by α modulo x⁵ + x² + 1, which is primitive over GF(2). */
function timesAlpha(value: number): number {
  const doubled = value << 1
  return doubled & 32 ? doubled ^ 0b100101 : doubled
}
