import { readDefinition } from '../../../src/core/retention/definition'
import { dealingShares } from '../../../src/ml/bandit'
import { campaignFile } from './fixtures'

const offerNo = (n: number) => ({ code: `o${n}`, name: { en: 'a', zh: 'b' }, bonusPoints: n, costMinor: 1 })

test.each([
  [0.9, 2],
  [0.8, 4],
  [0.9, 0],
])('a control of %d with %d offers is read, and can be dealt', (controlShare, count) => {
  const offers = Array.from({ length: count }, (_, n) => offerNo(n + 1))
  expect(readDefinition(campaignFile({ controlShare, offers }))).toMatchObject({ ok: true })
  const shares = dealingShares(
    offers.map(() => ({ members: 0, successes: 0 })),
    { controlShare },
  )
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1)
})

test('a sound campaign is read, with what holds where nothing is said', () => {
  expect(readDefinition(campaignFile({ controlShare: undefined }))).toMatchObject({
    ok: true,
    definition: { kind: 'offers', controlShare: 0.2, attributionDays: 30 },
  })
})

test.each<[string, Record<string, unknown>, string]>([
  ['a control that is too small', { controlShare: 0.05 }, 'controlShare: Too small'],
  [
    'a control that leaves the offers too little',
    { controlShare: 0.9, offers: [1, 2, 3].map(offerNo) },
    'controlShare: each offer is dealt to 0.05 at least: with 3 offers at most 0.85',
  ],
  [
    'an unknown group',
    { audience: { groups: ['aliens'] } },
    'audience.groups.0: Invalid option: expected one of "champions"',
  ],
  ['an unknown key', { audiance: {} }, 'the file: Unrecognized key: "audiance"'],
  ['one language only', { content: { en: { title: 'a', text: 'b', button: 'c' } } }, 'content.zh: Invalid input'],
  [
    'an unknown variable',
    { content: { en: { title: 'Hi {nmae}', text: 'b', button: 'c' }, zh: { title: '您好', text: 'b', button: 'c' } } },
    'content.en.title: {nmae} is not known; allowed: {name}, {shop}, {offer}',
  ],
  ['an end before the beginning', { endsAt: '2026-10-01T00:00:00Z' }, 'endsAt: must be after startsAt'],
  [
    'an offer twice',
    { offers: [...(campaignFile().offers as object[]), ...(campaignFile().offers as object[])] },
    'offers: each code once',
  ],
  [
    'an offer called control',
    { offers: [{ code: 'control', name: { en: 'a', zh: 'b' }, bonusPoints: 1, costMinor: 1 }] },
    'offers.0.code: is taken',
  ],
  ['risks upside down', { audience: { riskMin: 0.9, riskMax: 0.1 } }, 'audience.riskMin: is above riskMax'],
  [
    'broken points',
    { offers: [{ code: 'a', name: { en: 'a', zh: 'b' }, bonusPoints: 1.5, costMinor: 1 }] },
    'offers.0.bonusPoints: Invalid input: expected int',
  ],
  [
    'an offer of nothing',
    { offers: [{ code: 'a', name: { en: 'a', zh: 'b' }, costMinor: 1 }] },
    'offers.0.bonusPoints: bonusPoints or couponId, and not both',
  ],
  [
    'an offer of points and a coupon',
    { offers: [{ code: 'a', name: { en: 'a', zh: 'b' }, bonusPoints: 5, couponId: 'tea', costMinor: 1 }] },
    'offers.0.bonusPoints: bonusPoints or couponId, and not both',
  ],
])('%s is refused, and where', (_, changes, problem) => {
  const read = readDefinition(campaignFile(changes))
  if (read.ok) throw new Error('it was read')
  expect(read.problems).toEqual([expect.stringContaining(problem)])
})

test.each([[null], ['a text'], [[]], [{}]])('%j is no campaign', (given) => {
  expect(readDefinition(given)).toMatchObject({ ok: false, code: 'malformed-campaign' })
})
