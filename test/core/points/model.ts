// The rules of the ledger as plain TypeScript, one member at a time, without a database: what the property tests hold
// PostgreSQL to. Instants are numbers.

const GRACE_MS = 30 * 24 * 3600 * 1000

export interface ModelLot {
  earned: number
  remaining: number
  expired: number
  availableAt: number
  expiresAt: number
  isPending: boolean
  /** Made by which transfer. */
  key: string
}

interface Use {
  lot: ModelLot
  points: number
}

interface ModelTransfer {
  kind: 'earn' | 'burn' | 'adjust' | 'reverse' | 'hold' | 'post' | 'void'
  points: number
  /** Of a burn or hold: what it took, less what reversals gave back. */
  uses: Use[]
  reversed: number
  isCoupon: boolean
  hold?: { status: 'open' | 'posted' | 'voided' | 'expired'; expiresAt: number; uses: Use[] }
}

export type ModelOutcome = { ok: true; shortfall: number } | { ok: false; code: string; left?: number; status?: string }

export class ModelAccount {
  readonly lots: ModelLot[] = []
  readonly transfers = new Map<string, ModelTransfer>()
  owed = 0

  get available(): number {
    return sum(this.lots.filter((lot) => !lot.isPending).map((lot) => lot.remaining))
  }
  get pending(): number {
    return sum(this.lots.filter((lot) => lot.isPending).map((lot) => lot.remaining))
  }
  get held(): number {
    return sum(this.openHolds().map((transfer) => transfer.points))
  }

  /** Lets time pass up to `now`: event by event, in the order of their instants. */
  settle(now: number): void {
    for (;;) {
      const instants = [
        ...this.lots.filter((lot) => lot.isPending).map((lot) => lot.availableAt),
        ...this.lots.filter((lot) => lot.remaining > 0).map((lot) => lot.expiresAt),
        ...this.openHolds().map((transfer) => transfer.hold!.expiresAt),
      ].filter((instant) => instant <= now)
      if (instants.length === 0) return
      const instant = Math.min(...instants)
      for (const transfer of this.openHolds()) {
        if (transfer.hold!.expiresAt <= instant) this.endHold(transfer, 'expired', instant)
      }
      for (const lot of this.lots) {
        if (lot.availableAt <= instant) lot.isPending = false
        if (lot.expiresAt <= instant) {
          lot.expired += lot.remaining
          lot.remaining = 0
        }
      }
    }
  }

  earn(
    key: string,
    points: number,
    { availableAt, expiresAt }: { availableAt: number; expiresAt: number },
    now: number,
  ): ModelOutcome {
    if (expiresAt <= availableAt || expiresAt <= now) return refused('invalid-expiry')
    const repaid = Math.min(this.owed, points)
    this.owed -= repaid
    const lot = {
      earned: points,
      remaining: points - repaid,
      expired: 0,
      availableAt,
      expiresAt,
      isPending: availableAt > now,
      key,
    }
    this.lots.push(lot)
    return this.record(key, { kind: 'earn', points })
  }

  burn(key: string, points: number, isCoupon = false): ModelOutcome {
    if (points > this.available) return refused('insufficient-points')
    const uses = this.take(points, false)
    return this.record(key, { kind: 'burn', points, uses, isCoupon })
  }

  adjust(key: string, points: number, expiresAt: number, now: number): ModelOutcome {
    if (points > 0) {
      if (expiresAt <= now) return refused('invalid-expiry')
      const outcome = this.earn(key, points, { availableAt: now, expiresAt }, now)
      this.transfers.get(key)!.kind = 'adjust'
      return outcome
    }
    if (-points > this.available) return refused('insufficient-points')
    this.take(-points, false)
    return this.record(key, { kind: 'adjust', points })
  }

  reverse(key: string, ofKey: string, asked: number | undefined, now: number, isVoidOfCode = false): ModelOutcome {
    const original = this.transfers.get(ofKey)
    if (!original) return refused('unknown-transfer')
    if (!['earn', 'burn', 'post'].includes(original.kind) || (original.isCoupon && !isVoidOfCode))
      return refused('not-reversible')
    const left = original.points - original.reversed
    const points = asked ?? left
    if (points === 0 || points > left) return { ok: false, code: 'exceeds-original', left }
    original.reversed += points
    let shortfall = 0
    if (original.kind === 'earn') {
      shortfall = this.takeBack(this.lots.find((lot) => lot.key === ofKey)!, points)
      this.owed += shortfall
    } else {
      const lost = giveBack(original.uses, points, now)
      if (lost > 0) {
        this.lots.push({
          earned: lost,
          remaining: lost,
          expired: 0,
          availableAt: now,
          expiresAt: now + GRACE_MS,
          isPending: false,
          key,
        })
      }
      this.repay()
    }
    const outcome = this.record(key, { kind: 'reverse', points })
    return outcome.ok ? { ok: true, shortfall } : outcome
  }

