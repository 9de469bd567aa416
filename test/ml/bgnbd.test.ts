import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expectedPurchases, fitBgNbd, probabilityAlive, probabilityBuys } from '../../src/ml/bgnbd'

const published = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426, logLikelihood: -9582.43, iterations: 0 }
const cdnowFile = path.join(__dirname, '../../../shared/data/cdnow/cdnow_customers_summary.csv')

describe('BG/NBD', () => {
  it("gives the worked example of the authors' note: customer 1 of CDNOW is expected to buy 1.226 times in 39 weeks", () => {
    expect(expectedPurchases(published, 2, 30.43, 38.86, 39)).toBeCloseTo(1.226, 3)
  })

  it('knows nobody as gone who bought once, and is surer that one is gone the longer the silence', () => {
    expect(probabilityAlive(published, 0, 0, 38)).toBe(1)
    const alive = [5, 10, 20, 38].map((age) => probabilityAlive(published, 6, 5, age))
    expect(alive).toEqual([...alive].sort((x, y) => y - x))
    expect(alive[3]!).toBeLessThan(0.05)
  })

  it('counts the chance of a purchase between none and the expected number', () => {
    for (const [x, recency, age] of [
      [0, 0, 30],
      [3, 10, 30],
      [26, 30.86, 31],
    ] as const) {
      const chance = probabilityBuys(published, x, recency, age, 39)
      expect(chance).toBeGreaterThan(0)
      expect(chance).toBeLessThanOrEqual(Math.min(1, expectedPurchases(published, x, recency, age, 39)))
    }
  })

  it('refuses too little to learn from, and throws on what cannot be', () => {
    expect(fitBgNbd({ frequency: [1], recency: [1], age: [2] })).toEqual({
      ok: false,
      code: 'not-enough-customers',
      customers: 1,
      needed: 50,
    })
    const sixty = (value: number) => new Float64Array(60).fill(value)
    expect(fitBgNbd({ frequency: sixty(0), recency: sixty(0), age: sixty(9) })).toMatchObject({
      code: 'no-repeat-purchases',
    })
    expect(() => fitBgNbd({ frequency: sixty(1), recency: sixty(10), age: sixty(9) })).toThrow('recency 10, age 9')
    expect(() => fitBgNbd({ frequency: sixty(Number.NaN), recency: sixty(1), age: sixty(9) })).toThrow('frequency NaN')
  })

  it('soon gives up where all buy like clockwork: the likelihood only grows, without a maximum', () => {
    const alike = (value: number) => new Float64Array(200).fill(value)
    const fit = fitBgNbd({ frequency: alike(39), recency: alike(390), age: alike(391) })
    expect(fit).toMatchObject({ ok: false, code: 'did-not-converge' })
    expect('iterations' in fit && fit.iterations).toBeLessThan(100)
  })

  const withCdnow = existsSync(cdnowFile) ? it : it.skip
  withCdnow('finds the published parameters of CDNOW, in weeks as in days', () => {
    const rows = readFileSync(cdnowFile, 'utf8').trim().split('\n').slice(1)
    const columns = rows.map((row) => row.split(',').map(Number))
    const column = (index: number, factor = 1) => Float64Array.from(columns, (row) => row[index]! * factor)
    const weeks = fitBgNbd({ frequency: column(1), recency: column(2), age: column(3) })
    const days = fitBgNbd({ frequency: column(1), recency: column(2, 7), age: column(3, 7) })
    if (!weeks.ok || !days.ok) throw new Error('the fit was refused')
    expect(weeks.r).toBeCloseTo(0.243, 3)
    expect(weeks.alpha).toBeCloseTo(4.414, 2)
    expect(weeks.a).toBeCloseTo(0.793, 3)
    expect(weeks.b).toBeCloseTo(2.426, 2)
    expect(weeks.logLikelihood).toBeCloseTo(-9582.43, 2)
    expect(days.alpha / 7).toBeCloseTo(weeks.alpha, 4)
  })
})
