import { inSharedMemory } from '../../src/ml/shared-memory'

describe('shared memory', () => {
  it('holds the same data, only that typed arrays can be handed to threads without a copy', () => {
    const data = {
      steps: 2,
      all: Float64Array.of(0.5, -1),
      rows: { start: Uint32Array.of(0, 3).subarray(1) },
      name: 'a',
    }
    const copy = inSharedMemory(data)
    expect(copy).toEqual(data)
    expect(copy.all.buffer).toBeInstanceOf(SharedArrayBuffer)
    expect(copy.rows.start.buffer.byteLength).toBe(4)
    data.all[0] = 7
    expect(copy.all[0]).toBe(0.5)
  })
})
