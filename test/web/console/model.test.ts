import type { CannedReply, DeskView, RequestRow } from '../../../src/http/api/console/types'
import { fillIn, matching, valuesOf } from '../../../src/web/console/model/canned'
import { filtered, isFiltered, noFilters } from '../../../src/web/console/model/filters'
import { placeLines } from '../../../src/web/console/model/lines'
import { newsBetween, titleOf, unreadOf } from '../../../src/web/console/model/news'
import { plainText } from '../../../src/web/console/model/plain-text'
import { hrefOf, routeOf } from '../../../src/web/console/model/route'
import { money, spoken, ticking } from '../../../src/web/console/model/spans'
import { happenings, linesOf } from '../../../src/web/console/model/talk-lines'
import { refusalIn } from '../../../src/web/console/words/refusals'
import { picture, said, sampleRequests } from '../console-sample'

describe('canned replies', () => {
  const values = valuesOf(picture, 'Kettlewick', 'en')

  test('know whom they are for', () => {
    expect(fillIn('{name}: {points} points, {tier}, {shop}', values)).toBe(
      'Olivia Bennett: 1,284 points, Gold, Kettlewick',
    )
    expect(fillIn('{name}，{tier}', valuesOf(picture, '壶光茶居', 'zh'))).toBe('Olivia Bennett，金卡')
  })

  test('leave open what is not known, and what is no variable', () => {
    expect(fillIn('Hello {name} {nmae} {shop}', valuesOf(null, 'Kettlewick', 'en'))).toBe(
      'Hello {name} {nmae} Kettlewick',
    )
  })

  test('what is filled in is not filled in again', () => {
    expect(fillIn('{name}', { ...values, name: '{points}' })).toBe('{points}')
  })

  test('are found by title and text, those in the customer’s language first', () => {
    const reply = (id: number, title: string, text: string, locale: 'en' | 'zh'): CannedReply => {
      return { id, title, text, locale, isShared: true }
    }
    const all = [
      reply(1, 'Refund', 'x', 'zh'),
      reply(2, 'Greeting', 'no refund', 'en'),
      reply(3, 'Refund late', 'x', 'en'),
      reply(4, 'Bye', 'x', 'en'),
    ]
    expect(matching(all, ' REFUND ', 'en').map(({ id }) => id)).toEqual([3, 2, 1])
    expect(matching(all, '', 'zh').map(({ id }) => id)).toEqual([1, 4, 2, 3])
  })
})

describe('news of the desk', () => {
  const [mine, waiting, guest] = sampleRequests().map(({ row }) => row) as [RequestRow, RequestRow, RequestRow]
  const view = (part: Partial<DeskView>): DeskView => ({
    waiting: [],
    mine: [],
    others: [],
    colleagues: [],
    teams: [],
    open: { isOpen: true, opensAt: null },
    expectedWaitSeconds: null,
    ...part,
  })

  test('somebody waits, was given to me, or wrote', () => {
    const before = view({ mine: [mine], waiting: [waiting] })
    const taken = { ...waiting, status: 'agent' as const }
    const after = view({ mine: [{ ...mine, unread: 2 }, taken], waiting: [guest] })
    expect(newsBetween(before, after).map(({ kind, row }) => [kind, row.id])).toEqual([
      ['message', 1],
      ['assigned', 2],
      ['waiting', 3],
    ])
  })

  test('what was read, handed on or only moved is none', () => {
    const before = view({ mine: [mine], others: [waiting] })
    expect(newsBetween(before, view({ mine: [{ ...mine, unread: 0 }], waiting: [waiting] }))).toEqual([])
  })

  test('the title counts what is unread', () => {
    expect(
      titleOf(
        unreadOf(
          view({
            mine: [
              { ...mine, unread: 2 },
              { ...guest, unread: 1 },
            ],
          }),
        ),
        'Desk',
        'Shop',
      ),
    ).toBe('(3) Desk · Shop')
    expect(titleOf(unreadOf(undefined), 'Desk', 'Shop')).toBe('Desk · Shop')
  })

  test('filters leave what fits all of them', () => {
    const rows = [mine, waiting, guest]
    expect(filtered(rows, noFilters)).toEqual(rows)
    expect(filtered(rows, { ...noFilters, locale: 'zh' })).toEqual([waiting])
    expect(filtered(rows, { locale: 'en', reason: 'redemption', team: null })).toEqual([])
    expect([isFiltered(noFilters), isFiltered({ ...noFilters, team: 'Orders' })]).toEqual([false, true])
  })
})

