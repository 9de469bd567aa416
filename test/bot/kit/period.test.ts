import type { SaidDate } from '../../../src/bot/contract'
import { formatPeriod, periodArgument, periodArguments, periodOf } from '../../../src/bot/kit/period'

/** A Wednesday. */
const NOW = new Date('2026-07-15T10:00:00Z')
const days = (said: SaidDate, now = NOW, timeZone = 'UTC') => {
  const period = periodOf(said, { now, timeZone })
  return period && [period.from, period.to].map((each) => each.toISOString().replace('T00:00:00.000Z', ''))
}

test.each<[string, SaidDate, [string, string]]>([
  ['today', { kind: 'ago', unit: 'day', count: 0 }, ['2026-07-15', '2026-07-16']],
  ['yesterday', { kind: 'ago', unit: 'day', count: 1 }, ['2026-07-14', '2026-07-15']],
  ['this week', { kind: 'ago', unit: 'week', count: 0 }, ['2026-07-13', '2026-07-20']],
  ['last week', { kind: 'ago', unit: 'week', count: 1 }, ['2026-07-06', '2026-07-13']],
  ['since last week', { kind: 'ago', unit: 'week', count: 1, since: true }, ['2026-07-06', '2026-07-16']],
  ['last month', { kind: 'ago', unit: 'month', count: 1 }, ['2026-06-01', '2026-07-01']],
  ['seven months ago', { kind: 'ago', unit: 'month', count: 7 }, ['2025-12-01', '2026-01-01']],
  ['last year', { kind: 'ago', unit: 'year', count: 1 }, ['2025-01-01', '2026-01-01']],
  ['the last three weeks', { kind: 'within', unit: 'week', count: 3 }, ['2026-06-24', '2026-07-16']],
  ['the last two months', { kind: 'within', unit: 'month', count: 2 }, ['2026-05-15', '2026-07-16']],
  ['3 May', { kind: 'calendar', month: 5, day: 3 }, ['2026-05-03', '2026-05-04']],
  ['in December: the last there was', { kind: 'calendar', month: 12 }, ['2025-12-01', '2026-01-01']],
  ['in July: this one', { kind: 'calendar', month: 7 }, ['2026-07-01', '2026-08-01']],
  ['29 February: the last there was', { kind: 'calendar', month: 2, day: 29 }, ['2024-02-29', '2024-03-01']],
  ['since May', { kind: 'calendar', month: 5, since: true }, ['2026-05-01', '2026-07-16']],
  ['in 2024', { kind: 'calendar', year: 2024 }, ['2024-01-01', '2025-01-01']],
  ['May last year', { kind: 'calendar', yearsAgo: 1, month: 5 }, ['2025-05-01', '2025-06-01']],
  ['on Monday', { kind: 'weekday', weekday: 1 }, ['2026-07-13', '2026-07-14']],
  ['on Wednesday: today', { kind: 'weekday', weekday: 3 }, ['2026-07-15', '2026-07-16']],
  ['on Friday: the last there was', { kind: 'weekday', weekday: 5 }, ['2026-07-10', '2026-07-11']],
  ['上周日', { kind: 'weekday', weekday: 7, weeksAgo: 1 }, ['2026-07-12', '2026-07-13']],
])('%s', (_, said, expected) => {
  expect(days(said)).toEqual(expected)
})

test('what is wholly to come is no time of the past', () => {
  expect(days({ kind: 'calendar', year: 2027 })).toBeUndefined()
  expect(days({ kind: 'weekday', weekday: 5, weeksAgo: 0 })).toBeUndefined()
  expect(days({ kind: 'calendar', year: 2026, month: 7, day: 15 })).toEqual(['2026-07-15', '2026-07-16'])
})

test('three months before the last day of May end in February', () => {
  const lastOfMay = new Date('2026-05-31T10:00:00Z')
  expect(days({ kind: 'within', unit: 'month', count: 3 }, lastOfMay)).toEqual(['2026-02-28', '2026-06-01'])
})

test('days are those of the shop’s clocks, also where they change', () => {
  const today: SaidDate = { kind: 'ago', unit: 'day', count: 0 }
  // Already the 16th in Shanghai, and an hour more than UTC in London.
  expect(days(today, new Date('2026-07-15T17:00:00Z'), 'Asia/Shanghai')).toEqual([
    '2026-07-15T16:00:00.000Z',
    '2026-07-16T16:00:00.000Z',
  ])
  expect(days({ kind: 'ago', unit: 'month', count: 1 }, new Date('2026-11-22T10:00:00Z'), 'Europe/London')).toEqual([
    '2026-09-30T23:00:00.000Z',
    '2026-11-01',
  ])
})

test('is said as its first and last day', () => {
  const october = { from: new Date('2026-09-30T23:00:00Z'), to: new Date('2026-11-01T00:00:00Z') }
  expect(formatPeriod('en', october, 'Europe/London')).toBe('from 1 October 2026 to 31 October 2026')
  expect(formatPeriod('zh', october, 'Europe/London')).toBe('2026年10月1日至2026年10月31日')
  const day = { from: new Date('2026-05-03T00:00:00Z'), to: new Date('2026-05-04T00:00:00Z') }
  expect(formatPeriod('en', day, 'UTC')).toBe('on 3 May 2026')
  expect(formatPeriod('zh', day, 'UTC')).toBe('2026年5月3日')
})

test('comes back from a button, and nothing else does', () => {
  const period = { from: new Date('2026-05-03T00:00:00Z'), to: new Date('2026-05-04T00:00:00Z') }
  expect(periodArgument({ verb: 'v', args: periodArguments(period) })).toEqual(period)
  const wrong = [{}, { from: 'x', to: 'y' }, { from: '2026-05-03T00:00:00Z' }, { from: 1, to: 2 }]
  const never = { from: '2026-99-99T00:00:00Z', to: '2026-05-04T00:00:00Z' }
  for (const args of [...wrong, never]) expect(periodArgument({ verb: 'v', args })).toBeUndefined()
  expect(periodArgument(undefined)).toBeUndefined()
})
