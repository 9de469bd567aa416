import { setTimeout as sleep } from 'node:timers/promises'
import { copyTransaction } from '../../db/copy'
import type { Database } from '../../db/open'
import type { Tx } from '../../db/sql'
import { withoutLedgerKeys } from './first-keys'
import type { FirstLedger } from './first-ledger'
import { addToRun, setUpBatch } from './import-due'

/** How often it is looked after the orders while they are waited for. */
const LOOK_EVERY_MS = 500

/** Why the ledger was not written beside the orders, and is to be written in batches. */
class LeftToBatches extends Error {}

/**
 * Writes the ledger of a first import while its orders are being written, on a connection of its own. It is a transaction of its own
 * as well, which ends after that of the orders: a kill in between leaves the orders with all that is due of them. Until
 * the end it touches nothing but the ledger's tables, which are empty and locked.
 */
export class LedgerBeside {
  private writing: Promise<boolean> = Promise.resolve(false)
  private ordersAreThere: (runId: number) => void = () => undefined
  private ordersFailed: (error: unknown) => void = () => undefined

  constructor(private readonly database: Database) {}

  /** Begins to write, if there is a connection to do it on beside that of the orders, `tx`. Call `takeIds` of the ledger before. */
  async begin(tx: Tx, ledger: FirstLedger): Promise<void> {
    const { options, totalCount, idleCount } = this.database.pool
    if (totalCount - idleCount >= options.max) return
    const [ofOrders] = await tx.sql<{ pid: number }>`select pg_backend_pid() as pid`
    if (!ofOrders) throw new Error('the server did not say which process writes the orders')
    const orders = new Promise<number>((resolve, reject) => {
      this.ordersAreThere = resolve
      this.ordersFailed = reject
    })
    // Whoever awaits these gets their error; until then it must not count as unhandled.
    orders.catch(() => undefined)
    this.writing = this.write(ledger, { orders, pid: ofOrders.pid })
    this.writing.catch(() => undefined)
  }

  /** Call it when the orders are committed. @returns false where the ledger is still to be written, in batches */
  async finish(runId: number): Promise<boolean> {
    this.ordersAreThere(runId)
    return this.writing
  }

  /** Call it when the orders are not there and will not be. Resolves when nothing is left of what was written. */
  async abandon(error: unknown): Promise<void> {
    this.ordersFailed(error)
    await this.writing.catch(() => undefined)
  }

  private async write(ledger: FirstLedger, beside: OrdersBeside): Promise<boolean> {
    try {
      return await copyTransaction(this.database, async (tx) => {
        await setUpBatch(tx)
        if (!(await withoutLedgerKeys(tx, () => ledger.copyBooks(tx)))) return false
        const runId = await ordersOf(tx, beside)
        if (!(await shareMembers(tx, runId))) throw new LeftToBatches()
        await ledger.copyAccounts(tx)
        await tx.sql`delete from import_due where run_id = ${runId}`
        // Their tiers were judged with the orders.
        await addToRun(tx, { runId, points: ledger.points(), tierMoves: 0, unmatched: 0 })
        return true
      })
    } catch (error) {
      if (error instanceof LeftToBatches) return false
      throw error
    }
  }
}

/** The orders on their way, and which process of the server's writes them. */
interface OrdersBeside {
  readonly orders: Promise<number>
  readonly pid: number
}

/**
 * Waits until the orders are there, and asks the server something now and then, since some end who is idle in a transaction. The server
 * cannot tell that we wait: whoever holds up the orders and waits for the ledger, or the orders themselves where something of the merchant's
 * own looks at the ledger, would wait for ever. Then the ledger is left to the batches.
 * @returns the run
 */
async function ordersOf(tx: Tx, { orders, pid }: OrdersBeside): Promise<number> {
  for (;;) {
    const runId = await Promise.race([orders, sleep(LOOK_EVERY_MS, undefined, { ref: false })])
    if (runId !== undefined) return runId
    const [row] = await tx.sql<{ isInTheWay: boolean }>`
      with recursive waited_for (pid) as (
        select ${pid}::int union select holding from waited_for, unnest(pg_blocking_pids(pid)) holding
      )
      select exists (select from waited_for where pid = pg_backend_pid()) as "isInTheWay"`
    if (row?.isInTheWay) throw new LeftToBatches()
  }
}

/**
 * Keeps the members, to whom accounts refer, from being taken by others. Waits for nobody: who holds one of their rows may be about to go
 * to the ledger, which we hold. @returns false where somebody does
 */
async function shareMembers(tx: Tx, runId: number): Promise<boolean> {
  const [row] = await tx.sql<{ isShared: boolean }>`
    select (select count(*) from import_due where run_id = ${runId}) = (select count(*) from (
      select from member where id in (select member_id from import_due where run_id = ${runId}) for key share skip locked
    ) shared) as "isShared"`
  return row?.isShared === true
}
