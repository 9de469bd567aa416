import { supportAt, supportHours } from '../../../src/core/handoff/hours'

const weekdays = supportHours.parse([{ days: [1, 2, 3, 4, 5], from: '09:00', until: '18:00' }])
const nights = supportHours.parse([{ days: [7], from: '01:30', until: '24:00' }])

test.each([
  // London is an hour ahead of UTC in summer.
  ['opening', '2026-06-01T08:00:00Z', true, null],
  ['just before', '2026-06-01T07:59:59Z', false, '2026-06-01T08:00:00.000Z'],
  ['closing', '2026-06-01T17:00:00Z', false, '2026-06-02T08:00:00.000Z'],
  ['Friday evening', '2026-11-27T18:30:00Z', false, '2026-11-30T09:00:00.000Z'],
  ['the weekend in which the clocks go back', '2026-10-24T12:00:00Z', false, '2026-10-26T09:00:00.000Z'],
  ['the weekend in which the clocks go forward', '2026-03-28T12:00:00Z', false, '2026-03-30T08:00:00.000Z'],
])('%s', (_what, at, isOpen, opensAt) => {
  const support = supportAt(new Date(at), { hours: weekdays, timeZone: 'Europe/London' })
  expect([support.isOpen, support.opensAt?.toISOString() ?? null]).toEqual([isOpen, opensAt])
})

test('hours that begin where the clocks skip, and the end of the day', () => {
  const at = (time: string) => supportAt(new Date(time), { hours: nights, timeZone: 'Europe/London' })
  // On 29 March 2026 there is no 01:30 in London: the clocks go from 01:00 to 02:00.
  expect(at('2026-03-29T00:20:00Z').isOpen).toBe(false)
  expect(at('2026-03-29T01:31:00Z').isOpen).toBe(true)
  expect(at('2026-03-29T22:59:59Z').isOpen).toBe(true)
  expect(at('2026-03-29T23:00:00Z')).toEqual({ isOpen: false, opensAt: new Date('2026-04-05T00:30:00Z') })
})

test('without hours somebody is always there; wrong ones are refused', () => {
  expect(supportAt(new Date('2026-01-01T03:00:00Z'), { hours: [], timeZone: 'Asia/Shanghai' })).toEqual({
    isOpen: true,
    opensAt: null,
  })
  for (const wrong of [
    { days: [0], from: '09:00', until: '10:00' },
    { days: [1], from: '18:00', until: '09:00' },
    { days: [1], from: '9', until: '10:00' },
  ]) {
    expect(supportHours.safeParse([wrong]).success).toBe(false)
  }
})
