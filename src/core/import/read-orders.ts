import type { CopyTx } from '../../db/copy'
import { CatalogueTally } from './catalogue-tally'
import { CsvReader } from './csv-reader'
import { textOf } from './fields'
import { emptyLine, type ParseLine } from './format'
import { OrderIntake } from './intake'
import type { LineMemory } from './line-memory'
import { type OrderFile, readPieces } from './order-file'
import { openBlocks } from './read-blocks'
import { BlockReader } from './record-block'
import { type LineRefusal, RefusalTally } from './refusals'

const DAY_MS = 24 * 60 * 60 * 1000
/** Clocks differ; an order of the day after tomorrow is a mistake. */
const AHEAD_DAYS_MAX = 2

export interface ReadOptions {
  source: string
  parse: ParseLine
  onBytes?: (bytes: number) => void
  openOrdersMax?: number
  /** Is told all that members bought and gave back. */
  memory?: LineMemory
}

/** What was read. The orders themselves are in the intake's tables. */
export interface OrdersRead {
  catalogue: CatalogueTally
  tally: RefusalTally
  /** Records, the header aside. */
  rows: number
  /** Records without a customer, also where they were refused for something else. */
  guestLines: number
  /** Whether some orders may have come in pieces. */
  mayBeScattered: boolean
}

/** The latest instant of an order that is believed, for the parsers. */
export function latestBelieved(at: Date): string {
  return textOf(new Date(at.getTime() + AHEAD_DAYS_MAX * DAY_MS))
}

/** The names in the file's first line; undefined when there is none. */
export async function readHeader(file: OrderFile): Promise<string[] | undefined> {
  let header: string[] | undefined
  const reader = new CsvReader({
    onHeader(fields) {
      header = fields
    },
    onRecord: () => undefined,
    onFault: () => undefined,
  })
  for await (const piece of readPieces(file, () => undefined)) {
    reader.push(piece)
    if (header) return header
  }
  reader.end()
  return header
}

/** Reads the file from beginning to end into the intake's tables, counting what it does not take. */
export async function readOrders(tx: CopyTx, file: OrderFile, options: ReadOptions): Promise<OrdersRead> {
  const read: OrdersRead = {
    catalogue: new CatalogueTally(),
    tally: new RefusalTally(),
    rows: 0,
    guestLines: 0,
    mayBeScattered: false,
  }
  const intake = new OrderIntake(tx, { ...options, catalogue: read.catalogue })
  const line = emptyLine()
  const refuse = (refusal: LineRefusal, lineNumber: number) => read.tally.add(refusal, lineNumber)
  const records = new BlockReader()
  const take = () => {
    read.rows += 1
    if (records.fault) return refuse(records.fault, records.line)
    // Parsers set it first of all, so that a refused line of a guest still counts as a guest's.
    line.memberId = ''
    const refusal = options.parse(records, line)
    if (line.memberId === null) read.guestLines += 1
    if (refusal !== undefined) refuse(refusal, records.line)
    else intake.add(line, records.line)
  }
  try {
    await intake.begin()
    for await (const block of openBlocks(file)) {
      options.onBytes?.(block.fileBytes)
      records.open(block)
      while (records.next()) take()
      await intake.sendWhenFull()
    }
    await intake.finish()
    read.mayBeScattered = intake.mayBeScattered
  } finally {
    // When the file breaks off, what is on its way must have arrived before the transaction is rolled back.
    await intake.settled()
  }
  return read
}
