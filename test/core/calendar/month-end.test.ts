import fc from 'fast-check'
import { atLocalHour, instantOf, localDay, monthEnd, offsetMs } from '../../../src/core/calendar/month-end'

const LONDON = 'Europe/London'

test.each([
  // At, months later, zone → the first instant of the month after.
  ['2026-11-22T10:00:00Z', 0, LONDON, '2026-12-01T00:00:00.000Z'],
  ['2026-11-22T10:00:00Z', 24, LONDON, '2028-12-01T00:00:00.000Z'],
  // In summer London is an hour ahead: its month ends before UTC's.
  ['2026-05-02T10:00:00Z', 1, LONDON, '2026-06-30T23:00:00.000Z'],
  // The clocks change on 2026-03-29 and 2026-10-25, within the month that ends.
  ['2026-03-01T00:00:00Z', 0, LONDON, '2026-03-31T23:00:00.000Z'],
  ['2026-10-01T00:00:00Z', 0, LONDON, '2026-11-01T00:00:00.000Z'],
  // Already the next month there, still the last month here.
  ['2026-05-31T23:30:00Z', 0, LONDON, '2026-06-30T23:00:00.000Z'],
  ['2026-12-31T17:00:00Z', 0, 'Asia/Shanghai', '2027-01-31T16:00:00.000Z'],
  ['2027-01-01T04:00:00Z', 0, 'America/New_York', '2027-01-01T05:00:00.000Z'],
  ['2026-08-31T12:00:00Z', 18, LONDON, '2028-03-01T00:00:00.000Z'],
])('the month of %s, %i months later in %s, ends at %s', (at, monthsLater, timeZone, end) => {
  expect(monthEnd({ at: new Date(at), monthsLater, timeZone }).toISOString()).toBe(end)
})

test.each([
  // The hour before and after each change of the clocks.
  ['2026-03-29T00:59:59Z', 0],
  ['2026-03-29T01:00:00Z', 1],
  ['2026-10-25T00:59:59Z', 1],
  ['2026-10-25T01:00:00Z', 0],
])('at %s London is %i hours ahead', (at, hours) => {
  expect(offsetMs(new Date(at), LONDON)).toBe(hours * 3_600_000)
})

test('days are told by the calendar of the zone', () => {
  expect(localDay(new Date('2026-06-30T23:30:00Z'), LONDON)).toBe('2026-07-01')
  expect(localDay(new Date('2026-06-30T23:30:00Z'), 'America/New_York')).toBe('2026-06-30')
  expect(atLocalHour('2026-07-01', { hours: 9, timeZone: LONDON }).toISOString()).toBe('2026-07-01T08:00:00.000Z')
})

test('what the clocks of any zone show leads back to the instant, but for the hour that comes twice', () => {
  const zones = fc.constantFrom(LONDON, 'Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu')
  const instants = fc.date({
    min: new Date('1995-01-01T00:00:00Z'),
    max: new Date('2035-01-01T00:00:00Z'),
    noInvalidDate: true,
  })
  fc.assert(
    fc.property(instants, zones, (at, timeZone) => {
      const back = instantOf(at.getTime() + offsetMs(at, timeZone), timeZone)
      const difference = Math.abs(back.getTime() - at.getTime())
      if (difference !== 0) expect(offsetMs(back, timeZone)).not.toBe(offsetMs(at, timeZone))
      expect(difference).toBeLessThanOrEqual(3_600_000)
    }),
  )
})
