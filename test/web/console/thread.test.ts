import type { DeskMessage } from '../../../src/http/api/console/types'
import {
  completeUpTo,
  deliveryChanged,
  emptyThread,
  hasGap,
  received,
  threadOf,
} from '../../../src/web/console/model/thread'

const said = (seq: number, part: Partial<DeskMessage> = {}): DeskMessage => ({
  seq,
  author: 'member',
  staff: null,
  text: `message ${seq}`,
  at: '2026-11-28T10:00:00Z',
  key: `k${seq}`,
  delivery: null,
  ...part,
})
const seqs = (thread: ReturnType<typeof threadOf>): number[] => thread.messages.map(({ seq }) => seq)

describe('what was said in a request', () => {
  test('is shown in order and each message once, however often and in whatever order it comes', () => {
    let thread = threadOf([said(1), said(2)])
    thread = received(thread, [said(4), said(2)])
    thread = received(thread, [said(3), said(4), said(1)])
    expect(seqs(thread)).toEqual([1, 2, 3, 4])
  })

  test('nothing new leaves it as it was', () => {
    const thread = threadOf([said(5), said(6)])
    expect(received(thread, [])).toBe(thread)
    // What lies before the first load was left out on purpose.
    expect(received(thread, [said(4)])).toBe(thread)
  })

  test.each([
    ['nothing was said', [], 0, false],
    ['all is there', [1, 2, 3], 3, false],
    ['one is missing', [1, 2, 4, 5], 2, true],
    ['it begins later', [7, 8], 8, false],
  ] as const)('%s: it is complete up to there', (_what, numbers, upTo, gap) => {
    const thread = threadOf(numbers.map((seq) => said(seq)))
    expect([completeUpTo(thread), hasGap(thread)]).toEqual([upTo, gap])
  })

  test('a gap at the very beginning is one, too', () => {
    const thread = received(emptyThread, [said(2)])
    expect([completeUpTo(thread), hasGap(thread)]).toEqual([0, true])
  })

  test('every order of arrival, twice over, comes to the same', () => {
    const orders = [
      [1, 2, 3, 4],
      [4, 3, 2, 1],
      [2, 4, 1, 3],
      [3, 1, 4, 2],
    ]
    for (const order of orders) {
      const thread = [...order, ...order.toReversed()].reduce((now, seq) => received(now, [said(seq)]), emptyThread)
      expect(seqs(thread)).toEqual([1, 2, 3, 4])
    }
  })

  test('a delivery changes its own message only', () => {
    const thread = threadOf([
      said(1, { author: 'agent', delivery: 'pending' }),
      said(2, { author: 'agent', delivery: 'pending' }),
    ])
    const changed = deliveryChanged(thread, { seq: 1, delivery: 'sent' })
    expect(changed.messages.map(({ delivery }) => delivery)).toEqual(['sent', 'pending'])
  })
})
