import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { readEvent } from '../../../src/core/events/event'
import { importEvents } from '../../../src/core/events/import-events'
import { recordEvents } from '../../../src/core/events/record'
import { useDatabase } from '../../support/database'
import { useScratchFolder } from '../../support/scratch-folder'
import { addMember, setUpShop } from '../../support/shop'

const { current } = useDatabase()
const folder = useScratchFolder()
const now = new Date('2026-06-01T00:00:00Z')
const click = { eventId: 'e1', memberId: 'm1', kind: 'click', at: '2026-05-01T10:00:00Z', sku: 'T1' }

beforeAll(async () => {
  await setUpShop(current())
  for (const id of ['m1', 'm2']) await addMember(current(), { id })
})

describe('an event as told', () => {
  test.each([
    [{ ...click, eventId: ' ' }, 'missing-id'],
    [{ ...click, memberId: '' }, 'missing-member'],
    [{ ...click, sku: 'x'.repeat(201) }, 'id-too-long'],
    [{ ...click, kind: 'purchase' }, 'bad-kind'],
    [{ ...click, rating: '5' }, 'bad-rating'],
    [{ ...click, kind: 'review' }, 'bad-rating'],
    [{ ...click, kind: 'review', rating: '6' }, 'bad-rating'],
    [{ ...click, at: '2026-05-01 10:00' }, 'bad-date'],
    [{ ...click, at: '2026-02-30T10:00:00Z' }, 'bad-date'],
    [{ ...click, at: '2027-05-01T10:00:00Z' }, 'absurd-date'],
  ])('%j is refused: %s', (told, code) => {
    expect(readEvent(told, { now })).toBe(code)
  })

  test('is read with its offset, and in any case', () => {
    const told = { ...click, kind: 'Review', rating: '4', at: '2026-05-01T10:00:00+08:00' }
    expect(readEvent(told, { now })).toMatchObject({ kind: 'review', rating: 4, at: new Date('2026-05-01T02:00:00Z') })
  })
})

test('the same id twice has one effect; with other content it is refused, also within one call', async () => {
  const event = { externalId: 'a', memberId: 'm1', kind: 'click', sku: null, rating: null, at: now } as const
  const other = { ...event, sku: 'T9' }
  const stranger = { ...event, externalId: 'b', memberId: 'nobody' }
  const first = await recordEvents(current(), { source: 's', events: [event, event, other, stranger] })
  expect(first).toEqual({
    recorded: 1,
    alreadyThere: 1,
    refused: [
      { place: 2, code: 'changed' },
      { place: 3, code: 'unknown-member' },
    ],
  })
  const again = await recordEvents(current(), { source: 's', events: [event, other] })
  expect(again).toEqual({ recorded: 0, alreadyThere: 1, refused: [{ place: 1, code: 'changed' }] })
  expect(await current().sql`select sku from member_event where source = 's'`).toEqual([{ sku: null }])
})

describe('a file of events', () => {
  const lines = [
    'Event ID,member_id,Kind,at,rating',
    'f1,m1,click,2026-05-01T10:00:00Z,',
    'f2,m2,review,2026-05-02T10:00:00Z,5',
    'f3,m3,view,2026-05-02T10:00:00Z,',
    'f4,m1,dance,2026-05-02T10:00:00Z,',
    'f5,m1',
  ]

  test('is loaded once, packed or not, and says which lines were not taken and why', async () => {
    const plain = path.join(folder, 'events.csv')
    writeFileSync(plain, lines.join('\n'))
    const packed = path.join(folder, 'events.csv.gz')
    writeFileSync(packed, gzipSync(lines.join('\r\n')))
    const refusedByKind = {
      'unknown-member': { rows: 1, lines: [4] },
      'bad-kind': { rows: 2, lines: [5, 6] },
    }
    expect(await importEvents(current(), { path: plain, at: now })).toEqual({
      ok: true,
      result: { rows: 5, recorded: 2, alreadyThere: 0, refused: 3, refusedByKind },
    })
    expect(await importEvents(current(), { path: packed, at: now })).toMatchObject({
      result: { recorded: 0, alreadyThere: 2, refused: 3 },
    })
  })

  test.each([
    ['', { code: 'missing-columns', found: [] }],
    ['a,b\n1,2\n', { code: 'missing-columns', missing: ['eventId', 'memberId', 'kind', 'at'] }],
    ['eventId,memberId,kind,at\n"x', { code: 'not-csv' }],
  ])('%j is refused as a whole', async (text, refusal) => {
    const file = path.join(folder, 'bad.csv')
    writeFileSync(file, text)
    expect(await importEvents(current(), { path: file, at: now })).toMatchObject({ ok: false, ...refusal })
  })
})
