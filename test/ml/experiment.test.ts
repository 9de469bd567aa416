import { estimateLift, sequenceFactor } from '../../src/ml/experiment-lift'
import { sampleRatioP } from '../../src/ml/experiment-ratio'
import { type ArmSums, addSums, noMembers, withMember } from '../../src/ml/experiment-sums'
import { equalSums } from '../../src/ml/experiment-weighed'
import { chance, createRandom, normal } from '../../src/ml/random'

function sumsOf(values: readonly (readonly [y: number, x: number])[]): ArmSums {
  return values.reduce((sums, [y, x]) => withMember(sums, y, x), noMembers)
}

function drawn(seed: number, members: number, effect: number): [number, number][] {
  const random = createRandom(seed)
  return Array.from({ length: members }, () => {
    const before = normal(random, 50, 10)
    return [0.8 * before + normal(random, 0, 6) + effect, before]
  })
}

describe('sums of an arm', () => {
  test('may be added in any parts', () => {
    const members = drawn(1, 300, 0)
    const whole = sumsOf(members)
    const parts = addSums(sumsOf(members.slice(0, 17)), sumsOf(members.slice(17)))
    for (const key of Object.keys(whole) as (keyof ArmSums)[]) expect(parts[key]).toBeCloseTo(whole[key], 6)
    expect(addSums(whole, noMembers)).toEqual(whole)
  })
})

describe('weighed members', () => {
  const weigh = (members: readonly (readonly [y: number, x: number, w: number])[]) => {
    const sum = (of: (y: number, x: number, w: number) => number) => members.reduce((all, one) => all + of(...one), 0)
    return {
      weight: sum((_y, _x, w) => w),
      weightSquared: sum((_y, _x, w) => w * w),
      y: sum((y, _x, w) => w * y),
      yTwice: sum((y, _x, w) => w * w * y),
      x: sum((_y, x, w) => w * x),
      xTwice: sum((_y, x, w) => w * w * x),
      yy: sum((y, _x, w) => w * w * y * y),
      xx: sum((_y, x, w) => w * w * x * x),
      xy: sum((y, x, w) => w * w * x * y),
    }
  }

  test('of one weight are the members themselves', () => {
    const members = drawn(7, 300, 0)
    const equal = equalSums(weigh(members.map(([y, x]) => [y, x, 2.5])))
    const plain = sumsOf(members)
    for (const key of Object.keys(plain) as (keyof ArmSums)[]) expect(equal[key] / plain[key]).toBeCloseTo(1, 9)
    expect(equalSums(weigh([]))).toEqual(noMembers)
  })

  test('have the mean of all whom they stand for, and its error', () => {
    // Half of the members buy more, and are in the arm once where others are four times.
    let [distance, within] = [0, 0]
    for (let seed = 1; seed <= 400; seed++) {
      const random = createRandom(seed)
      const members = Array.from({ length: 1_000 }, (_, n): [number, number, number] =>
        n < 800 ? [normal(random, 10, 2), 0, 1.25] : [normal(random, 20, 8), 0, 5],
      )
      const { members: equal, y, yy } = equalSums(weigh(members))
      const error = Math.sqrt((yy - y ** 2 / equal) / (equal - 1) / equal)
      distance += (y / equal - 15) / 400
      // The two halves are of fixed size here, so that the error, which knows of no halves, is on the safe side.
      within += Math.abs(y / equal - 15) < 1.96 * error ? 1 / 400 : 0
    }
    expect(Math.abs(distance)).toBeLessThan(0.05)
    expect(within).toBeGreaterThan(0.94)
  })
})