  withdraw(key: string, ofKey: string): ModelOutcome {
    const original = this.transfers.get(ofKey)
    if (!original) return refused('unknown-transfer')
    if (original.kind !== 'adjust' || original.points < 0) return refused('not-reversible')
    const lot = this.lots.find((known) => known.key === ofKey)!
    if (lot.remaining < lot.earned) return refused('lot-not-whole')
    lot.remaining = 0
    return this.record(key, { kind: 'reverse', points: original.points })
  }

  hold(key: string, points: number, expiresAt: number, now: number): ModelOutcome {
    if (expiresAt <= now) return refused('invalid-expiry')
    if (points > this.available) return refused('insufficient-points')
    const uses = this.take(points, false)
    return this.record(key, { kind: 'hold', points, hold: { status: 'open', expiresAt, uses } })
  }

  end(key: string, kind: 'post' | 'void', holdKey: string, now: number): ModelOutcome {
    const transfer = this.transfers.get(holdKey)
    if (!transfer?.hold) return refused('unknown-hold')
    if (transfer.hold.status !== 'open') return { ok: false, code: 'hold-ended', status: transfer.hold.status }
    if (kind === 'void') this.endHold(transfer, 'voided', now)
    else transfer.hold.status = 'posted'
    return this.record(key, { kind, points: transfer.points, uses: kind === 'post' ? transfer.hold.uses : [] })
  }

  private endHold(transfer: ModelTransfer, status: 'voided' | 'expired', at: number): void {
    const { hold } = transfer
    hold!.status = status
    for (const { lot, points } of hold!.uses) {
      if (lot.expiresAt <= at) lot.expired += points
      else lot.remaining += points
    }
    this.repay()
  }

  private repay(): void {
    const repaid = Math.min(this.owed, this.available)
    this.take(repaid, false)
    this.owed -= repaid
  }

  /** Of a reversed earn; returns what could not be had. */
  private takeBack(lot: ModelLot, points: number): number {
    const own = Math.min(lot.remaining, points)
    lot.remaining -= own
    const gone = Math.min(lot.expired, points - own)
    lot.expired -= gone
    const rest = points - own - gone
    const others = Math.min(rest, this.available + this.pending)
    this.take(others, true)
    return rest - others
  }

  private take(points: number, alsoPending: boolean): Use[] {
    const uses: Use[] = []
    const inOrder = this.lots
      .filter((lot) => alsoPending || !lot.isPending)
      .toSorted((a, b) => a.expiresAt - b.expiresAt)
    let left = points
    for (const lot of inOrder) {
      const taken = Math.min(lot.remaining, left)
      if (taken === 0) continue
      lot.remaining -= taken
      left -= taken
      uses.push({ lot, points: taken })
    }
    return uses
  }

  private openHolds(): ModelTransfer[] {
    return [...this.transfers.values()]
      .filter((transfer) => transfer.hold?.status === 'open')
      .toSorted((a, b) => a.hold!.expiresAt - b.hold!.expiresAt)
  }

  private record(key: string, transfer: Pick<ModelTransfer, 'kind' | 'points'> & Partial<ModelTransfer>): ModelOutcome {
    this.transfers.set(key, { uses: [], reversed: 0, isCoupon: false, ...transfer })
    return { ok: true, shortfall: 0 }
  }
}

/** Returns points to lots that are alive, the last taken first; returns how many were of dead lots. */
function giveBack(uses: Use[], points: number, now: number): number {
  let left = points
  let lost = 0
  for (const use of uses.toReversed()) {
    const returned = Math.min(use.points, left)
    use.points -= returned
    left -= returned
    if (use.lot.expiresAt <= now) lost += returned
    else use.lot.remaining += returned
  }
  return lost
}

function refused(code: string): ModelOutcome {
  return { ok: false, code }
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
