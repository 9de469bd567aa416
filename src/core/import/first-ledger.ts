import { setImmediate as giveWay } from 'node:timers/promises'
import type { CopyTx } from '../../db/copy'
import type { Tx } from '../../db/sql'
import type { BulkRow } from '../points/bulk'
import { FreshBooks, type Ids, isPlain, takeIds } from '../points/fresh-books'
import { type ImportedPoints, pointsOf } from './import-points'

/** Rows whose books are written and sent together. */
const ROWS_PER_PIECE = 2_000
/** Rows whose books are written without giving way: the server's next statement waits for no more. */
const ROWS_PER_TURN = 200
/** Pieces that are written ahead of being sent, some 600 kB each; of more rows the books are written as they are sent. */
const PIECES_AHEAD_MAX = 40

/** The whole ledger that a first import makes: nobody has an account yet, and nothing is special about any of the rows. */
export class FirstLedger {
  private ids: Ids = { transfers: [], lots: [] }
  private readonly writing = this.write()
  private readonly ahead: FreshBooks[] = []

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

  /** Writes the books, or as many as may be held, and lets others have their turn in between. */
  async prepare(): Promise<void> {
    while (this.ahead.length < PIECES_AHEAD_MAX) {
      const { value: books, done } = this.writing.next()
      if (done) return
      if (books) this.ahead.push(books)
      await giveWay()
    }
  }

  /** Sends all books, in the transaction that found the ledger empty. */
  async copy(tx: CopyTx): Promise<void> {
    let books = this.takeNext()
    while (books) {
      const sending = books.copyAlone(tx)
      // Written while the server stores those before.
      const next = this.takeNext()
      await sending
      books = next
    }
  }

  private takeNext(): FreshBooks | undefined {
    const ready = this.ahead.shift()
    if (ready) return ready
    for (;;) {
      const { value: books, done } = this.writing.next()
      if (done || books) return books ?? undefined
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
