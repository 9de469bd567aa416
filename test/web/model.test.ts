import { contrast, readableAccent } from '../../src/web/chat/model/accent'
import { backoffMs } from '../../src/web/chat/model/backoff'
import { textAroundCard } from '../../src/web/chat/model/card-text'
import { dayLabel, placeEntries, timeLabel } from '../../src/web/chat/model/days'
import { subjectOf } from '../../src/web/chat/model/member-token'
import { pasteInto, textLengthMax } from '../../src/web/chat/model/paste'
import { createStore } from '../../src/web/chat/model/store'
import type { Entry } from '../../src/web/chat/model/transcript'
import { chatWords } from '../../src/web/chat/words'

const now = Date.parse('2026-11-22T23:30:00Z')
const zone = 'Europe/London'

describe('days and times', () => {
  test.each([
    ['2026-11-22T00:10:00Z', 'en', 'Today'],
    ['2026-11-21T12:00:00Z', 'en', 'Yesterday'],
    ['2026-11-20T12:00:00Z', 'en', 'Friday 20 November'],
    ['2025-11-20T12:00:00Z', 'en', 'Thursday 20 November 2025'],
    ['2026-11-22T00:10:00Z', 'zh', '今天'],
    ['2026-11-21T12:00:00Z', 'zh', '昨天'],
    ['2026-11-20T12:00:00Z', 'zh', '11月20日星期五'],
  ] as const)('%s in %s is %s', (instant, locale, expected) => {
    expect(dayLabel(Date.parse(instant), now, locale, zone).replace(',', '')).toBe(expected)
  })

  test('the day is the customer’s own', () => {
    expect(dayLabel(Date.parse('2026-11-22T15:00:00Z'), now, 'en', 'Asia/Shanghai')).toBe('Yesterday')
    expect(timeLabel(Date.parse('2026-11-22T15:05:00Z'), 'en', 'Asia/Shanghai')).toBe('23:05')
  })

  test('a name stands where another person begins to speak', () => {
    const entry = (key: string, agent?: string): Entry => ({
      key,
      mine: key === 'me',
      ...(agent === undefined ? {} : { agent }),
      text: key,
      atMs: now,
      attachments: [],
      delivery: 'sent',
      suggestedActions: [],
    })
    const entries = [
      entry('bot'),
      entry('a', 'Maya'),
      entry('b', 'Maya'),
      entry('c', 'Ben'),
      entry('me'),
      entry('d', 'Ben'),
    ]
    const placed = placeEntries(entries, now, 'en', zone)
    expect(placed.map(({ agent }) => agent)).toEqual([undefined, 'Maya', undefined, 'Ben', undefined, 'Ben'])
    expect(placed.map(({ endsGroup }) => endsGroup)).toEqual([true, false, true, true, true, true])
  })

  test('a time ends what one side says within five minutes', () => {
    const entry = (key: string, mine: boolean, instant: string): Entry => ({
      key,
      mine,
      text: key,
      atMs: Date.parse(instant),
      attachments: [],
      delivery: 'sent',
      suggestedActions: [],
    })
    const placed = placeEntries(
      [
        entry('a', false, '2026-11-21T10:00:00Z'),
        entry('b', false, '2026-11-21T10:01:00Z'),
        entry('c', true, '2026-11-21T10:02:00Z'),
        entry('d', true, '2026-11-21T10:09:00Z'),
        entry('e', true, '2026-11-22T10:09:00Z'),
      ],
      now,
      'en',
      zone,
    )
    expect(placed.map(({ day, endsGroup }) => [day, endsGroup])).toEqual([
      ['Yesterday', false],
      [undefined, true],
      [undefined, true],
      [undefined, true],
      ['Today', true],
    ])
  })
})

describe('pasteInto', () => {
  test('keeps what there is room for', () => {
    expect(pasteInto('abcd', { from: 1, to: 3, pasted: 'XY' })).toEqual({ text: 'aXYd', caret: 3 })
    const { text, caret } = pasteInto('ab', { from: 1, to: 1, pasted: 'x'.repeat(20_000_000) })
    expect(text).toHaveLength(textLengthMax)
    expect(text.endsWith('b')).toBe(true)
    expect(caret).toBe(textLengthMax - 1)
  })

  test('never keeps half an emoji', () => {
    const { text } = pasteInto('', { from: 0, to: 0, pasted: `a${'😀'.repeat(textLengthMax)}` })
    expect(text).toHaveLength(textLengthMax - 1)
    expect(encodeURIComponent(text)).toContain('%F0%9F%98%80')
  })
})

