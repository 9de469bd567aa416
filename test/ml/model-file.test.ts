import { ModelFileError, packModel, unpackModel } from '../../src/ml/model-file'

const kind = 'test'
const version = 3
const parts = {
  meta: { labels: ['一', 'two'], threshold: 0.5 },
  arrays: {
    bytes: Int8Array.of(-1, 2, 3),
    places: Uint16Array.of(1, 65_535),
    weights: Float32Array.of(0.5, Number.NaN, -1e-20),
    none: new Float64Array(),
    long: Uint32Array.of(4_294_967_295),
  },
}

describe('a model file', () => {
  const bytes = packModel({ kind, version, ...parts })

  test('gives back what was put in', () => {
    expect(unpackModel(bytes, { kind, version })).toEqual(parts)
  })

  test('can be read from any offset of a larger buffer', () => {
    const shifted = new Uint8Array(bytes.length + 3)
    shifted.set(bytes, 3)
    expect(unpackModel(shifted.subarray(3), { kind, version })).toEqual(parts)
  })

  test('refuses to be read when any one byte of it was changed', () => {
    for (let at = 0; at < bytes.length; at += 5) {
      const damaged = Uint8Array.from(bytes)
      damaged[at]! ^= 0x10
      expect(() => unpackModel(damaged, { kind, version })).toThrow(ModelFileError)
    }
  })

  test.each([0, 3, 11, 44, bytes.length - 1])('refuses to be read when cut to %i bytes', (length) => {
    expect(() => unpackModel(bytes.subarray(0, length), { kind, version })).toThrow(ModelFileError)
  })

  test('refuses another kind and another version, saying which', () => {
    expect(() => unpackModel(bytes, { kind: 'other', version })).toThrow(/kind test, version 3; wanted other/)
    expect(() => unpackModel(bytes, { kind, version: 4 })).toThrow(/wanted test, version 4/)
  })
})
