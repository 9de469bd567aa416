import fc from 'fast-check'
import { cleanText } from '../../src/bot/turn/clean-text'
import { storableJson } from '../../src/bot/turn/storable-json'
import { useDatabase } from '../support/database'

test.each([
  ['  my points ', 'my points'],
  ['ｒｅｄｅｅｍ　１２０！', 'redeem 120!'],
  ['line one\r\nline two\rline three', 'line one\nline two\nline three'],
  ['a\u0000b\u0007c\u001bd', 'abcd'],
  ['\u202eevil\u202c text\u200b', 'evil text'],
  ['soft\u00adhyphen\ufeff', 'softhyphen'],
  ['tab\there', 'tab\there'],
  ['👩‍👩‍👧', '👩‍👩‍👧'],
  ['half \ud83d pair', 'half  pair'],
  ['½ of ② 一百二十', '½ of ② 一百二十'],
  ['مرحبا', 'مرحبا'],
  ['', ''],
])('%j becomes %j', (text, expected) => {
  expect(cleanText(text)).toBe(expected)
})

test('a long text is cut at 1,000 characters, never through one', () => {
  expect(cleanText('x'.repeat(10_000))).toHaveLength(1_000)
  expect(cleanText(`${'x'.repeat(999)}😀😀`)).toBe(`${'x'.repeat(999)}😀`)
})

test('whatever is typed becomes clean, and cleaning again changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 3_000 }), (text) => {
      const clean = cleanText(text)
      expect(Array.from(clean).length).toBeLessThanOrEqual(1_000)
      expect(clean).not.toMatch(/(?![\t\n])\p{Cc}|\p{Cs}/u)
      expect(cleanText(clean)).toBe(clean)
    }),
    { seed: 7 },
  )
})

describe('what is stored as JSON', () => {
  const { current } = useDatabase()

  test('is taken by PostgreSQL, whatever is in it, and comes back the same where that is possible', async () => {
    const strings = fc.string({
      unit: fc.oneof(fc.constantFrom('\u0000', '\ud800', '\udc00', '\\', '\\u0000', '"'), fc.string()),
    })
    await fc.assert(
      fc.asyncProperty(fc.dictionary(strings, fc.oneof(strings, fc.array(strings), fc.integer())), async (value) => {
        const [row] = await current().sql<{ stored: object }>`select ${storableJson(value)}::jsonb as stored`
        const plain = !/\\u(0000|d[89a-f])/.test(JSON.stringify(value))
        if (plain) expect(row?.stored).toEqual({ ...value })
      }),
      { seed: 7, numRuns: 200 },
    )
  })

  test('loses NUL and halves of pairs, nothing else', () => {
    const text = 'a\u0000b\ud800c\\u0000d'
    expect(JSON.parse(storableJson({ [text]: [text, 1, null, new Date(0)] }))).toEqual({
      'ab\ufffdc\\u0000d': ['ab\ufffdc\\u0000d', 1, null, '1970-01-01T00:00:00.000Z'],
    })
  })
})
