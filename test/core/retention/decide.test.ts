import { believe, expectedGainMinor, STATED_PRIOR } from '../../../src/core/retention/decide'

const lapsed = { buysAnyway: 0.05, valueMinor: 6_000, offerCostMinor: 300, messageCostMinor: 2 }

describe('what a message is expected to bring', () => {
  test.each([
    { name: 'a lapsed member', prospect: lapsed, effect: 0.02, gain: 0.02 * 6_000 - 0.07 * 300 - 2 },
    { name: 'one who comes anyway', prospect: { ...lapsed, buysAnyway: 1 }, effect: 0.02, gain: -302 },
    { name: 'one who comes less for it', prospect: lapsed, effect: -0.05, gain: -0.05 * 6_000 - 2 },
    { name: 'no offer, only words', prospect: { ...lapsed, offerCostMinor: 0 }, effect: 0.01, gain: 58 },
  ])('$name', ({ prospect, effect, gain }) => {
    expect(expectedGainMinor(prospect, { mean: effect })).toBe(Math.round(gain))
  })
})

describe('what is believed of an offer', () => {
  test('experiments move it, the more the surer they are', () => {
    const unsure = believe(STATED_PRIOR, { difference: 0.1, standardError: 0.2 })
    const sure = believe(STATED_PRIOR, { difference: 0.1, standardError: 0.001 })
    expect(unsure.mean).toBeGreaterThan(STATED_PRIOR.mean)
    expect(unsure.mean).toBeLessThan(0.022)
    expect(sure.mean).toBeCloseTo(0.1, 3)
    expect(sure.deviation).toBeLessThan(0.001)
  })

  test('an estimate without an error is none', () => {
    expect(believe(STATED_PRIOR, { difference: 0.5, standardError: 0 })).toEqual(STATED_PRIOR)
    expect(believe(STATED_PRIOR, { difference: 0.5, standardError: Number.NaN })).toEqual(STATED_PRIOR)
  })
})
