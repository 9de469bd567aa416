import { TextDictionary } from '../../../src/core/import/text-dictionary'

/** As a reader does, with a hash that many texts share. */
function numberOf(dictionary: TextDictionary, text: string, hash = text.codePointAt(0) ?? 0): number {
  const bytes = Buffer.from(`before ${text} after`)
  return dictionary.numberOf(bytes, 7, 7 + Buffer.byteLength(text), hash)
}

describe('the texts of a column', () => {
  test('have a number each, also where they share a hash or are the beginning of one another', () => {
    const dictionary = new TextDictionary()
    const texts = ['', 'tea', 'te', 't', 'tee', '茶', 'TEA']
    expect(texts.map((text) => numberOf(dictionary, text))).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(texts.map((text) => numberOf(dictionary, text))).toEqual([0, 1, 2, 3, 4, 5, 6])
  })

  test('keep it while more come, up to a bound; those after have none', () => {
    const dictionary = new TextDictionary()
    const numbersOf = () =>
      Array.from({ length: 40_000 }, (_, index) => numberOf(dictionary, `article ${index}`, index))
    const first = numbersOf()
    const known = first.filter((number) => number >= 0)
    expect(new Set(known).size).toBe(known.length)
    expect(known.length).toBeGreaterThan(30_000)
    expect(first.at(-1)).toBe(-1)
    expect(numbersOf()).toEqual(first)
  })

  test('have none where they are long, or where too many share their hash', () => {
    const dictionary = new TextDictionary()
    expect(numberOf(dictionary, 'x'.repeat(64))).toBe(-1)
    const numbers = Array.from({ length: 20 }, (_, index) => numberOf(dictionary, `${index}`, 1))
    expect(numbers.slice(0, 10)).not.toContain(-1)
    expect(numbers.at(-1)).toBe(-1)
  })
})
