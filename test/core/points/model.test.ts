import fc from 'fast-check'
import { adjust } from '../../../src/core/points/adjust'
import type { Receipt } from '../../../src/core/points/answer'
import { readBalance } from '../../../src/core/points/balance'
import { burn } from '../../../src/core/points/burn'
import { earn } from '../../../src/core/points/earn'
import { settleAll } from '../../../src/core/points/expire'
import { hold, postHold, voidHold } from '../../../src/core/points/hold'
import { reverse } from '../../../src/core/points/reverse'
import { verifyLedger } from '../../../src/core/points/verify'
import type { Database } from '../../../src/db/open'
import { useDatabase } from '../../support/database'
import { addMember } from './books'
import { ModelAccount, type ModelOutcome } from './model'

const START = Date.UTC(2026, 0, 1)
const HOUR = 3_600_000

/** Steps name earlier transfers by number, modulo how many there are. Times are in hours from the step. */
type Step = { waitHours: number } & (
  | { do: 'earn'; points: number; availableIn: number; expiresIn: number }
  | { do: 'burn'; points: number }
  | { do: 'adjust'; points: number; expiresIn: number }
  | { do: 'reverse'; of: number; points: number | undefined }
  | { do: 'hold'; points: number; expiresIn: number }
  | { do: 'post' | 'void'; of: number }
  | { do: 'again'; of: number }
  | { do: 'settle' }
)

const waitHours = fc.oneof(
  { arbitrary: fc.constant(0), weight: 3 },
  { arbitrary: fc.integer({ min: 0, max: 900 }), weight: 1 },
)
const points = fc.integer({ min: 1, max: 60 })
const of = fc.nat({ max: 1000 })
const soon = fc.oneof(fc.constant(0), fc.integer({ min: -5, max: 300 }))
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    arbitrary: fc.record({
      do: fc.constant('earn' as const),
      waitHours,
      points,
      availableIn: soon,
      expiresIn: fc.integer({ min: -2, max: 1500 }),
    }),
    weight: 5,
  },
  { arbitrary: fc.record({ do: fc.constant('burn' as const), waitHours, points }), weight: 3 },
  {
    arbitrary: fc.record({
      do: fc.constant('adjust' as const),
      waitHours,
      points: fc.integer({ min: -40, max: 40 }).filter((n) => n !== 0),
      expiresIn: fc.integer({ min: -2, max: 900 }),
    }),
    weight: 1,
  },
  {
    arbitrary: fc.record({
      do: fc.constant('reverse' as const),
      waitHours,
      of,
      points: fc.option(points, { nil: undefined }),
    }),
    weight: 4,
  },
  {
    arbitrary: fc.record({
      do: fc.constant('hold' as const),
      waitHours,
      points,
      expiresIn: fc.integer({ min: -1, max: 400 }),
    }),
    weight: 2,
  },
  { arbitrary: fc.record({ do: fc.constantFrom('post' as const, 'void' as const), waitHours, of }), weight: 2 },
  { arbitrary: fc.record({ do: fc.constant('again' as const), waitHours, of }), weight: 1 },
  { arbitrary: fc.record({ do: fc.constant('settle' as const), waitHours }), weight: 1 },
)

type Outcome =
  | { ok: true; receipt: Receipt & { shortfall?: number } }
  | { ok: false; code: string; left?: number; status?: string }

/** One member, in the database and in the model, side by side. */
class Run {
  readonly model = new ModelAccount()
  readonly keys: string[] = []
  readonly receipts = new Map<string, Receipt>()
  readonly calls = new Map<string, () => Promise<Outcome>>()
  now = START

  constructor(
    readonly db: Database,
    readonly memberId: string,
  ) {}

  async take(one: Step): Promise<void> {
    this.now += one.waitHours * HOUR
    // Before any write: a read must be right although nothing was settled.
    if (one.do === 'settle') await settleAll(this.db, { at: this.at() })
    this.model.settle(this.now)
    await this.compareBalance()
    if (one.do === 'settle') return
    if (one.do === 'again') return this.again(one.of)
    const key = `${this.memberId}-${this.calls.size}`
    const { expected, call } = this.prepare(one, key)
    const outcome = await call()
    this.calls.set(key, call)
    expect({ one, ...shapeOf(outcome) }).toEqual({ one, ...expected })
    if (outcome.ok) {
      this.keys.push(key)
      this.receipts.set(key, outcome.receipt)
      expect(balancesOf(outcome.receipt)).toEqual(this.balances())
      expect(outcome.receipt.replayed).toBe(false)
    }
    await this.compareBalance()
  }

