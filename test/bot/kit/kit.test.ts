import * as fc from 'fast-check'
import type { Turn } from '../../../src/bot/contract'
import { numberArgument, textArgument, textsArgument } from '../../../src/bot/kit/arguments'
import { button, CARD_BYTES_MAX, card, paragraph } from '../../../src/bot/kit/card'
import { bareNumber, bestName, CLEAR_NAME, containsName, LIKELY_NAME, positionOf } from '../../../src/bot/kit/choose'
import { yesOrNo } from '../../../src/bot/kit/confirm'
import {
  calendarDay,
  formatDate,
  formatLastDay,
  formatMoney,
  formatPoints,
  formatSigned,
} from '../../../src/bot/kit/format'
import { likeness } from '../../../src/bot/kit/likeness'
import { escapeMarkdown } from '../../../src/bot/kit/markdown'
import { nameIn } from '../../../src/bot/kit/words'
import { standInRecogniser } from '../../support/stand-in-recogniser'

describe('yes and no', () => {
  test.each([
    ...['yes', 'Yes!', 'YES PLEASE', 'yesss', 'ok', 'okay then', 'sure', 'go ahead', 'yep', 'sounds good', 'y', '👍'],
    ...[
      '是',
      '是的',
      '好的',
      '好',
      '嗯',
      '可以',
      '确认',
      '好的谢谢',
      '行',
      '要',
      '对',
      '没问题',
      '確認',
      '係',
      '冇問題',
    ],
  ])('"%s" is a yes', (said) => expect(yesOrNo(said)).toBe('yes'))

  test.each([
    ...['no', 'No.', 'no thanks', 'no, thank you', 'nope', 'not now', "don't", 'n', '👎'],
    ...['不', '不要', '不用了', '算了', '不用了谢谢', '先不', '不行', '不了', '唔要', '唔使'],
  ])('"%s" is a no', (said) => expect(yesOrNo(said)).toBe('no'))

  test.each([
    'maybe',
    'yes or no?',
    'how many points do I have',
    'not sure',
    '也许吧',
    '什么',
    '',
    '🎉',
    'noodles',
    '要什么',
  ])('"%s" is neither', (said) => expect(yesOrNo(said)).toBeUndefined())
})

describe('a number that is all that was said', () => {
  const turnOf = (said: string) => ({ said, understood: standInRecogniser(said, 'en') }) as Turn

  test.each<[string, number | undefined, number | undefined]>([
    ['2', 2, 2],
    ['number two please', 2, 2],
    ["I'll take 3", 3, 3],
    ['the second one', undefined, 2],
    ['第二个', undefined, 2],
    ['最后一个', undefined, -1],
    ['rather 1', 1, 1],
    ['no, I meant 3', 3, 3],
    ['not that one, the second', undefined, 2],
    ['what about the first one', undefined, 1],
    ['不是，是第二个', undefined, 2],
    ['第二個', undefined, 2],
  ])('"%s"', (said, number, ordinal) => {
    const found = bareNumber(turnOf(said))
    expect(found).toEqual(ordinal === undefined ? undefined : { ...(number === undefined ? {} : { number }), ordinal })
  })

  test.each([
    ['要两张', 2],
    ['兩張', 2],
    ['不是，是三张', 3],
    ['two coupons', 2],
    ['3 of them', 3],
    ['-1', -1],
  ])('"%s" counts, and is no place in a list', (said, number) => {
    expect(bareNumber(turnOf(said))).toEqual({ number })
  })

  test.each([
    'not the second, the third',
    'two weeks ago I ordered tea',
    'where is order 12345',
    'hello',
    '',
    '2 or 3',
    '第二个问题是什么时候到货',
  ])('"%s" is more than a number', (said) => expect(bareNumber(turnOf(said))).toBeUndefined())

  test('a position counts from either end and stays inside', () => {
    expect([1, 3, -1, -3, 0, 4, -4, 1.5].map((ordinal) => positionOf(ordinal, 3))).toEqual([
      ...[0, 2, 2, 0],
      ...[undefined, undefined, undefined, undefined],
    ])
  })
})