describe('lines of a conversation', () => {
  const at = '2026-11-28T10:00:00Z'
  const event = (kind: string, time: string) => ({
    kind,
    staff: 'Ben',
    toStaff: null,
    toTeam: null,
    note: null,
    at: time,
  })

  test('events stand where they happened, what is on its way at the end, and nothing twice', () => {
    const messages = [
      said(1, 'member', 'a', { at }),
      said(2, 'agent', 'b', { at: '2026-11-28T10:05:00Z', key: 'mine' }),
    ]
    const outgoing = [
      { requestId: 1, key: 'mine', kind: 'message' as const, text: 'b', atMs: Date.parse(at), state: 'taken' as const },
      { requestId: 1, key: 'next', kind: 'note' as const, text: 'c', atMs: Date.parse(at), state: 'waiting' as const },
    ]
    const events = happenings([
      event('requested', at),
      event('accepted', '2026-11-28T10:02:00Z'),
      event('closed', '2026-11-28T10:09:00Z'),
    ])
    expect(linesOf({ messages, events, outgoing }).map(({ key }) => key)).toEqual([
      'said-k1',
      'event-0',
      'said-mine',
      'event-1',
      'said-next',
    ])
  })

  test('a day, a new speaker and a pause begin a group', () => {
    const items = [
      { by: 'member', at: '2026-11-27T12:00:00Z' },
      { by: 'member', at: '2026-11-27T12:01:00Z' },
      { by: 'agent', at: '2026-11-27T12:02:00Z' },
      { by: 'agent', at: '2026-11-27T12:08:00Z' },
      { by: 'agent', at: '2026-11-28T12:00:00Z' },
    ]
    const placed = placeLines(items, {
      at: (item) => Date.parse(item.at),
      by: ({ by }) => by,
      nowMs: Date.parse('2026-11-28T13:00:00Z'),
      locale: 'en',
    })
    expect(placed.map(({ day, startsGroup }) => [day, startsGroup])).toEqual([
      ['Yesterday', true],
      [undefined, false],
      [undefined, true],
      [undefined, true],
      ['Today', true],
    ])
  })
})

test('lists show the words of the bot without their marks', () => {
  expect(plainText('You have **1,284 points**.\n\n- 40 are *pending*\n- [terms](https://a.example)')).toBe(
    'You have 1,284 points. 40 are pending, terms',
  )
})

describe('addresses and figures', () => {
  test.each([
    ['', '', { page: 'desk', requestId: null }],
    ['#/desk/12', '', { page: 'desk', requestId: 12 }],
    ['#/desk/12x', '', { page: 'desk', requestId: null }],
    ['#/reports', '', { page: 'reports' }],
    ['#/nowhere', '', { page: 'desk', requestId: null }],
    ['#invitation=a_B-1', '', { page: 'invitation', token: 'a_B-1' }],
    ['', '?invitation=abc', { page: 'invitation', token: 'abc' }],
  ])('%s%s leads there', (hash, search, expected) => {
    expect(routeOf({ hash, search })).toEqual(expected)
  })

  test('an address leads back to where it was made', () => {
    for (const route of [
      { page: 'desk', requestId: 7 },
      { page: 'desk', requestId: null },
      { page: 'staff' },
    ] as const) {
      expect(routeOf({ hash: hrefOf(route), search: '' })).toEqual(route)
    }
  })

  test.each([
    [-5, '0:00'],
    [59_999, '0:59'],
    [725_000, '12:05'],
    [3_729_000, '1:02:09'],
  ])('%d ms tick as %s', (ms, shown) => expect(ticking(ms)).toBe(shown))

  test.each([
    [48, 'en', '48 seconds'],
    [210, 'en', '4 minutes'],
    [7_200, 'en', '2 hours'],
    [210, 'zh', '4分钟'],
  ] as const)('%d seconds in %s: %s', (seconds, locale, shown) => expect(spoken(seconds, locale)).toBe(shown))

  test('money has the digits of its currency', () => {
    expect([money(6_420, 'GBP', 'en'), money(6_420, 'JPY', 'en')]).toEqual(['£64.20', 'JP¥6,420'])
  })

  test('every refusal has words, and none speaks of codes', () => {
    for (const locale of ['en', 'zh'] as const) {
      const changed = refusalIn(locale, { code: 'changed', status: 409 })
      const unknown = refusalIn(locale, { code: 'brand-new', status: 422 })
      const broken = refusalIn(locale, { code: 'brand-new', status: 500 })
      expect(new Set([changed, unknown, broken]).size).toBe(3)
      expect(`${unknown}${broken}`).not.toContain('brand-new')
    }
  })
})
