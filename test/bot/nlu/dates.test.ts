import { dateIn } from '../../../src/bot/nlu/dates'
import { plainEntities } from '../../../src/bot/nlu/entities'
import { cleanText } from '../../../src/bot/turn/clean-text'
import type { Locale } from '../../../src/core/locale'

const read = (said: string, locale: Locale) => dateIn(cleanText(said), locale)?.date

test.each<[Locale, string, object]>([
  ['en', 'what did I order today', { kind: 'ago', unit: 'day', count: 0 }],
  ['en', 'Yesterday', { kind: 'ago', unit: 'day', count: 1 }],
  ['en', 'the day before yesterday', { kind: 'ago', unit: 'day', count: 2 }],
  ['en', 'last week', { kind: 'ago', unit: 'week', count: 1 }],
  ['en', 'orders from last month', { kind: 'ago', unit: 'month', count: 1 }],
  ['en', 'this year', { kind: 'ago', unit: 'year', count: 0 }],
  ['en', 'since last week', { kind: 'ago', unit: 'week', count: 1, since: true }],
  ['en', '3 days ago', { kind: 'ago', unit: 'day', count: 3 }],
  ['en', 'two weeks ago', { kind: 'ago', unit: 'week', count: 2 }],
  ['en', 'a month ago', { kind: 'ago', unit: 'month', count: 1 }],
  ['en', 'the last three months', { kind: 'within', unit: 'month', count: 3 }],
  ['en', 'in the past week', { kind: 'within', unit: 'week', count: 1 }],
  ['en', 'on Monday', { kind: 'weekday', weekday: 1 }],
  ['en', 'last thursday', { kind: 'weekday', weekday: 4 }],
  ['en', '3 May', { kind: 'calendar', month: 5, day: 3 }],
  ['en', 'the 3rd of May 2026', { kind: 'calendar', year: 2026, month: 5, day: 3 }],
  ['en', 'May 3rd, 2025', { kind: 'calendar', year: 2025, month: 5, day: 3 }],
  ['en', 'Sept 21', { kind: 'calendar', month: 9, day: 21 }],
  ['en', 'points earned in May', { kind: 'calendar', month: 5 }],
  ['en', 'since may', { kind: 'calendar', month: 5, since: true }],
  ['en', 'from May onwards', { kind: 'calendar', month: 5, since: true }],
  ['en', 'my October orders', { kind: 'calendar', month: 10 }],
  ['en', 'March 2025', { kind: 'calendar', year: 2025, month: 3 }],
  ['en', 'march last year', { kind: 'calendar', yearsAgo: 1, month: 3 }],
  ['en', 'everything from 2025', { kind: 'calendar', year: 2025 }],
  ['en', '2026-05-03', { kind: 'calendar', year: 2026, month: 5, day: 3 }],
  ['en', '03/05/2026', { kind: 'calendar', year: 2026, month: 5, day: 3 }],
  ['en', '05/23/2026', { kind: 'calendar', year: 2026, month: 5, day: 23 }],
  ['en', '29 February', { kind: 'calendar', month: 2, day: 29 }],
  ['zh', '今天下的单', { kind: 'ago', unit: 'day', count: 0 }],
  ['zh', '昨天', { kind: 'ago', unit: 'day', count: 1 }],
  ['zh', '前天买的', { kind: 'ago', unit: 'day', count: 2 }],
  ['zh', '大前天', { kind: 'ago', unit: 'day', count: 3 }],
  ['zh', '上周的订单', { kind: 'ago', unit: 'week', count: 1 }],
  ['zh', '上个星期', { kind: 'ago', unit: 'week', count: 1 }],
  ['zh', '上上周', { kind: 'ago', unit: 'week', count: 2 }],
  ['zh', '本周', { kind: 'ago', unit: 'week', count: 0 }],
  ['zh', '上个月的订单', { kind: 'ago', unit: 'month', count: 1 }],
  ['zh', '今年', { kind: 'ago', unit: 'year', count: 0 }],
  ['zh', '去年', { kind: 'ago', unit: 'year', count: 1 }],
  ['zh', '三天前', { kind: 'ago', unit: 'day', count: 3 }],
  ['zh', '两个月以前', { kind: 'ago', unit: 'month', count: 2 }],
  ['zh', '最近三个月', { kind: 'within', unit: 'month', count: 3 }],
  ['zh', '近12个月', { kind: 'within', unit: 'month', count: 12 }],
  ['zh', '最近半年', { kind: 'within', unit: 'month', count: 6 }],
  ['zh', '周一', { kind: 'weekday', weekday: 1 }],
  ['zh', '上周日', { kind: 'weekday', weekday: 7, weeksAgo: 1 }],
  ['zh', '5月3日', { kind: 'calendar', month: 5, day: 3 }],
  ['zh', '5月3号的订单', { kind: 'calendar', month: 5, day: 3 }],
  ['zh', '五月二十三号', { kind: 'calendar', month: 5, day: 23 }],
  ['zh', '2026年5月3日', { kind: 'calendar', year: 2026, month: 5, day: 3 }],
  ['zh', '2026年5月', { kind: 'calendar', year: 2026, month: 5 }],
  ['zh', '去年5月', { kind: 'calendar', yearsAgo: 1, month: 5 }],
  ['zh', '十二月份', { kind: 'calendar', month: 12 }],
  ['zh', '2025年的积分', { kind: 'calendar', year: 2025 }],
  ['zh', '5月以来', { kind: 'calendar', month: 5, since: true }],
  ['zh', '自去年', { kind: 'ago', unit: 'year', count: 1, since: true }],
  ['zh', '2026-05-03', { kind: 'calendar', year: 2026, month: 5, day: 3 }],
])('%s: %s', (locale, said, date) => {
  expect(read(said, locale)).toEqual(date)
})