describe('lift', () => {
  test('is what a regression on arm and covariate says', () => {
    const [treated, control] = [drawn(2, 400, 3), drawn(3, 500, 0)]
    const result = estimateLift(sumsOf(treated), sumsOf(control))
    if (!result.ok) throw new Error(result.code)
    // Ordinary least squares of y on arm and x, by the within-arm slope: the textbook's analysis of covariance.
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    const centred = (arm: [number, number][]) => {
      const [my, mx] = [mean(arm.map(([y]) => y)), mean(arm.map(([, x]) => x))]
      return {
        my,
        mx,
        xy: arm.reduce((s, [y, x]) => s + (y - my) * (x - mx), 0),
        xx: arm.reduce((s, [, x]) => s + (x - mx) ** 2, 0),
      }
    }
    const [t, c] = [centred(treated), centred(control)]
    const slope = (t.xy + c.xy) / (t.xx + c.xx)
    expect(result.lift.difference).toBeCloseTo(t.my - c.my - slope * (t.mx - c.mx), 9)
    const residual = (arm: [number, number][], { my, mx }: typeof t) =>
      arm.reduce((s, [y, x]) => s + (y - my - slope * (x - mx)) ** 2, 0) / (arm.length - 1)
    const error = Math.sqrt(residual(treated, t) / 400 + residual(control, c) / 500)
    expect(result.lift.standardError).toBeCloseTo(error, 9)
    expect(result.lift.interval.low).toBeLessThan(3)
    expect(result.lift.interval.high).toBeGreaterThan(3)
    expect(result.lift.isClear).toBe(true)
  })

  test('a covariate that says nothing changes nothing', () => {
    const plain = estimateLift(
      sumsOf(drawn(4, 200, 1).map(([y]) => [y, 7])),
      sumsOf(drawn(5, 200, 0).map(([y]) => [y, 7])),
    )
    expect(plain).toMatchObject({ ok: true, lift: { varianceCut: 0 } })
  })

  test('too few, or all alike, is said and no number is made up', () => {
    const few = sumsOf(drawn(6, 99, 0))
    expect(estimateLift(few, sumsOf(drawn(7, 5000, 0)))).toEqual({
      ok: false,
      code: 'not-enough-members',
      have: 99,
      need: 100,
    })
    const nothing = sumsOf(Array.from({ length: 500 }, () => [0, 0] as const))
    expect(estimateLift(nothing, nothing)).toMatchObject({ ok: false, code: 'no-variation' })
  })

  test('the interval is wider than for one look at every size, and narrowest about where it was asked to be', () => {
    const at = (members: number) => sequenceFactor(members, { alpha: 0.05, narrowestAt: 10_000 })
    for (const members of [100, 1_000, 10_000, 1_000_000]) expect(at(members)).toBeGreaterThan(2.5)
    expect(at(10_000)).toBeLessThan(at(500))
    expect(at(10_000)).toBeLessThan(at(1_000_000))
  })

  test('looking at each of 200 experiments 200 times: at most one in twenty is called clear where nothing was changed', () => {
    const random = createRandom('peeking')
    let [sequential, fixed] = [0, 0]
    for (let run = 0; run < 200; run++) {
      const arms: [ArmSums, ArmSums] = [noMembers, noMembers]
      let [ever, everFixed] = [false, false]
      for (let member = 1; member <= 4_000; member++) {
        const arm = chance(random, 0.5) ? 1 : 0
        arms[arm] = withMember(arms[arm], chance(random, 0.1) ? 1 : 0)
        const result = member % 20 === 0 ? estimateLift(arms[1], arms[0]) : undefined
        if (!result?.ok) continue
        ever ||= result.lift.isClear
        everFixed ||= Math.abs(result.lift.difference) > 1.96 * result.lift.standardError
      }
      if (ever) sequential += 1
      if (everFixed) fixed += 1
    }
    expect(sequential).toBeLessThanOrEqual(10)
    // The same looks with the interval for one look find far too much: the test can fail.
    expect(fixed).toBeGreaterThan(40)
  })
})

describe('sample ratio', () => {
  test.each([
    { counts: [5_000, 5_000], shares: [0.5, 0.5], isFair: true },
    { counts: [5_060, 4_940], shares: [0.5, 0.5], isFair: true },
    { counts: [5_300, 4_700], shares: [0.5, 0.5], isFair: false },
    { counts: [1_000, 8_990], shares: [0.1, 0.9], isFair: true },
    { counts: [1_300, 8_700], shares: [0.1, 0.9], isFair: false },
    { counts: [0, 0], shares: [0.5, 0.5], isFair: true },
  ])('$counts for $shares', ({ counts, shares, isFair }) => {
    const p = sampleRatioP(counts, shares)
    expect(p).toBeLessThanOrEqual(1)
    expect(p > 0.001).toBe(isFair)
  })
})
