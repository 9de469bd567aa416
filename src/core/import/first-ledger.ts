import { setImmediate as giveWay } from 'node:timers/promises'
import type { CopyTx } from '../../db/copy'
import type { Tx } from '../../db/sql'
import type { BulkRow } from '../points/bulk'
import { FreshAccounts, FreshBooks, type Ids, isPlain, takeIds } from '../points/fresh-books'
import { type ImportedPoints, pointsOf } from './import-points'

/** Rows whose books are written and sent together. */
const ROWS_PER_PIECE = 2_000
/** Rows whose books are written without giving way: the server's next statement waits for no more. */
const ROWS_PER_TURN = 200

/** The whole ledger that a first import makes: nobody has an account yet, and nothing is special about any of the rows. */
export class FirstLedger {
  private ids: Ids = { transfers: [], lots: [] }
  private readonly writing = this.write()
  private readonly accounts = new FreshAccounts()

  private constructor(
    /** The rows of each member. */
    private readonly rows: readonly (readonly BulkRow[])[],
    private readonly at: Date,
  ) {}

  /** @returns undefined where some of the rows are for the ledger's own functions */
  static of(rowsOf: ReadonlyMap<string, readonly BulkRow[]>, { at }: { at: Date }): FirstLedger | undefined {
    const byMember = [...rowsOf].sort(([a], [b]) => (a < b ? -1 : 1))
    const rows = byMember.map(([, own]) => own)
    return hasTwins(rows) || !rows.every((own) => isPlain(own, at)) ? undefined : new FirstLedger(rows, at)
  }

  points(): ImportedPoints {
    return this.rows
      .map(pointsOf)
      .reduce((sum, own) => ({ earned: sum.earned + own.earned, takenBack: sum.takenBack + own.takenBack }), {
        earned: 0,
        takenBack: 0,
      })
  }

  /** Call it before the others. */
  async takeIds(tx: Tx): Promise<void> {
    this.ids = await takeIds(tx, this.rows)
  }

  /** Sends all books but the accounts, in a transaction that found the ledger empty. */
  async copyBooks(tx: CopyTx): Promise<void> {
    let books = await this.writeNext()
    while (books) {
      const sending = books.copyAlone(tx, this.accounts)
      // A failure is thrown below; until then it must not count as unhandled.
      sending.catch(() => undefined)
      // Written while the server stores those before.
      const next = await this.writeNext()
      await sending
      books = next
    }
  }

  /** Sends the accounts, in the same transaction, when their members are there. */
  async copyAccounts(tx: CopyTx): Promise<void> {
    await this.accounts.copy(tx)
  }

  private async writeNext(): Promise<FreshBooks | undefined> {
    for (;;) {
      const { value: books, done } = this.writing.next()
      if (done || books) return books ?? undefined
      await giveWay()
    }
  }

  /** Yields each piece when it is full, and nothing after a turn. */
  private *write(): Generator<FreshBooks | undefined, undefined> {
    let books = new FreshBooks()
    let rowsOfPiece = 0
    let rowsOfTurn = 0
    for (const own of this.rows) {
      books.write(own, { ids: this.ids, at: this.at })
      rowsOfPiece += own.length
      rowsOfTurn += own.length
      if (rowsOfPiece >= ROWS_PER_PIECE) {
        yield books
        books = new FreshBooks()
        rowsOfPiece = 0
        rowsOfTurn = 0
      } else if (rowsOfTurn >= ROWS_PER_TURN) {
        yield undefined
        rowsOfTurn = 0
      }
    }
    if (rowsOfPiece > 0) yield books
  }
}

/** Whether two rows have the same key. */
function hasTwins(rows: readonly (readonly BulkRow[])[]): boolean {
  const keys = new Set<string>()
  let count = 0
  for (const own of rows) {
    for (const { source, externalId } of own) {
      keys.add(`${source}\n${externalId}`)
      count += 1
    }
  }
  return keys.size < count
}
