import { hash } from 'node:crypto'
import type { BulkRow } from './bulk'

/*
 * The ledger's hashes as the database makes them (ledger_genesis, ledger_digest, ledger_link and the input of
 * ledger_bulk_record), for rows that are made in bulk. `verify` checks each of them by the database's own functions.
 */

/** A transfer of the two kinds that are made in bulk. Hashes are in hexadecimal. */
export interface PlainTransfer {
  readonly row: BulkRow
  readonly id: number
  readonly inputHash: string
  readonly recordedAtMs: number
  readonly reversesTransferId: number | null
}

/** A member's account while its entries are made. */
export interface Account {
  readonly memberId: string
  available: number
  seq: number
  headHash: string
}

export function openAccount(memberId: string): Account {
  return { memberId, available: 0, seq: 0, headHash: hash('sha256', `member ${memberId}`) }
}

/** Printable ASCII without what COPY escapes; of the rest, what a row's text quotes depends on the server's locale. */
const SEALABLE = /^[ -[\]-~]+$/

/** Whether the hashes of a row can be made here. */
export function isSealable(row: BulkRow): boolean {
  const { memberId, source, externalId } = row
  const isSafe = SEALABLE.test(memberId) && SEALABLE.test(source) && SEALABLE.test(externalId)
  return (
    isSafe && (row.kind === 'earn' || (SEALABLE.test(row.reverses.source) && SEALABLE.test(row.reverses.externalId)))
  )
}

/** What a repeated call is compared with. */
export function inputHashOf(row: BulkRow): string {
  const { memberId, points, orderId } = row
  const fields =
    row.kind === 'earn'
      ? ['earn', memberId, points, orderId]
      : ['reverse', row.reverses.source, row.reverses.externalId, points, orderId]
  return hash('sha256', rowText(fields))
}

/** See ledger_digest. */
export function digestOf(transfer: PlainTransfer): Buffer {
  const { row, id, inputHash, recordedAtMs, reversesTransferId } = transfer
  const { memberId, kind, source, externalId, points, occurredAtMs, orderId } = row
  const shortfall = 0
  const [couponId, note] = [null, null]
  const text = rowText([
    id,
    memberId,
    kind,
    source,
    externalId,
    inputHash,
    points,
    shortfall,
    occurredAtMs,
    recordedAtMs,
    orderId,
    couponId,
    reversesTransferId,
    note,
  ])
  return hash('sha256', text, 'buffer')
}

const HASH_BYTES = 32
const INT8_BYTES = 8
const link = Buffer.alloc(100)

/** Moves the account's head on by one entry; see ledger_link. */
export function linkTo(
  account: Account,
  { digest, name, amount }: { digest: Buffer; name: string; amount: number },
): void {
  account.seq += 1
  link.write(account.headHash, 0, 'hex')
  digest.copy(link, HASH_BYTES)
  writeInt8(account.seq, 2 * HASH_BYTES)
  const nameAt = 2 * HASH_BYTES + INT8_BYTES
  const amountAt = nameAt + link.write(name, nameAt, 'latin1')
  writeInt8(amount, amountAt)
  account.headHash = hash('sha256', link.subarray(0, amountAt + INT8_BYTES))
}

/** PostgreSQL's eight bytes of a whole number, without a big integer for each. */
function writeInt8(value: number, offset: number): void {
  link.writeInt32BE(Math.floor(value / 2 ** 32), offset)
  link.writeUInt32BE(value >= 0 ? value % 2 ** 32 : ((value % 2 ** 32) + 2 ** 32) % 2 ** 32, offset + 4)
}

/** The text of `row(…)`: null as nothing, text in quotes where it holds what separates fields. */
function rowText(fields: readonly (string | number | null)[]): string {
  let text = ''
  for (const field of fields) text += text === '' ? `(${fieldText(field)}` : `,${fieldText(field)}`
  return `${text})`
}

function fieldText(field: string | number | null): string {
  if (field === null) return ''
  if (typeof field === 'number') return String(field)
  if (field !== '' && !/["\\(),\s]/.test(field)) return field
  return `"${field.replace(/["\\]/g, '$&$&')}"`
}
