import fc from 'fast-check'
import { PositiveBoard } from '../../src/ml/positive-board'
import { ScoreBoard } from '../../src/ml/rank-board'

const KEYS = 40

/** Rows of keys, each of which a board is told once, with a weight above 0. */
const rows = fc.array(
  fc.record({
    keys: fc.uniqueArray(fc.nat(KEYS - 1), { maxLength: 25 }),
    weight: fc.constantFrom(1, 2, 0.25),
    isAlike: fc.boolean(),
  }),
  { maxLength: 6 },
)

type Rows = typeof rows extends fc.Arbitrary<infer Value> ? Value : never

function tell(board: PositiveBoard | ScoreBoard, all: Rows): void {
  for (const { keys, weight, isAlike } of all) {
    if (isAlike) board.addAlike(Uint16Array.from(keys), 0, keys.length, weight)
    else
      board.addScaled(
        Uint16Array.from(keys),
        Float32Array.from(keys, (key) => 1 + (key % 3)),
        0,
        keys.length,
        weight,
      )
    if (keys.length > 0) board.add(keys[0]!, weight)
    // What is as good as nothing leaves no trace.
    if (board instanceof PositiveBoard) board.addAlike([KEYS - 1], 0, 1, 1e-300)
  }
}

const inOrder = (keys: Iterable<number>) => [...keys].sort((a, b) => a - b)

describe('a board of what is above 0', () => {
  it('holds and chooses what a board of any scores does, gives away all it has, and is empty once cleared', () => {
    const order = Uint32Array.from({ length: KEYS }, (_, key) => (7 * key) % KEYS)
    fc.assert(
      fc.property(rows, fc.nat(12), fc.boolean(), (all, wanted, keepsAll) => {
        const own = new PositiveBoard(KEYS)
        const other = new ScoreBoard(KEYS)
        for (let round = 0; round < 2; round++) {
          tell(own, all)
          tell(other, all)
          const [best, expected] = [new Uint32Array(wanted), new Uint32Array(wanted)]
          const kept = { item: new Uint32Array(KEYS + 3), value: new Float32Array(KEYS + 3) }
          const found = own.best(wanted, best, order, keepsAll ? kept : undefined, 3)
          expect(found).toBe(other.best(wanted, expected, order))
          expect(inOrder(best)).toEqual(inOrder(expected))
          expect(own.values).toEqual(other.values)
          const touched = inOrder(other.touched.subarray(0, other.count))
          expect(inOrder(own.touched.subarray(0, own.count))).toEqual(touched)
          if (keepsAll) {
            const given = new Map(touched.map((_, k) => [kept.item[3 + k], kept.value[3 + k]]))
            expect(given).toEqual(new Map(touched.map((key) => [key, other.values[key]])))
          }
          own.clear()
          other.clear()
          expect([own.count, own.values.every((value) => value === 0)]).toEqual([0, true])
        }
      }),
      { numRuns: 300 },
    )
  })
})
