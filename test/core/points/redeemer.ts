import { secretBytes, systemClock } from '../../../src/core/clock'
import { redeemCoupon } from '../../../src/core/coupons/redeem'
import { startEmbeddedServer } from '../../../src/db/embedded-server'
import { openDatabase } from '../../../src/db/open'

const IN_FLIGHT = 8

/** A process that redeems without end on a server of its own, and says each receipt the moment it has it. */
async function main(): Promise<void> {
  const [dataDir = '', name = ''] = process.argv.slice(2)
  const server = await startEmbeddedServer({ dataDir })
  const database = openDatabase({ url: server.url('postgres'), connectionsMax: IN_FLIGHT })
  let count = 0
  const work = async (): Promise<never> => {
    for (;;) {
      count += 1
      const key = `${name} ${count}`
      // Every third has a stock, so that both ways of counting are under way when the end comes.
      const couponId = count % 3 === 0 ? 'counted' : 'endless'
      const memberId = `m${count % 20}`
      const outcome = await redeemCoupon(database, {
        memberId,
        couponId,
        quantity: 2,
        key,
        at: systemClock(),
        secretBytes,
      })
      if (!outcome.ok) throw new Error(`${key} was refused: ${outcome.code}`)
      process.stdout.write(`${JSON.stringify({ key, memberId, codes: outcome.receipt.codes })}\n`)
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, work))
}

void main()
