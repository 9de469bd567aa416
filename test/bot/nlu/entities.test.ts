import { plainEntities } from '../../../src/bot/nlu/entities'
import { cleanText } from '../../../src/bot/turn/clean-text'
import type { Locale } from '../../../src/core/locale'

const read = (said: string, locale: Locale) => plainEntities(cleanText(said), locale)

describe('numbers', () => {
  test.each<[Locale, string, number[]]>([
    ['en', '100', [100]],
    ['en', '１００ points', [100]],
    ['en', 'redeem 1,000 points', [1000]],
    ['en', 'a hundred', [100]],
    ['en', 'one hundred and twenty', [120]],
    ['en', 'twenty five points please', [25]],
    ['en', 'Twenty-five', [25]],
    ['en', 'a couple of them', [2]],
    ['en', 'half a dozen', [6]],
    ['en', 'two coffees and 3 teas', [2, 3]],
    ['en', '3.5', [3.5]],
    ['en', '-5', [-5]],
    ['en', 'that one please', []],
    ['en', 'another one', []],
    ['en', 'the five pound one', [5]],
    ['en', 'number one', [1]],
    ['en', 'how many points do I have', []],
    ['en', 'someone phoned, everyone ate', []],
    ['en', 'ABCD-EFGH-2345-6789', []],
    ['en', 'order KW1204', []],
    ['en', 'write to me77@example.org', []],
    ['en', 'I bought it on 12/05/2024', []],
    ['en', 'on 3 May 2024', []],
    ['en', 'since May 2024', []],
    ['zh', '一百二十', [120]],
    ['zh', '兑换三百二十五积分', [325]],
    ['zh', '两个', [2]],
    ['zh', '要俩', [2]],
    ['zh', '来两张', [2]],
    ['zh', '一百二十 两个', [120, 2]],
    ['zh', '一张，三个', [1, 3]],
    ['zh', '１２０积分', [120]],
    ['zh', '1,000分', [1000]],
    ['zh', '三点五', [3.5]],
    ['zh', 'two 张', [2]],
    ['zh', '看一下我的积分', []],
    ['zh', '一起买的', []],
    ['zh', '十分感谢', []],
    ['zh', '2024年5月3日买的', []],
    ['zh', '我有多少积分', []],
  ])('%s: %s → %j', (locale, said, numbers) => {
    expect(read(said, locale).numbers).toEqual(numbers)
  })
})

describe('a place in a list', () => {
  test.each<[Locale, string, number | undefined]>([
    ['en', 'the second one', 2],
    ['en', 'first', 1],
    ['en', '3rd please', 3],
    ['en', 'twelfth', 12],
    ['en', 'twenty first', 21],
    ['en', 'the last one', -1],
    ['en', 'my last order', -1],
    ['en', 'second to last', -2],
    ['en', 'the third from the end', -3],
    ['en', 'what did I buy last month', undefined],
    ['en', 'two', undefined],
    ['zh', '第二个', 2],
    ['zh', '第３个', 3],
    ['zh', '第十二张', 12],
    ['zh', '最后一个', -1],
    ['zh', '最后那张', -1],
    ['zh', '倒数第二个', -2],
    ['zh', '头一个', 1],
    ['zh', '两个', undefined],
    ['zh', '我最后问你', undefined],
  ])('%s: %s → %j', (locale, said, ordinal) => {
    const entities = read(said, locale)
    expect(entities.ordinal).toBe(ordinal)
    if (ordinal !== undefined) expect(entities.numbers).toEqual([])
  })
})

describe('codes', () => {
  test.each<[string, string[], string[]]>([
    ['ABCD-EFGH-2345-6789', ['ABCD-EFGH-2345-6789'], []],
    ['is abcd-efgh-2345-6789 still good?', ['ABCD-EFGH-2345-6789'], []],
    ['code ABCD EFGH 2345 6789 please', ['ABCD EFGH 2345 6789'], []],
    ['ABCDEFGH23456789', ['ABCDEFGH23456789'], []],
    ['ＡＢＣＤ－ＥＦＧＨ－２３４５－６７８９', ['ABCD-EFGH-2345-6789'], []],
    ['我的券码是ABCD-EFGH-2345-6789吗', ['ABCD-EFGH-2345-6789'], []],
    ['ABCD-EFGH-2345-678 lost its end', ['ABCD-EFGH-2345-678'], []],
    ['two: ABCD-EFGH-2345-6789, WXYZ-0000-1111-2222', ['ABCD-EFGH-2345-6789', 'WXYZ-0000-1111-2222'], []],
    ['where is 536365', [], ['536365']],
    ['C536379 was cancelled', [], ['C536379']],
    ['kw1204 and KR1205', [], ['KW1204', 'KR1205']],
    ['order 1204', [], ['1204']],
    ['order number: 1204', [], ['1204']],
    ['#1204', [], ['1204']],
    ['订单号是1204', [], ['1204']],
    ['订单 536365 到哪了', [], ['536365']],
    ['cancel order 00004587345', [], ['00004587345']],
    ['redeem 12000 points', [], []],
    ['兑换12000积分', [], []],
    ['it cost £12000', [], []],
    ['I have 10,000', [], []],
    ['since 2024', [], []],
    ['this is just a long sentence of words', [], []],
    ['unbelievable-well-known-text-here', [], []],
    ['call +44 20 7946 0958 1234 5678', [], []],
  ])('%s', (said, couponCodes, orderCodes) => {
    const entities = read(said, 'en')
    expect(entities).toMatchObject({ couponCodes, orderCodes })
  })
})

test.each<[string, string[]]>([
  ['write to anna.b+shop@example.co.uk please', ['anna.b+shop@example.co.uk']],
  ['发到anna@example.com', ['anna@example.com']],
  ['a@b.com, a@b.com', ['a@b.com']],
  ['meet me @ 5', []],
  ['@anna', []],
])('e-mail addresses in %s', (said, emails) => {
  expect(read(said, 'en').emails.map((email) => email.replace(/^发到/, ''))).toEqual(emails)
})

test('anything at all gives lists, and soon', () => {
  const texts = [
    '',
    '   ',
    '😀😀😀',
    'مرحبا بكم',
    '‮evil‬',
    'a\u0000b',
    '9'.repeat(10_000),
    'ab-'.repeat(5_000),
    '一'.repeat(10_000),
    '- '.repeat(9_999),
  ]
  for (const said of texts) {
    for (const locale of ['en', 'zh'] as const) {
      const { numbers, couponCodes, orderCodes, emails } = read(said, locale)
      expect(numbers.every(Number.isFinite)).toBe(true)
      expect([couponCodes, orderCodes, emails].every(Array.isArray)).toBe(true)
    }
  }
})

test.each<[Locale, string]>([
  ['en', 'one '],
  ['zh', '1千'],
])('numbers are not looked for behind the 200th character, which would take seconds (%s: %s)', (locale, word) => {
  const plain = locale === 'en' ? 'word '.repeat(40) : '字'.repeat(200)
  expect(read(`2 ${plain}`, locale).numbers).toEqual([2])
  expect(read(`${plain} 2 ${word.repeat(100)}`, locale)).toMatchObject({ numbers: [] })
  expect(read(`${plain} ${locale === 'en' ? 'the second' : '第二个'}`, locale).ordinal).toBeUndefined()
})
