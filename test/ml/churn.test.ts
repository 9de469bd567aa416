import fc from 'fast-check'
import { churnFeatures, churnThemes, valuesOf } from '../../src/ml/churn-features'
import { churnCandidates, fitCandidate } from '../../src/ml/churn-fit'
import { scoreChurn } from '../../src/ml/churn-model'
import { bgnbdAt, featuresAt, makeOrigin, planOrigins, SPAN_DAYS_MIN } from '../../src/ml/churn-origins'
import { packChurn, unpackChurn } from '../../src/ml/churn-pack'
import { reasonFinder } from '../../src/ml/churn-reasons'
import { leavesAfter, rhythmsAt } from '../../src/ml/churn-rhythm'
import { openChurnPool, scoreInParallel } from '../../src/ml/churn-task'
import { trainChurn } from '../../src/ml/churn-train'
import { fitOrderValue, stakesOf } from '../../src/ml/churn-value'
import { ModelFileError } from '../../src/ml/model-file'
import { drawnHistories, type HandMade, histories } from './churn-world'

const DAYS = { daysMin: 7, daysMax: 120 }
const every = (gap: number, count: number, last = -1): HandMade => ({
  orders: Array.from({ length: count }, (_, k) => [last - gap * (count - 1 - k), 1000] as const),
})

describe('a rhythm', () => {
  it('is nearly the own one of who bought often, nearly the others’ of who bought twice, and theirs of who bought once', () => {
    const crowd = Array.from({ length: 50 }, () => every(30, 5))
    const { days, populationDays } = rhythmsAt(histories([...crowd, every(10, 30), every(10, 2), every(1, 1)]), 0, DAYS)
    expect(populationDays).toBe(30)
    expect(days[0]).toBe(30)
    // exp((29 ln 10 + 5 ln 30) / 34) and exp((ln 10 + 5 ln 30) / 6).
    expect([...days.slice(50)]).toEqual([12, 25, 30])
  })

  it('leans on the category first', () => {
    const shelf = (gap: number, category: number) => ({
      ...every(gap, 11),
      shelves: new Array<number>(11).fill(category),
    })
    const once = (category: number) => ({ ...every(1, 1), shelves: [category] })
    const crowd = Array.from({ length: 40 }, () => [shelf(14, 0), shelf(80, 1)]).flat()
    const { days, category } = rhythmsAt(histories([...crowd, once(0), once(1), every(1, 1)]), 0, DAYS)
    expect([...category.slice(80)]).toEqual([0, 1, -1])
    expect(days[80]!).toBeLessThan(20)
    expect(days[81]).toBe(80)
    expect(days[82]).toBe(80)
  })

  it('is the nine-in-ten gap that sorting finds', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 60 }), (gaps) => {
        let day = -1
        const orders: [number, number][] = [[day, 1]]
        for (const gap of gaps) {
          day -= gap
          orders.unshift([day, 1])
        }
        const { days } = rhythmsAt(histories([{ orders }]), 0, { daysMin: 1, daysMax: 1000 })
        const sorted = gaps.toSorted((a, b) => a - b)
        // Alone, the customer is everybody: own and prior are the same quantile.
        expect(days[0]).toBe(sorted[Math.ceil(0.9 * gaps.length) - 1])
      }),
    )
  })

  it('is the longest allowed where nobody ever came back', () => {
    const { days, populationDays } = rhythmsAt(histories([every(1, 1), {}]), 0, DAYS)
    expect(populationDays).toBeNaN()
    expect([...days]).toEqual([120, 120])
  })
})

describe('leaving', () => {
  it.each([
    ['buys within the foretold days', -30, 0],
    ['buys on their last day', -24, 0],
    ['buys on the day after', -23, 1],
    ['buys in the days between only', -42, 1],
    ['buys on the first foretold day', -38, 0],
  ])('%s', (_what, next, label) => {
    // Known until −45, foretold from −38: fifteen days, as the rhythm is set here.
    const world = histories([
      {
        orders: [
          [-100, 1],
          [next, 1],
        ],
      },
    ])
    const rhythms = { days: Float64Array.of(15), category: Int32Array.of(-1), populationDays: 15 }
    expect(leavesAfter(world, -45, { rhythms, gapDays: 7 })[0]).toBe(label)
  })
})

