import fc from 'fast-check'
import { CODE_PATTERN, newCode, parseCode } from '../../../src/core/coupons/code'

const bytes = fc.uint8Array({ minLength: 15, maxLength: 15 })
const codeOf = (drawn: Uint8Array) => newCode((length) => Buffer.from(drawn.subarray(0, length)))
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

describe('coupon codes', () => {
  test('carry 75 random bits, and read back as they were written', () => {
    fc.assert(
      fc.property(bytes, (drawn) => {
        const code = codeOf(drawn)
        expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/)
        expect(parseCode(code)).toEqual({ ok: true, code })
        const digits = Array.from(code.replaceAll('-', '').slice(0, 15), (letter) => ALPHABET.indexOf(letter))
        expect(digits).toEqual(Array.from(drawn, (byte) => byte & 31))
      }),
    )
  })

  test.each([
    ['lower case', (code: string) => code.toLowerCase()],
    ['no separators', (code: string) => code.replaceAll('-', '')],
    ['spaces', (code: string) => ` ${code.replaceAll('-', ' ')} `],
    ['long dashes', (code: string) => code.replaceAll('-', '–')],
    ['O for 0', (code: string) => code.replaceAll('0', 'O')],
    ['I for 1', (code: string) => code.replaceAll('1', 'i')],
    ['L for 1', (code: string) => code.replaceAll('1', 'l')],
    ['full-width', (code: string) => code.replace(/[0-9A-Z-]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))],
  ])('are understood with %s', (_, spell) => {
    fc.assert(
      fc.property(bytes, (drawn) => {
        const code = codeOf(drawn)
        expect(parseCode(spell(code))).toEqual({ ok: true, code })
      }),
    )
  })

  test('one wrong character always shows', () => {
    fc.assert(
      fc.property(bytes, fc.nat({ max: 15 }), fc.integer({ min: 1, max: 31 }), (drawn, place, shift) => {
        const letters = [...codeOf(drawn).replaceAll('-', '')]
        letters[place] = ALPHABET[(ALPHABET.indexOf(letters[place] ?? '') + shift) % 32] ?? ''
        expect(parseCode(letters.join(''))).toEqual({ ok: false, reason: 'misspelt' })
      }),
    )
  })

  test('any two swapped characters always show', () => {
    fc.assert(
      fc.property(bytes, fc.nat({ max: 15 }), fc.nat({ max: 15 }), (drawn, one, other) => {
        const letters = [...codeOf(drawn).replaceAll('-', '')]
        fc.pre(letters[one] !== letters[other])
        ;[letters[one], letters[other]] = [letters[other] ?? '', letters[one] ?? '']
        expect(parseCode(letters.join(''))).toEqual({ ok: false, reason: 'misspelt' })
      }),
    )
  })

  test.each([
    '',
    'hello',
    'ABCD-EFGH-JKMN',
    'ABCD-EFGH-JKMN-PQRS-T',
    '😀'.repeat(16),
    '\u0000'.repeat(16),
    'x'.repeat(10_000),
  ])('is none: %j', (typed) => {
    expect(parseCode(typed)).toEqual({ ok: false, reason: expect.stringMatching(/^(not-a-code|misspelt)$/) })
  })

  test('a letter that no code has is a misspelling', () => {
    expect(parseCode('UBCD-EFGH-JKMN-PQRS')).toEqual({ ok: false, reason: 'misspelt' })
  })

  test('are found within a sentence', () => {
    const code = codeOf(new Uint8Array(15).fill(10))
    expect(CODE_PATTERN.exec(`IS ${code} STILL GOOD?`)?.[0]).toBe(code)
    expect(CODE_PATTERN.exec(`券码${code}还能用吗`)?.[0]).toBe(code)
    expect(CODE_PATTERN.exec('I ORDERED 12345678901234567890 THINGS')).toBeNull()
  })
})
