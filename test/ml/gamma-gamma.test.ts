import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expectedAmount, fitGammaGamma } from '../../src/ml/gamma-gamma'

const ordersFile = path.join(__dirname, '../../../shared/data/cdnow/orders.csv')

/** Repeat purchases of the calibration period (39 weeks); rows of one day are one purchase. */
function cdnowRepeats(): { purchases: number[]; mean: number[] } {
  const days = new Map<string, Map<string, number>>()
  for (const row of readFileSync(ordersFile, 'utf8').trim().split('\n').slice(1)) {
    const [customer, day, amount] = row.split(',') as [string, string, string]
    if (day > '1997-09-30') continue
    const own = days.get(customer) ?? new Map<string, number>()
    own.set(day, (own.get(day) ?? 0) + Number(amount))
    days.set(customer, own)
  }
  const purchases: number[] = []
  const mean: number[] = []
  for (const own of days.values()) {
    const repeats = [...own.entries()].sort(([a], [b]) => a.localeCompare(b)).slice(1)
    const total = repeats.reduce((sum, [, amount]) => sum + amount, 0)
    if (total <= 0) continue
    purchases.push(repeats.length)
    mean.push(total / repeats.length)
  }
  return { purchases, mean }
}

describe('gamma-gamma', () => {
  it('shrinks a mean towards everybody’s, less the more purchases stand behind it', () => {
    const model = { p: 6.25, q: 3.74, gamma: 15.44, logLikelihood: 0 }
    const everybody = (model.p * model.gamma) / (model.q - 1)
    const once = expectedAmount(model, 1, 100)
    const often = expectedAmount(model, 20, 100)
    expect(everybody).toBeLessThan(once)
    expect(once).toBeLessThan(often)
    expect(often).toBeLessThan(100)
  })

  it('refuses too few customers and throws on amounts that cannot be', () => {
    expect(fitGammaGamma([1, 2], [10, 20])).toEqual({ ok: false, code: 'not-enough-customers' })
    expect(() => fitGammaGamma(new Array(40).fill(1), new Array(40).fill(-5))).toThrow('1 purchases of -5')
  })

  const withCdnow = existsSync(ordersFile) ? it : it.skip
  withCdnow('finds the published parameters of CDNOW (p 6.25, q 3.74, γ 15.44)', () => {
    const { purchases, mean } = cdnowRepeats()
    expect(purchases).toHaveLength(946)
    const model = fitGammaGamma(purchases, mean)
    if (!model.ok) throw new Error(model.code)
    expect(model.p).toBeCloseTo(6.25, 1)
    expect(model.q).toBeCloseTo(3.74, 1)
    expect(model.gamma).toBeCloseTo(15.44, 0)
  })
})