describe('churn features', () => {
  const customer = fc.record({
    orders: fc.array(fc.tuple(fc.integer({ min: -300, max: -1 }), fc.integer({ min: 1, max: 1e9 })), { maxLength: 25 }),
    refunds: fc.array(fc.tuple(fc.integer({ min: -300, max: -1 }), fc.integer({ min: 1, max: 1e9 })), { maxLength: 4 }),
    complaints: fc.array(fc.integer({ min: -300, max: -1 }), { maxLength: 3 }),
  })
  const featuresOf = (customers: readonly HandMade[], cut: number) => {
    const world = histories(customers)
    const rhythms = rhythmsAt(world, cut, DAYS)
    const model = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426, logLikelihood: 0, iterations: 0 }
    return churnFeatures(world, { cut, rhythms, gapDays: 7, model })
  }

  it('never know what comes at or after the cut', () => {
    fc.assert(
      fc.property(
        fc.array(customer, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: -250, max: -1 }),
        (all, cut) => {
          const known = all.map(({ orders, refunds, complaints }) => ({
            orders: orders.filter(([day]) => day < cut),
            refunds: refunds.filter(([day]) => day < cut),
            complaints: complaints.filter((day) => day < cut),
          }))
          expect(featuresOf(all, cut)).toEqual(featuresOf(known, cut))
        },
      ),
    )
  })

  it('are what counting by hand gives', () => {
    const table = featuresOf(
      [
        {
          orders: [
            [-50, 300],
            [-30, 100],
            [-30, 100],
            [-11, 700],
          ],
          refunds: [[-20, 100]],
          complaints: [-5],
          shelves: [1, 1, 1, 2],
        },
      ],
      0,
    )
    const value = (name: string) => valuesOf(table, name)[0]
    expect(['orders', 'daysSinceLast', 'daysSinceFirst', 'lastGapDays', 'totalAmount'].map(value)).toEqual([
      3, 10, 49, 19, 1200,
    ])
    expect(['refunds', 'daysSinceRefund', 'complaints', 'daysSinceComplaint'].map(value)).toEqual([1, 19, 1, 4])
    expect(value('refundShare')).toBeCloseTo(100 / 1200)
    expect(['categories', 'mainCategoryShare'].map(value)).toEqual([2, 0.75])
    expect(value('silenceInRhythms')).toBeCloseTo(10 / 20)
  })

  it('of somebody without an order are missing, not made up', () => {
    const table = featuresOf([{}, every(20, 3)], 0)
    expect(valuesOf(table, 'daysSinceLast')[0]).toBeNaN()
    expect(valuesOf(table, 'probabilityAlive')[0]).toBeNaN()
  })
})

describe('origins', () => {
  it('foretell days that are over before the next one begins, from the shortest span on', () => {
    expect(planOrigins(SPAN_DAYS_MIN - 1)).toBeUndefined()
    for (const span of [SPAN_DAYS_MIN, 200, 374, 548, 5000]) {
      const plan = planOrigins(span)!
      const longest = plan.gapDays + plan.rhythmDaysMax
      expect(plan.testCut + longest).toBeLessThanOrEqual(0)
      expect(plan.calibrationCut + longest).toBeLessThanOrEqual(plan.testCut)
      expect(plan.trainCuts.length).toBeGreaterThan(0)
      for (const cut of plan.trainCuts) {
        expect(cut).toBeLessThan(plan.calibrationCut)
        expect(cut).toBeGreaterThanOrEqual(28 - span)
      }
    }
  })
})

describe('the trained model', () => {
  const world = drawnHistories(700, { days: 400, seed: 3 })

  it('beats recency on the last origin, is calibrated, and is the same from the same seed', async () => {
    const first = await trainChurn(world, { seed: 1, threads: 1 })
    const again = await trainChurn(world, { seed: 1, threads: 1 })
    if (!first.ok || !again.ok) throw new Error('refused')
    const { test } = first.figures
    expect(test.auc).toBeGreaterThan(test.recencyAuc)
    expect(test.auc).toBeGreaterThan(0.7)
    expect(test.ece).toBeLessThan(0.12)
    expect(Buffer.from(packChurn(again.model))).toEqual(Buffer.from(packChurn(first.model)))
  }, 60_000)

  it('measures the model in use on the same days', async () => {
    const first = await trainChurn(world, { seed: 1, threads: 1 })
    if (!first.ok) throw new Error('refused')
    const second = await trainChurn(world, { seed: 1, threads: 1, inUse: first.model })
    expect(second).toMatchObject({ figures: { test: { inUseAuc: first.figures.test.auc } } })
  }, 60_000)

  it('says what is missing instead of learning from too little', async () => {
    expect(await trainChurn(histories([]), { seed: 1, threads: 1 })).toEqual({
      ok: false,
      lacks: [{ what: 'days of orders', have: 0, need: SPAN_DAYS_MIN }],
    })
    expect(await trainChurn(histories([every(10, 40)]), { seed: 1, threads: 1 })).toMatchObject({
      ok: false,
      lacks: expect.arrayContaining([{ what: 'members to test on', have: 1, need: 100 }]),
    })
    const alike = await trainChurn(histories(new Array(200).fill(every(10, 40))), { seed: 1, threads: 1 })
    expect(alike).toMatchObject({
      lacks: expect.arrayContaining([{ what: 'members to test on who left', have: 0, need: 20 }]),
    })
  })
})

