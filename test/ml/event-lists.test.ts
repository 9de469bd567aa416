import fc from 'fast-check'
import { EventCollector, endBeforeCut, selectLists } from '../../src/ml/event-lists'

const MEMBERS = 4
const event = fc.record({
  member: fc.integer({ min: 0, max: MEMBERS - 1 }),
  day: fc.integer({ min: -400, max: -1 }),
  value: fc.integer({ min: -50, max: 50 }),
})

function collect(events: readonly { member: number; day: number; value: number }[], mergeDays: boolean) {
  const collector = new EventCollector()
  for (const { member, day, value } of events) collector.add(member, day, value)
  return collector.finish(MEMBERS, { mergeDays })
}

describe('event lists', () => {
  it('hold what sorting and grouping by hand gives, in whatever order events come', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 300 }), (events) => {
        const lists = collect(events, true)
        for (let member = 0; member < MEMBERS; member++) {
          const byDay = new Map<number, number>()
          for (const each of events) {
            if (each.member === member) byDay.set(each.day, (byDay.get(each.day) ?? 0) + each.value)
          }
          const wanted = [...byDay].sort(([a], [b]) => a - b)
          const [from, to] = [lists.start[member]!, lists.start[member + 1]!]
          expect([...lists.day.subarray(from, to)]).toEqual(wanted.map(([day]) => day))
          expect([...lists.value.subarray(from, to)]).toEqual(wanted.map(([, value]) => value))
        }
      }),
    )
  })

  it('keep events of one day apart where they are not to be merged, in the order they came', () => {
    const { start, day, value } = collect(
      [
        { member: 1, day: -3, value: 7 },
        { member: 1, day: -3, value: 8 },
        { member: 1, day: -9, value: 1 },
      ],
      false,
    )
    expect([...start]).toEqual([0, 0, 3, 3, 3])
    expect([...day]).toEqual([-9, -3, -3])
    expect([...value]).toEqual([1, 7, 8])
  })

  it('end before the cut, and a selection has the lists of those selected', () => {
    const lists = collect(
      [-30, -20, -10].map((day) => ({ member: 2, day, value: day })),
      false,
    )
    expect([-40, -30, -20, -19, 0].map((cut) => endBeforeCut(lists, 2, cut))).toEqual([0, 0, 1, 2, 3])
    const chosen = selectLists(lists, [2, 0])
    expect([...chosen.start]).toEqual([0, 3, 3])
    expect([...chosen.day]).toEqual([-30, -20, -10])
  })
})