test.each<[Locale, string]>([
  ['en', 'may I see my orders'],
  ['en', 'march to the till'],
  ['en', 'my last order'],
  ['en', 'order 2025'],
  ['en', '31 February 2026'],
  ['en', '2026-13-01'],
  ['en', 'the last one'],
  ['en', 'the second one'],
  ['en', 'may'],
  ['en', '10.50'],
  ['zh', '最近的订单'],
  ['zh', '上一单'],
  ['zh', '13月'],
  ['zh', '以前的订单'],
  ['zh', '我有多少积分'],
])('%s: no date in %s', (locale, said) => {
  expect(read(said, locale)).toBeUndefined()
})

test('a date is neither a number nor a place in a list nor an order', () => {
  const nothing = { numbers: [], orderCodes: [], couponCodes: [] }
  expect(plainEntities('the last 3 months', 'en')).toMatchObject({ ...nothing, date: { kind: 'within' } })
  expect(plainEntities('the last 3 months', 'en').ordinal).toBeUndefined()
  expect(plainEntities('MY ORDERS OF MAY 3RD', 'en')).toMatchObject({ ...nothing, date: { month: 5, day: 3 } })
  expect(plainEntities('MY ORDERS OF MAY 3RD', 'en').ordinal).toBeUndefined()
  expect(plainEntities('最近三个月的订单', 'zh')).toMatchObject({ ...nothing, date: { kind: 'within' } })
  expect(plainEntities('yesterday I redeemed 500 points', 'en')).toMatchObject({ numbers: [500] })
  expect(plainEntities('100 points', 'en').date).toBeUndefined()
})

test('much of anything takes no time', () => {
  const startedAt = performance.now()
  for (const text of [
    '上'.repeat(1000),
    '1 '.repeat(500),
    'last '.repeat(200),
    '2026-'.repeat(200),
    '十'.repeat(1000),
  ]) {
    dateIn(text, 'en')
    dateIn(text, 'zh')
  }
  expect(performance.now() - startedAt).toBeLessThan(500)
})