describe.each(churnCandidates)('$name', (candidate) => {
  const world = drawnHistories(400, { days: 400, seed: 5 })
  const plan = planOrigins(400)!
  const origin = makeOrigin(world, plan.calibrationCut, { plan, keep: () => true })
  const whole = { from: 0, to: origin.table.rows }
  const modelOf = async () => {
    const pool = openChurnPool(1)
    const fit = await fitCandidate(candidate, origin, { pool, seed: '1' })
    const bgnbd = bgnbdAt(world, 0)
    return {
      fit,
      calibration: { slope: 1, shift: 0 },
      gapDays: 7,
      rhythmDaysMin: 7,
      rhythmDaysMax: 60,
      ...(bgnbd ? { bgnbd } : {}),
    }
  }

  it('scores the same after being saved and loaded, whole or in parts, and refuses damaged bytes', async () => {
    const model = await modelOf()
    const bytes = packChurn(model)
    const scores = scoreChurn(model, origin.table, whole)
    expect(scoreChurn(unpackChurn(bytes), origin.table, whole)).toEqual(scores)
    expect(await scoreInParallel({ ...openChurnPool(1), threads: 3 }, model, origin.table)).toEqual(scores)
    const damaged = Buffer.from(bytes)
    damaged[damaged.length - 40]! ^= 1
    expect(() => unpackChurn(damaged)).toThrow(ModelFileError)
  })

  it('gives chances, also for customers unlike all it has seen', async () => {
    const strange = histories([
      { orders: [[-5000, 1e14]] },
      { orders: Array.from({ length: 500 }, (_, k) => [-500 + k, 1] as const) },
      {
        orders: [
          [-90, 0],
          [-89, 0],
        ],
        refunds: [[-3, 1e12]],
      },
    ])
    const { table } = featuresAt(strange, 0, plan, { bgnbd: bgnbdAt(world, 0) })
    for (const risk of scoreChurn(await modelOf(), table, { from: 0, to: 3 }).risk) {
      expect(risk > 0 && risk < 1).toBe(true)
    }
  })
})

describe('reasons', () => {
  const reasonsOf = (customer: HandMade, pulls: Partial<Record<string, number>>) => {
    const { table } = featuresAt(histories([customer]), 0, { gapDays: 7, rhythmDaysMin: 7, rhythmDaysMax: 90 })
    const pull = Float32Array.from(churnThemes, (theme) => pulls[theme] ?? 0)
    return reasonFinder(table)(0, pull, 0)
  }

  it('are told the strongest first, with facts', () => {
    expect(reasonsOf({ ...every(21, 5, -65), complaints: [-60, -3] }, { silence: 1, complaints: 0.4 })).toEqual([
      { code: 'silent', daysSinceLast: 64, usualGapDays: 21 },
      { code: 'complained', complaints: 2, daysAgo: 2 },
    ])
  })

  it('are not told where they are not true, do not speak for leaving, or hardly count', () => {
    const regular = every(21, 5, -10)
    expect(reasonsOf(regular, { silence: 1, complaints: 1, returns: 1, spend: 1, experience: 1 })).toEqual([])
    expect(reasonsOf(every(21, 5, -65), { silence: -1 })).toEqual([])
    expect(reasonsOf(every(300, 2, -65), { silence: 1, experience: 0.05 })).toEqual([
      { code: 'silent', daysSinceLast: 64 },
    ])
  })
})

describe('what is at stake', () => {
  it('grows with what one spends and falls with what one sends back; nobody knows it without a model or an order', () => {
    const world = drawnHistories(400, { days: 400, seed: 6 })
    const bgnbd = bgnbdAt(world, 0)
    const gammaGamma = fitOrderValue(world)
    if (!bgnbd || !gammaGamma) throw new Error('not fitted')
    const orders = (amount: number) => Array.from({ length: 6 }, (_, k) => [-150 + 25 * k, amount] as const)
    const some = histories([
      { orders: orders(1000) },
      { orders: orders(3000) },
      { orders: orders(3000), refunds: [[-9, 9000]] },
      {},
    ])
    const { table } = featuresAt(some, 0, { gapDays: 7, rhythmDaysMin: 7, rhythmDaysMax: 90 }, { bgnbd })
    const { valueMinor, orders: expected } = stakesOf({ bgnbd, gammaGamma }, table)
    expect(expected[0]).toBeGreaterThan(1)
    expect(valueMinor[1]).toBeGreaterThan(valueMinor[0]!)
    expect(valueMinor[2]).toBeLessThan(valueMinor[1]!)
    expect(valueMinor[3]).toBeNaN()
    expect([...stakesOf({}, table).valueMinor]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN])
  })
})
