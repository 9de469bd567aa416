import {
  assignMembers,
  codesFor,
  packSegments,
  type SegmentModel,
  unpackSegments,
} from '../../../src/core/segments/model'
import { packModel } from '../../../src/ml/model-file'

const axis = (name: string) => ({ name, scale: 'plain' as const, mean: 0, unit: 1 })
const model = (codes: readonly string[], centres: readonly (readonly [number, number])[]): SegmentModel => ({
  axes: [axis('orders'), axis('spend')],
  codes,
  centres: Float64Array.from(centres.flat()),
})

describe("the clusters' codes", () => {
  const before = model(
    ['c4', 'c9'],
    [
      [0, 0],
      [3, 3],
    ],
  )

  test('a first model counts from one', () => {
    expect(
      codesFor(
        model(
          [],
          [
            [0, 0],
            [3, 3],
          ],
        ),
        { usedMax: 0 },
      ),
    ).toEqual(['c1', 'c2'])
  })

  test.each([
    [
      'found again, moved a little',
      [
        [3.2, 2.9],
        [0.3, 0],
      ],
      ['c9', 'c4'],
    ],
    [
      'one found again, two new',
      [
        [0, 0.5],
        [9, 0],
        [0, 9],
      ],
      ['c4', 'c12', 'c13'],
    ],
    [
      'two near the same old one: the nearer is it',
      [
        [0.9, 0],
        [0.1, 0],
      ],
      ['c12', 'c4'],
    ],
    [
      'nothing found again',
      [
        [20, 20],
        [-20, 3],
      ],
      ['c12', 'c13'],
    ],
  ] as const)('%s', (_, centres, expected) => {
    expect(codesFor(model([], centres), { before, usedMax: 11 })).toEqual(expected)
  })

  test('a code of the model in use is not used twice, even where nothing else remembers it', () => {
    expect(codesFor(model([], [[20, 20]]), { before, usedMax: 0 })).toEqual(['c10'])
  })

  test('an axis that is new stands at the mean of the clusters before', () => {
    const fresh = { axes: [axis('orders'), axis('pointsShare')], centres: Float64Array.of(3, 0, 3, 9) }
    expect(codesFor(fresh, { before, usedMax: 9 })).toEqual(['c9', 'c10'])
  })
})

describe("the model's bytes", () => {
  const segments = model(
    ['c1', 'c2'],
    [
      [0, 0],
      [3, 3],
    ],
  )

  test('come back as the same model', () => {
    const back = unpackSegments(packSegments(segments))
    expect(back).toEqual(segments)
    const columns = [
      { name: 'orders', scale: 'plain' as const, values: Float64Array.of(1, 4) },
      { name: 'spend', scale: 'plain' as const, values: Float64Array.of(0, 6) },
    ]
    expect([...assignMembers(back ?? segments, columns)]).toEqual([0, 1])
  })

  test.each([
    ['of another version', packModel({ kind: 'segments', version: 2, meta: {}, arrays: {} })],
    ['of another kind', packModel({ kind: 'churn', version: 1, meta: {}, arrays: {} })],
    ['over a column that is no more', packSegments({ ...segments, axes: [axis('orders'), axis('footfall')] })],
    ['that are none', new Uint8Array(3)],
  ])('%s are not used', (_, bytes) => {
    expect(unpackSegments(bytes)).toBeUndefined()
  })
})
