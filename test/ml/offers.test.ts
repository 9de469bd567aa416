import { chancesToBeBest, dealingShares } from '../../src/ml/bandit'
import { policyValue } from '../../src/ml/policy-value'
import { beta, chance, createRandom, integer, uniform } from '../../src/ml/random'
import { tableOfTexts } from '../../src/ml/table'
import { crossFittedUplift, fitSLearner, qini, qiniInterval, upliftOf } from '../../src/ml/uplift'

describe('dealing offers', () => {
  test('alike for offers of which nothing is known, with the control’s share apart', () => {
    const shares = dealingShares(Array.from({ length: 3 }, () => ({ members: 0, successes: 0 })))
    expect([...shares].map((share) => Math.round(1000 * share))).toEqual([100, 300, 300, 300])
  })

  test('the chance to be best is that of drawing from the posteriors', () => {
    const offers = [
      { members: 1_000, successes: 100 },
      { members: 900, successes: 105 },
      { members: 30, successes: 2 },
    ]
    const random = createRandom('thompson')
    const wins = [0, 0, 0]
    const draws = 40_000
    for (let draw = 0; draw < draws; draw++) {
      const rates = offers.map(({ members, successes }) => beta(random, 1 + successes, 1 + members - successes))
      wins[rates.indexOf(Math.max(...rates))]! += 1
    }
    for (const [offer, share] of chancesToBeBest(offers).entries()) {
      expect(Math.abs(share - wins[offer]! / draws)).toBeLessThan(0.01)
    }
  })

  test.each([
    [
      [
        { members: 100_000, successes: 10 },
        { members: 100_000, successes: 90_000 },
      ],
    ],
    [[{ members: 0, successes: 0 }]],
  ])('however clear it is, the floor and the control stay: %j', (offers) => {
    const shares = dealingShares(offers, { floor: 0.05 })
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
    expect(shares[0]).toBe(0.1)
    for (const share of shares.subarray(1)) expect(share).toBeGreaterThanOrEqual(0.05)
  })

  test('no offers: all is control; a control below a tenth is refused', () => {
    expect([...dealingShares([])]).toEqual([1])
    expect(() => dealingShares([], { controlShare: 0.05 })).toThrow('from 0.1')
    expect(() => dealingShares([{ members: 1, successes: 0 }], { floor: 0.95 })).toThrow(RangeError)
  })
})

describe('the value of another policy', () => {
  const random = createRandom('policy')
  const members = 20_000
  // Action 1 pays 2 for the first half of the members and 0 for the others; action 0 pays 1 for everybody.
  const action = Uint8Array.from({ length: members }, () => (chance(random, 0.3) ? 1 : 0))
  const propensity = Float64Array.from(action, (dealt) => (dealt === 1 ? 0.3 : 0.7))
  const pays = (member: number, dealt: number) => (dealt === 0 ? 1 : member < members / 2 ? 2 : 0)
  const outcome = Float64Array.from(action, (dealt, member) => pays(member, dealt) + uniform(random, -0.5, 0.5))
  const logged = { action, propensity, outcome }

  test.each([
    { name: 'always 0', chance: (_: number, dealt: number) => (dealt === 0 ? 1 : 0), truth: 1 },
    { name: 'always 1', chance: (_: number, dealt: number) => dealt, truth: 1 },
    {
      name: '1 to whom it helps',
      chance: (m: number, dealt: number) => ((m < members / 2 ? 1 : 0) === dealt ? 1 : 0),
      truth: 1.5,
    },
    { name: 'what was done', chance: (_: number, dealt: number) => (dealt === 1 ? 0.3 : 0.7), truth: 1 },
  ])('$name', ({ chance: policy, truth }) => {
    const { value, standardError, effectiveMembers } = policyValue(logged, policy)
    expect(Math.abs(value - truth)).toBeLessThan(4 * standardError)
    expect(standardError).toBeLessThan(0.02)
    expect(effectiveMembers).toBeGreaterThan(0.2 * members)
  })

  test('what had no chance is a fault of the log; nobody in common is no evidence', () => {
    expect(() => policyValue({ action: [0], propensity: [0], outcome: [1] }, () => 1)).toThrow('no chance')
    expect(policyValue({ action: [0], propensity: [1], outcome: [1] }, () => 0).effectiveMembers).toBe(0)
  })
})

describe('uplift', () => {
  // The mail helps those with "yes" by 0.3 and harms nobody; the other column says how often somebody buys anyway.
  const random = createRandom('uplift')
  const members = 6_000
  const rows = Array.from({ length: members }, () => ({ helps: chance(random, 0.5), base: uniform(random, 0.1, 0.6) }))
  const table = tableOfTexts(
    ['likes', 'base'],
    rows.map(({ helps, base }) => [helps ? 'yes' : 'no', base.toFixed(4)]),
  )
  const treated = Uint8Array.from(rows, () => (chance(random, 0.5) ? 1 : 0))
  const bought = Uint8Array.from(rows, ({ helps, base }, i) =>
    chance(random, base + (helps && treated[i] === 1 ? 0.3 : 0)) ? 1 : 0,
  )

  test('an S-learner finds for whom the treatment works', () => {
    const uplift = upliftOf(fitSLearner(table, treated, bought, { penalty: 10 }), table)
    const mean = (which: boolean) => {
      const chosen = [...uplift].filter((_, i) => rows[i]?.helps === which)
      return chosen.reduce((sum, value) => sum + value, 0) / chosen.length
    }
    expect(Math.abs(mean(true) - 0.3)).toBeLessThan(0.06)
    expect(Math.abs(mean(false))).toBeLessThan(0.06)
  })

  test('Qini: above 0 for the true order, below for its reverse, about 0 for chance', () => {
    const truth = Float64Array.from(rows, ({ helps }) => (helps ? 0.3 : 0))
    const noise = Float64Array.from(rows, () => random.next())
    expect(qini(truth, treated, bought)).toBeGreaterThan(0.02)
    expect(
      qini(
        truth.map((value) => -value),
        treated,
        bought,
      ),
    ).toBeLessThan(-0.02)
    expect(Math.abs(qini(noise, treated, bought))).toBeLessThan(0.015)
    expect(qini(truth, new Uint8Array(members), bought)).toBeNaN()
  })

  test('cross-fitted, with its bootstrap interval, it stays above 0', () => {
    const fold = Uint8Array.from(rows, () => integer(random, 0, 4))
    const uplift = crossFittedUplift(table, treated, bought, { fold, folds: 5 })
    const found = qiniInterval(uplift, treated, bought, { draws: 100, random })
    expect(found.low).toBeGreaterThan(0)
    expect(found.low).toBeLessThan(found.qini)
    expect(found.high).toBeGreaterThan(found.qini)
  })
})
