import { nextSlot, slotsBetween } from '../../../src/core/jobs/slots'

const at = (text: string) => new Date(text)

/** The calendar day of an instant in a zone. */
function dayIn(timeZone: string): (instant: Date) => string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  return (instant) => format.format(instant)
}

describe('a daily job over ten years of clocks that go forward and back', () => {
  test.each([
    // Clocks go from 01:00 to 02:00, and from 02:00 back to 01:00.
    ['Europe/Lisbon', '30 1 * * *'],
    ['Europe/Lisbon', '0 2 * * *'],
    // By half an hour: from 02:00 to 02:30, and from 02:00 back to 01:30.
    ['Australia/Lord_Howe', '15 2 * * *'],
    ['Australia/Lord_Howe', '45 1 * * *'],
    // At midnight: there are days without 00:30, and days with two 23:30.
    ['America/Santiago', '30 0 * * *'],
    ['America/Santiago', '30 23 * * *'],
  ])('%s %s: once on each of its days', (timeZone, cron) => {
    const day = dayIn(timeZone)
    const from = at('2026-01-01T12:00:00Z')
    const until = at('2036-01-01T12:00:00Z')
    const slots = slotsBetween({ cron }, { after: from, until, timeZone })
    const perDay = new Map<string, number>()
    for (const slot of slots) perDay.set(day(slot), (perDay.get(day(slot)) ?? 0) + 1)
    expect([...perDay].filter(([, count]) => count !== 1)).toEqual([])
    const days = Math.round((until.getTime() - from.getTime()) / 86_400_000)
    expect(Math.abs(slots.length - days)).toBeLessThanOrEqual(1)
    // Looked at minute by minute or all at once, the slots are the same.
    const hop = slotsBetween({ cron }, { after: from, until: at('2026-12-31T00:00:00Z'), timeZone })
    let after = from
    for (const slot of hop) {
      expect(nextSlot({ cron }, { after, timeZone })).toEqual(slot)
      after = new Date(slot.getTime() - 1)
      expect(nextSlot({ cron }, { after, timeZone })).toEqual(slot)
      after = slot
    }
  })
})

test('a slot is after, not at, the instant', () => {
  const setting = { after: at('2026-11-22T02:00:00Z'), timeZone: 'UTC' }
  expect(nextSlot({ cron: '0 2 * * *' }, setting)).toEqual(at('2026-11-23T02:00:00Z'))
})

test('nothing is due when the clock was set back', () => {
  const setting = { after: at('2026-11-22T02:00:00Z'), until: at('2026-11-21T23:00:00Z'), timeZone: 'UTC' }
  expect(slotsBetween({ cron: '0 2 * * *' }, setting)).toEqual([])
})