describe('readableAccent', () => {
  test.each(['#ff0000', '#ffff00', '#00ff00', '#0000ff', '#ffffff', '#000000', '#e91e63', '#0b6b57'])(
    'text on and in %s can be read',
    (accent) => {
      const readable = readableAccent(accent)
      expect(contrast(readable?.onLight ?? '', '#ffffff')).toBeGreaterThanOrEqual(4.5)
      expect(contrast(readable?.onDark ?? '', '#1d2421')).toBeGreaterThanOrEqual(4.5)
    },
  )

  test('leaves a colour alone that can be read', () => {
    expect(readableAccent('#0b6b57')?.onLight).toBe('#0b6b57')
  })

  test.each([undefined, '', 'red', '#fff', '#12345g', 'url(x)'])('%s is no colour', (accent) => {
    expect(readableAccent(accent)).toBeUndefined()
  })

  test('contrast is that of WCAG', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
  })
})

test('tries to connect come at growing distances, never at the same moment for all', () => {
  expect([0, 1, 2, 3, 4, 5, 50].map((failures) => backoffMs(failures, 1))).toEqual([
    500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000,
  ])
  expect(backoffMs(0, 0)).toBe(250)
})

describe('subjectOf', () => {
  const token = (claims: unknown): string => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`

  test('reads whose token it is', () => {
    expect(subjectOf(token({ sub: 'M0001' }))).toBe('M0001')
    expect(subjectOf(token({ sub: '会员？>1' }))).toBe('会员？>1')
  })

  test.each(['no token', 'a.%%%.b', token({}), token(null), token({ sub: '' })])('%s stands for itself', (text) => {
    expect(subjectOf(text)).toBe(text)
  })
})

describe('textAroundCard', () => {
  const card = {
    type: 'AdaptiveCard',
    body: [
      { type: 'TextBlock', text: 'What your points buy' },
      { type: 'Container', items: [{ text: 'Free delivery' }, { text: '120 points' }] },
      { type: 'Container', items: [{ text: '£5 off your order' }, { text: '1,250 points' }] },
      { type: 'FactSet', facts: [{ title: '剩余', value: '3 张' }] },
    ],
  }

  test.each([
    [
      'a list that the card shows goes',
      'Which one?\n\n1. **Free delivery**: 120 points\n2. **£5 off your order**: 1,250 points',
      'Which one?',
      '',
    ],
    ['also without a blank line before it', 'Which one?\n1. **Free delivery**: 120 points', 'Which one?', ''],
    [
      'what the card lacks stays, with the words that announce it',
      'Which one?\n\n1. **Free delivery**: 120 points\n\nNot yet:\n\n- £50 off: 2,200 points',
      'Which one?',
      'Not yet:\n\n- £50 off: 2,200 points',
    ],
    ['words that announce what goes go too', 'Hello\n\nYou can have:\n\n- 120 points', 'Hello', ''],
    ['a part of a figure is not that figure', 'Hello\n\nIt costs 12,500 points.', 'Hello', 'It costs 12,500 points.'],
    ['a sentence without facts stays', 'Hello\n\nSay its name.', 'Hello', 'Say its name.'],
    ['Chinese', '您想换哪一张？\n\n- 剩余 **3 张**', '您想换哪一张？', ''],
    ['a lead alone', 'All of it', 'All of it', ''],
    ['nothing', '', '', ''],
  ])('%s', (_name, text, lead, rest) => {
    expect(textAroundCard(text, card)).toEqual({ lead, rest })
  })
})

test('a store tells of changes only', () => {
  const store = createStore(1)
  let told = 0
  const stop = store.subscribe(() => {
    told += 1
  })
  store.update((value) => value + 1)
  store.update((value) => value)
  expect([store.get(), told]).toEqual([2, 1])
  stop()
  store.update(() => 9)
  expect(told).toBe(1)
})

test('every word of the interface is said in both languages, and not left in the other', () => {
  for (const [name, english] of Object.entries(chatWords.en)) {
    const chinese = chatWords.zh[name as keyof typeof chatWords.zh]
    const say = (word: unknown): string => (typeof word === 'function' ? String(word('4,000')) : String(word))
    expect(say(chinese)).not.toBe(say(english))
    if (name !== 'otherLanguage' && name !== 'switchLanguage') {
      expect(say(chinese)).toMatch(/\p{Script=Han}/u)
      expect(say(english)).not.toMatch(/\p{Script=Han}/u)
    }
  }
})