describe('names', () => {
  const names = [
    ['Free delivery', '免运费券'],
    ['Free biscuits', '免费饼干券'],
    ['£5 off', '5英镑抵用券'],
    ['Teapot', '茶壶兑换券'],
  ]

  test.each<[string, number]>([
    ['free biscuits', 1],
    ['the free biscuits please', 1],
    ['free bisquits', 1],
    ['FREE DELIVRY', 0],
    ['£5 off', 2],
    ['teapto', 3],
    ['免费并干券', 1],
    ['我要免运费券', 0],
    ['茶壶券', 3],
    ['茶壺兌換券', 3],
    ['no, I meant the teapot', 3],
    ['not that one, the free biscuits', 1],
    ['不是，我要免运费券', 0],
  ])('"%s" is clear', (said, index) => {
    const best = bestName(said, names)
    expect(best?.index).toBe(index)
    expect(best?.score).toBeGreaterThanOrEqual(said === '茶壶券' ? LIKELY_NAME : CLEAR_NAME)
  })

  test.each([
    'free',
    'how many points do I have',
    'when is my delivery coming and is it free of charge',
    '券',
    '',
    'x',
  ])('"%s" names none clearly', (said) => expect(bestName(said, names)?.score ?? 0).toBeLessThan(CLEAR_NAME))

  test('a name is contained whole words, in Chinese as it stands', () => {
    expect(containsName('I want to spend it on free biscuits!', 'Free biscuits')).toBe(true)
    expect(containsName('teapots', 'Teapot')).toBe(false)
    expect(containsName('我想换免费饼干券', '免费饼干券')).toBe(true)
  })

  test('likeness is 1 for the same, symmetric, and between 0 and 1', () => {
    const texts = ['my tier', 'my teir', 'tier', '等级', 'a', '', 'x'.repeat(300)]
    for (const left of texts) {
      expect(likeness(left, left)).toBe(1)
      for (const right of texts) {
        expect(likeness(left, right)).toBe(likeness(right, left))
        expect(likeness(left, right)).toBeGreaterThanOrEqual(0)
        expect(likeness(left, right)).toBeLessThanOrEqual(1)
      }
    }
    expect(likeness('my tier', 'my teir')).toBeGreaterThan(CLEAR_NAME)
  })

  // Few letters, so that they often meet; 件 and ń share the last eight bits with other letters.
  const phrase = fc.stringMatching(/^[ab t件ńn]{0,12}$/)

  test('what likeness leaves out is never above what matters', () => {
    fc.assert(
      fc.property(phrase, phrase, fc.double({ min: 0, max: 1, noNaN: true }), (left, right, above) => {
        const exact = likeness(left, right)
        const quick = likeness(left, right, above)
        if (exact > above) expect(quick).toBe(exact)
        else expect(quick).toBeLessThanOrEqual(above)
      }),
      { numRuns: 3_000 },
    )
  })

  test('asking for clear names only finds the same clear names', () => {
    fc.assert(
      fc.property(phrase, fc.array(fc.array(phrase, { maxLength: 2 }), { maxLength: 4 }), (said, things) => {
        const best = bestName(said, things, 0.1)
        const clear = bestName(said, things, CLEAR_NAME)
        expect(clear).toEqual(best && best.score >= CLEAR_NAME ? best : undefined)
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('formats', () => {
  test('points, with their grouping and number', () => {
    expect([0, 1, 1234].map((n) => formatPoints('en', n))).toEqual(['0 points', '1 point', '1,234 points'])
    expect(formatPoints('zh', 1234)).toBe('1,234 积分')
    expect([12, -1200, 0].map((n) => formatSigned('en', n))).toEqual(['+12', '−1,200', '0'])
  })

  test('money of any currency, by its own minor units', () => {
    expect(formatMoney('en', { minor: 1250, currency: 'GBP' })).toBe('£12.50')
    expect(formatMoney('zh', { minor: 1250, currency: 'GBP' })).toBe('£12.50')
    expect(formatMoney('zh', { minor: 1250, currency: 'CNY' })).toBe('¥12.50')
    expect(formatMoney('en', { minor: 1250, currency: 'JPY' })).toBe('JP¥1,250')
    expect(formatMoney('en', { minor: 500, currency: 'GBP', short: true })).toBe('£5')
  })

  test('days by the calendar of the place, and the last day of what ends at midnight', () => {
    const at = new Date('2026-11-30T16:00:00Z')
    expect(formatDate('en', { at, timeZone: 'Europe/London' })).toBe('30 November 2026')
    expect(formatDate('zh', { at, timeZone: 'Asia/Shanghai' })).toBe('2026年12月1日')
    expect(formatLastDay('zh', { at, timeZone: 'Asia/Shanghai' })).toBe('2026年11月30日')
    expect(calendarDay(at, 'Asia/Shanghai')).toBe('2026-12-01')
  })

  test('names fall back to the language there is', () => {
    expect(nameIn('zh', { en: 'Teapot', zh: '' })).toBe('Teapot')
  })
})

describe('text from data', () => {
  test.each([
    ['Mug *big* [blue]', 'Mug \\*big\\* \\[blue\\]'],
    ['# Heading\n- list', '\\# Heading - list'],
    ['1. first', '1\\. first'],
    ['<script>', '\\<script\\>'],
    ['Tea & Home', 'Tea & Home'],
    ['&lt;', '&amp;lt;'],
    ['http://evil.example', 'http:\\/\\/evil.example'],
    ['`code` ~~no~~ |', '\\`code\\` \\~\\~no\\~\\~ \\|'],
  ])('%j shows as it is', (text, escaped) => expect(escapeMarkdown(text)).toBe(escaped))
})

describe('a card', () => {
  test('never grows beyond what Teams takes: what does not fit is left out', () => {
    const body = Array.from({ length: 100 }, () => paragraph('券'.repeat(300)))
    const { content } = card({ title: 'Long', body, actions: [button('Go', { verb: 'go', args: { n: 1 } })] })
    expect(Buffer.byteLength(JSON.stringify(content))).toBeLessThanOrEqual(CARD_BYTES_MAX)
    expect((content.body as unknown[]).length).toBeGreaterThan(10)
    expect(content.actions).toHaveLength(1)
  })
})

describe('arguments of a button', () => {
  const action = {
    verb: 'x',
    args: { n: 3, text: 'a', many: ['a', 1, 'b'], numeric: '7', negative: -1, long: 'x'.repeat(201) },
  }

  test('are taken when they are what they should be, and absent otherwise', () => {
    const bounds = { min: 1, max: 9 }
    expect(numberArgument(action, 'n', bounds)).toBe(3)
    expect(numberArgument(action, 'numeric', bounds)).toBe(7)
    for (const name of ['negative', 'text', 'many', 'absent', '__proto__', 'toString']) {
      expect(numberArgument(action, name, bounds)).toBeUndefined()
    }
    expect(textArgument(action, 'text')).toBe('a')
    for (const name of ['n', 'many', 'long', 'absent', 'constructor'])
      expect(textArgument(action, name)).toBeUndefined()
    expect(textsArgument(action, 'many', { max: 5 })).toEqual(['a', 'b'])
    expect(textsArgument(action, 'many', { max: 2 })).toEqual([])
    expect(textsArgument(undefined, 'many', { max: 5 })).toEqual([])
  })
})
