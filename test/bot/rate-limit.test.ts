import { createRateLimit } from '../../src/bot/directline/rate-limit'

test('as many at once as the burst, then as many as come back with time', () => {
  let nowMs = 0
  const limit = createRateLimit({ burst: 3, perSecond: 0.5 }, () => new Date(nowMs))
  const take = () => limit.take('a')
  expect([take(), take(), take(), take()]).toEqual([0, 0, 0, 2])
  nowMs = 1_000
  expect(take()).toBe(1)
  nowMs = 2_000
  expect([take(), take()]).toEqual([0, 2])
  expect(limit.take('b')).toBe(0)
  nowMs = 1_000_000
  expect([take(), take(), take(), take()]).toEqual([0, 0, 0, 2])
})

test('a clock that goes back gives nothing away and takes nothing', () => {
  let nowMs = 10_000
  const limit = createRateLimit({ burst: 1, perSecond: 1 }, () => new Date(nowMs))
  expect(limit.take('a')).toBe(0)
  nowMs = 0
  expect(limit.take('a')).toBe(1)
  nowMs = 1_000
  expect(limit.take('a')).toBe(0)
})
