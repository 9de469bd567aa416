import fc from 'fast-check'
import { ScoreBoard, selectBest } from '../../src/ml/rank-board'

describe('a board', () => {
  it('holds the sums of whatever was added, in whatever pieces, and nothing after it is cleared', () => {
    const piece = fc.record({ items: fc.array(fc.nat(29), { maxLength: 12 }), scale: fc.integer({ min: 1, max: 4 }) })
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.boolean(), (pieces, isAlike) => {
        const board = new ScoreBoard(30)
        for (let round = 0; round < 2; round++) {
          const expected = new Array<number>(30).fill(0)
          for (const { items, scale } of pieces) {
            const item = Uint32Array.from(items)
            const value = Float64Array.from(items, (_, at) => at + 1)
            if (isAlike) board.addAlike(item, 0, item.length, scale)
            else board.addScaled(item, value, 1, item.length, scale)
            items.forEach((one, at) => {
              if (isAlike) expected[one]! += scale
              else if (at > 0) expected[one]! += scale * (at + 1)
            })
          }
          const touched = [...expected.keys()].filter((one) => expected[one]! > 0)
          expect(Array.from(board.values)).toEqual(expected)
          expect([...board.touched.subarray(0, board.count)].sort((a, b) => a - b)).toEqual(touched)
          board.clear()
          expect([board.count, board.values.every((one) => one === 0), board.has(touched[0] ?? 0)]).toEqual([
            0,
            true,
            false,
          ])
        }
      }),
    )
  })
})

describe('the best', () => {
  it('are those that sorting all would find, however many are equal, few or many wanted', () => {
    const values = fc.array(fc.oneof(fc.nat(6), fc.double({ min: 0, max: 1, noNaN: true })), {
      minLength: 1,
      maxLength: 400,
    })
    fc.assert(
      fc.property(values, fc.nat(60), fc.boolean(), (list, wanted, hasOrder) => {
        const k = Math.min(wanted, list.length)
        const order = hasOrder ? Uint32Array.from(list, (_, one) => list.length - one) : undefined
        const keys = Int32Array.from(list, (_, one) => one)
        const sorted = [...keys].sort((a, b) => list[b]! - list[a]! || (hasOrder ? b - a : a - b)).slice(0, k)
        selectBest(keys, list.length, k, Float64Array.from(list), order)
        expect([...keys.subarray(0, k)].sort((a, b) => a - b)).toEqual(sorted.sort((a, b) => a - b))
        expect([...keys].sort((a, b) => a - b)).toEqual([...list.keys()])
      }),
      { numRuns: 300 },
    )
  })
})
