import type { CopyTx } from '../../db/copy'
import { CopyRows, type Mark } from '../../db/copy-rows'
import type { Tx } from '../../db/sql'
import type { BulkRow } from './bulk'
import { type Account, digestOf, inputHashOf, isSealable, linkTo, openAccount, type PlainTransfer } from './chain'

/** As in the ledger's own checks. */
const POINTS_MAX = 1_000_000_000_000
const BALANCE_MAX = 1_000_000_000_000_000

/**
 * Whether nothing is special about a member's rows. Without an account there is nothing to pay with what is earned, so a lot holds
 * what it earned less what was taken back of it; a reversal of no more than that never reaches other lots or makes a debt.
 */
export function isPlain(rows: readonly BulkRow[], at: Date): boolean {
  const left = new Map<string, number>()
  let sum = 0
  for (const row of inTime(rows)) {
    if (!isSealable(row) || !(row.points >= 1 && row.points <= POINTS_MAX)) return false
    if (row.kind === 'earn') {
      const { availableAtMs, expiresAtMs } = row
      if (availableAtMs > at.getTime() || expiresAtMs <= at.getTime() || expiresAtMs <= availableAtMs) return false
      left.set(keyOf(row), row.points)
      sum += row.points
      continue
    }
    const original = keyOf(row.reverses)
    const leftOfIt = left.get(original) ?? 0
    if (row.points > leftOfIt) return false
    left.set(original, leftOfIt - row.points)
  }
  return sum <= BALANCE_MAX
}

function keyOf({ source, externalId }: { source: string; externalId: string }): string {
  return `${source}\n${externalId}`
}

function inTime(rows: readonly BulkRow[]): BulkRow[] {
  return rows.toSorted((a, b) => a.occurredAtMs - b.occurredAtMs)
}

/** Ids of rows that will be written, the lowest last. */
export interface Ids {
  transfers: number[]
  lots: number[]
}

/** As many ids as the rows need. */
export async function takeIds(tx: Tx, fresh: readonly (readonly BulkRow[])[]): Promise<Ids> {
  const transfers = fresh.reduce((sum, own) => sum + own.length, 0)
  const lots = fresh.reduce((sum, own) => sum + own.filter(({ kind }) => kind === 'earn').length, 0)
  // As one text each: a row for each id would be read several times slower.
  const [taken] = await tx.sql<{ transfers: string | null; lots: string | null }>`
    select (select string_agg(nextval('transfer_id_seq')::text, ' ') from generate_series(1, ${transfers}::int)) as transfers,
      (select string_agg(nextval('lot_id_seq')::text, ' ') from generate_series(1, ${lots}::int)) as lots`
  // Of no rows at all the text is null.
  const numbers = (text: string | null = null) => text?.split(' ').map(Number).reverse() ?? []
  return { transfers: numbers(taken?.transfers), lots: numbers(taken?.lots) }
}

/** The books of members who have no account yet, as the ledger's functions would have kept them. */
export class FreshBooks {
  private readonly ledger = new LedgerRows()
  private readonly books: Books[] = []

  /** Writes all rows of a member, which are plain. */
  write(rows: readonly BulkRow[], { ids, at }: { ids: Ids; at: Date }): void {
    this.books.push(writeMember(rows, this.ledger, { ids, at }))
  }

  /** Sends everything. @returns whose account was opened by somebody else in the meantime; of theirs nothing is sent */
  async copy(tx: CopyTx): Promise<string[]> {
    const { ledger, books } = this
    // First of all, since whoever else is about to open one of these accounts waits here, or was quicker.
    const taken = new Set(await openAccounts(tx, books))
    await ledger.copy(
      tx,
      books.filter(({ account }) => taken.has(account.memberId)),
    )
    return [...taken]
  }

  /** Sends everything but the accounts into a ledger that is locked and has none, so that nobody can be quicker. */
  async copyAlone(tx: CopyTx, accounts: FreshAccounts): Promise<void> {
    for (const { account, dueAtMs } of this.books) accounts.add(account, dueAtMs)
    await this.ledger.copy(tx, [])
  }
}

/** Accounts that are opened when all else of their books is there. */
export class FreshAccounts {
  private readonly rows = new CopyRows()

  add({ memberId, available, seq, headHash }: Account, dueAtMs: number | null): void {
    this.rows.row(5).text(memberId).bigint(available).bigint(seq).bytea(headHash).timestamptz(dueAtMs)
  }

  async copy(tx: CopyTx): Promise<void> {
    await tx.copyIn(COPY_ACCOUNTS, this.rows.without([]))
  }
}

const COPY_ACCOUNTS =
  'copy member_account (member_id, available, entry_seq, head_hash, due_at) from stdin (format binary)'

/** A member's account, and where its rows stand. */
interface Books {
  account: Account
  dueAtMs: number | null
  from: LedgerMarks
  to: LedgerMarks
}

interface Lot {
  id: number
  transferId: number
  row: BulkRow & { kind: 'earn' }
  remaining: number
}

