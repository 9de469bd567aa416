import { type Points, points } from '../units'

/** A row of the type `ledger_answer`, which every write of the ledger gives. */
export interface LedgerAnswer {
  code: string
  transfer_id: number | null
  points: number | null
  shortfall: number | null
  available: number | null
  pending: number | null
  held: number | null
  owed: number | null
  left_to_reverse: number | null
  hold_status: string | null
  replayed: boolean
}

/** What the caller chose to name a write by: a second write with the same key and input is answered with the first's receipt. */
export interface TransferKey {
  source: string
  externalId: string
}

/** The receipt of a write. A replay's is the one of the first time. */
export interface Receipt {
  transferId: number
  points: Points
  /** Balances that the transfer left. */
  availableAfter: Points
  pendingAfter: Points
  heldAfter: Points
  owedAfter: Points
  /** The key was recorded before; nothing was done now. */
  replayed: boolean
}

export type Outcome<Code extends string, Details extends object = object> =
  | { ok: true; receipt: Receipt & Details }
  | { ok: false; code: Code; available?: Points }

/** The only row of a write's answer. */
export function answerOf(rows: readonly LedgerAnswer[]): LedgerAnswer {
  const [answer] = rows
  if (!answer) throw new Error('the ledger gave no answer')
  return answer
}

/** Reads an answer. Throws on a code that is not one of `codes`: the SQL function and its caller disagree. */
export function outcomeOf<Code extends string>(answer: LedgerAnswer, codes: readonly Code[]): Outcome<Code> {
  if (answer.code === 'ok') return { ok: true, receipt: receiptOf(answer) }
  const code = codes.find((known) => known === answer.code)
  if (!code) throw new Error(`the ledger answered "${answer.code}", expected ok or one of ${codes.join(', ')}`)
  return answer.available === null ? { ok: false, code } : { ok: false, code, available: points(answer.available) }
}

function receiptOf(answer: LedgerAnswer): Receipt {
  const { transfer_id, available, pending, held, owed } = answer
  if (transfer_id === null) throw new Error('the ledger answered ok without a transfer')
  return {
    transferId: transfer_id,
    points: points(answer.points ?? 0),
    availableAfter: points(available ?? 0),
    pendingAfter: points(pending ?? 0),
    heldAfter: points(held ?? 0),
    owedAfter: points(owed ?? 0),
    replayed: answer.replayed,
  }
}
