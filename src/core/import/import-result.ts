import type { HeaderRefusal } from './formats'
import type { ImportedPoints } from './import-points'
import type { RefusalsByKind } from './refusals'

/** What an import did. */
export interface ImportResult {
  format: string
  /** Records of the file, the header aside. */
  rows: number
  /** Orders of the file that stand in the database now: those added and those already there. */
  orders: number
  /** Members who placed them. */
  members: number
  /** Records that were not taken. */
  refused: number
  refusedByKind: RefusalsByKind
  /** Records without a customer (also where they were refused for something else), and the orders that they made. */
  guestLines: number
  guestOrders: number
  /** Refunds of members, their lines, and those of the lines that give back nothing, or only in part, that was sold before. */
  refunds: { orders: number; lines: number; linesWithoutSale: number }
  points: ImportedPoints
  /** Articles of the file. */
  products: number
  alreadyThere: number
  added: { orders: number; members: number; products: number }
  tierMoves: number
}

/** Why a file as a whole is not imported. All amounts of a programme are in one currency. */
export type FileRefusal =
  | HeaderRefusal
  | { code: 'empty-file' }
  | { code: 'other-currency'; given: string; programme: string }