/** Writes all rows of a member. */
function writeMember(rows: readonly BulkRow[], ledger: LedgerRows, { ids, at }: { ids: Ids; at: Date }): Books {
  const recordedAtMs = at.getTime()
  const account = openAccount(rows[0]?.memberId ?? '')
  const lots = new Map<string, Lot>()
  const from = ledger.marks()
  let dueAtMs: number | null = null
  for (const row of inTime(rows)) {
    const id = nextOf(ids.transfers)
    const lot = row.kind === 'reverse' ? lots.get(keyOf(row.reverses)) : undefined
    const transfer: PlainTransfer = {
      row,
      id,
      inputHash: inputHashOf(row),
      recordedAtMs,
      reversesTransferId: lot?.transferId ?? null,
    }
    ledger.addTransfer(transfer)
    if (row.kind === 'earn') {
      lots.set(keyOf(row), { id: nextOf(ids.lots), transferId: id, row, remaining: row.points })
      dueAtMs = Math.min(dueAtMs ?? row.expiresAtMs, row.expiresAtMs)
    } else {
      if (!lot) throw new Error(`${row.externalId} reverses what was not earned`)
      lot.remaining -= row.points
      ledger.addUse(row, { lotId: lot.id, transferId: id })
    }
    const change = row.kind === 'earn' ? row.points : -row.points
    const digest = digestOf(transfer)
    ledger.addEntry(account, { id, digest, name: 'issued', amount: -change })
    ledger.addEntry(account, { id, digest, name: 'available', amount: change })
    account.available += change
  }
  for (const lot of lots.values()) ledger.addLot(lot, recordedAtMs)
  return { account, dueAtMs, from, to: ledger.marks() }
}

function nextOf(ids: number[]): number {
  const id = ids.pop()
  if (id === undefined) throw new Error('fewer ids were taken than rows are written')
  return id
}

interface Leg {
  id: number
  digest: Buffer
  name: 'issued' | 'available'
  amount: number
}

type LedgerTable = 'transfers' | 'lots' | 'uses' | 'entries'
type LedgerMarks = Readonly<Record<LedgerTable, Mark>>

/** The rows of the ledger's tables as COPY takes them. */
class LedgerRows {
  private readonly rows: Readonly<Record<LedgerTable, CopyRows>> = {
    transfers: new CopyRows(),
    lots: new CopyRows(),
    uses: new CopyRows(),
    entries: new CopyRows(),
  }

  marks(): LedgerMarks {
    const { transfers, lots, uses, entries } = this.rows
    return { transfers: transfers.mark(), lots: lots.mark(), uses: uses.mark(), entries: entries.mark() }
  }

  /** Sends all rows but those of some members. */
  async copy(tx: CopyTx, unfit: readonly Books[]): Promise<void> {
    for (const table of ['transfers', 'lots', 'uses', 'entries'] as const) {
      const gaps = unfit.map(({ from, to }) => ({ from: from[table], to: to[table] }))
      await tx.copyIn(COPY[table], this.rows[table].without(gaps))
    }
  }

  addTransfer(transfer: PlainTransfer): void {
    const { id, inputHash, recordedAtMs, reversesTransferId } = transfer
    const { memberId, kind, source, externalId, points, occurredAtMs, orderId } = transfer.row
    const row = this.rows.transfers.row(11).bigint(id).text(memberId).text(kind).text(source).text(externalId)
    row.bytea(inputHash).bigint(points).timestamptz(occurredAtMs).timestamptz(recordedAtMs)
    row.bigint(orderId).bigint(reversesTransferId)
  }

  addLot({ id, transferId, row, remaining }: Lot, recordedAtMs: number): void {
    const { memberId, points, availableAtMs, expiresAtMs } = row
    const lot = this.rows.lots.row(8).bigint(id).text(memberId).bigint(transferId).bigint(points).bigint(remaining)
    lot.timestamptz(availableAtMs).timestamptz(expiresAtMs).timestamptz(recordedAtMs)
  }

  addUse({ memberId, points }: BulkRow, { lotId, transferId }: { lotId: number; transferId: number }): void {
    this.rows.uses.row(4).text(memberId).bigint(lotId).bigint(transferId).bigint(points)
  }

  /** Moves the account's head on. */
  addEntry(account: Account, { id, digest, name, amount }: Leg): void {
    const before = account.headHash
    linkTo(account, { digest, name, amount })
    const row = this.rows.entries.row(7).text(account.memberId).bigint(account.seq).bigint(id).text(name)
    row.bigint(amount).bytea(before).bytea(account.headHash)
  }
}

const COPY: Readonly<Record<LedgerTable, string>> = {
  transfers: `copy transfer (id, member_id, kind, source, external_id, input_hash, points, occurred_at, recorded_at,
    order_id, reverses_transfer_id) from stdin (format binary)`,
  lots: `copy lot (id, member_id, transfer_id, earned, remaining, available_at, expires_at, released_at) from stdin
    (format binary)`,
  uses: 'copy lot_use (member_id, lot_id, transfer_id, amount) from stdin (format binary)',
  entries: 'copy entry (member_id, seq, transfer_id, account, amount, prev_hash, hash) from stdin (format binary)',
}

/** @returns whose account was opened by somebody else in the meantime */
async function openAccounts(tx: Tx, books: readonly Books[]): Promise<string[]> {
  const accounts = books.map(({ account, dueAtMs }) => ({
    ...account,
    dueAt: dueAtMs && new Date(dueAtMs).toISOString(),
  }))
  const opened = await tx.sql<{ memberId: string }>`
    insert into member_account (member_id, available, entry_seq, head_hash, due_at)
    select id, available, seq, decode(head, 'hex'), due_at
    from unnest(${accounts.map(({ memberId }) => memberId)}::text[], ${accounts.map(({ available }) => available)}::bigint[],
      ${accounts.map(({ seq }) => seq)}::bigint[], ${accounts.map(({ headHash }) => headHash)}::text[],
      ${accounts.map(({ dueAt }) => dueAt)}::timestamptz[]) made (id, available, seq, head, due_at)
    order by id
    on conflict do nothing returning member_id as "memberId"`
  if (opened.length === books.length) return []
  const ours = new Set(opened.map(({ memberId }) => memberId))
  return accounts.map(({ memberId }) => memberId).filter((memberId) => !ours.has(memberId))
}
