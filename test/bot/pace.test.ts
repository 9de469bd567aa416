import { FIRST_STRIDE, nextStride } from '../../src/bot/proactive/pace'

describe('how much the next round takes', () => {
  test.each([
    { name: 'nothing was due: as before', seen: 0, tookMs: 3, placingMs: 1, limit: 60, leadMs: 50 },
    { name: 'a few: the least', seen: 8, tookMs: 400, placingMs: 10, limit: 60, leadMs: 50 },
    { name: 'a quick machine: twice as many', seen: 60, tookMs: 60, placingMs: 40, limit: 120, leadMs: 80 },
    { name: 'never more than it should', seen: 450, tookMs: 100, placingMs: 40, limit: 500, leadMs: 80 },
    // At 10 ms each, 50 are done in half a second.
    {
      name: 'a slow machine: as many as it prepares in time',
      seen: 200,
      tookMs: 2_000,
      placingMs: 60,
      limit: 50,
      leadMs: 120,
    },
    { name: 'one that stands still: one', seen: 60, tookMs: 60_000, placingMs: 30_000, limit: 1, leadMs: 700 },
  ])('$name', ({ seen, tookMs, placingMs, limit, leadMs }) => {
    expect(nextStride(FIRST_STRIDE, { seen, tookMs, placingMs })).toEqual({ limit, leadMs })
  })
})