  private prepare(
    one: Exclude<Step, { do: 'settle' | 'again' }>,
    key: string,
  ): { expected: ModelOutcome; call: () => Promise<Outcome> } {
    const { model, now, db, memberId } = this
    const common = { source: 'test', externalId: key, at: this.at() }
    const later = (hours: number) => now + hours * HOUR
    switch (one.do) {
      case 'earn': {
        const dates = { availableAt: later(one.availableIn), expiresAt: later(one.expiresIn) }
        const sent = { availableAt: new Date(dates.availableAt), expiresAt: new Date(dates.expiresAt) }
        return {
          expected: model.earn(key, one.points, dates, now),
          call: () => earn(db, { memberId, points: one.points, ...sent, ...common }),
        }
      }
      case 'burn':
        return {
          expected: model.burn(key, one.points),
          call: () => burn(db, { memberId, points: one.points, ...common }),
        }
      case 'adjust': {
        const expiresAt = later(one.expiresIn)
        return {
          expected: model.adjust(key, one.points, expiresAt, now),
          call: () =>
            adjust(db, { memberId, points: one.points, note: 'because', expiresAt: new Date(expiresAt), ...common }),
        }
      }
      case 'reverse': {
        const ofKey = this.keyAt(one.of)
        return {
          expected: model.reverse(key, ofKey, one.points, now),
          call: () =>
            reverse(db, {
              of: { source: 'test', externalId: ofKey },
              ...(one.points !== undefined && { points: one.points }),
              ...common,
            }),
        }
      }
      case 'hold': {
        const expiresAt = later(one.expiresIn)
        return {
          expected: model.hold(key, one.points, expiresAt, now),
          call: () => hold(db, { memberId, points: one.points, expiresAt: new Date(expiresAt), ...common }),
        }
      }
      case 'post':
      case 'void': {
        const holdKey = this.keyAt(one.of)
        const end = one.do === 'post' ? postHold : voidHold
        return {
          expected: model.end(key, one.do, holdKey, now),
          call: () => end(db, { hold: { source: 'test', externalId: holdKey }, ...common }),
        }
      }
    }
  }

  /** The same call again, at any later time, gives the same receipt and does nothing. */
  private async again(number: number): Promise<void> {
    const key = this.keyAt(number)
    const first = this.receipts.get(key)
    if (!first) return
    const outcome = await this.calls.get(key)!()
    expect(outcome).toMatchObject({ ok: true, receipt: { ...first, replayed: true } })
    await this.compareBalance()
  }

  private keyAt(number: number): string {
    return this.keys[number % Math.max(1, this.keys.length)] ?? 'nothing'
  }

  async compareBalance(): Promise<void> {
    const { available, pending, held, owed, nextExpiry, nextAvailable } = await readBalance(this.db, {
      memberId: this.memberId,
      at: this.at(),
    })
    expect({ available, pending, held, owed }).toEqual(this.balances())
    expect(nextExpiry && { points: nextExpiry.points, at: nextExpiry.at.getTime() }).toEqual(
      this.soonest('expiresAt', false),
    )
    expect(nextAvailable && { points: nextAvailable.points, at: nextAvailable.at.getTime() }).toEqual(
      this.soonest('availableAt', true),
    )
  }

  async compareLots(): Promise<void> {
    await settleAll(this.db, { at: this.at() })
    const lots = await this.db.sql`
      select earned, remaining, expired, released_at is null as "isPending" from lot where member_id = ${this.memberId} order by id`
    expect(lots).toEqual(
      this.model.lots.map(({ earned, remaining, expired, isPending }) => ({ earned, remaining, expired, isPending })),
    )
  }

  private soonest(field: 'expiresAt' | 'availableAt', isPending: boolean): { points: number; at: number } | undefined {
    const lots = this.model.lots.filter((lot) => lot.isPending === isPending && lot.remaining > 0)
    if (lots.length === 0) return undefined
    const at = Math.min(...lots.map((lot) => lot[field]))
    return { at, points: lots.filter((lot) => lot[field] === at).reduce((total, lot) => total + lot.remaining, 0) }
  }

  private balances() {
    const { available, pending, held, owed } = this.model
    return { available, pending, held, owed }
  }

  private at(): Date {
    return new Date(this.now)
  }
}

function balancesOf({ availableAfter, pendingAfter, heldAfter, owedAfter }: Receipt) {
  return { available: availableAfter, pending: pendingAfter, held: heldAfter, owed: owedAfter }
}

function shapeOf(outcome: Outcome): object {
  if (outcome.ok) return { ok: true, shortfall: outcome.receipt.shortfall ?? 0 }
  const { ok, code, left, status } = outcome
  return { ok, code, ...(left !== undefined && { left }), ...(status !== undefined && { status }) }
}

describe('the ledger, held to a model of its rules', () => {
  const database = useDatabase()

  test('any sequence of writes, retries and waiting gives what the rules say, and books in order', async () => {
    let runs = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const run = new Run(database.current(), await addMember(database.current(), `run${runs++}`))
        for (const one of steps) await run.take(one)
        await run.compareLots()
      }),
      { numRuns: 120, seed: 20261122, endOnFailure: false },
    )
    const results = await verifyLedger(database.current(), { at: new Date(START + 10 * 365 * 24 * HOUR) })
    expect(results.filter(({ ok }) => !ok)).toEqual([])
    expect(results.length).toBeGreaterThan(15)
  }, 120_000)
})
