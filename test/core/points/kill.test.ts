import { readFileSync } from 'node:fs'
import path from 'node:path'
import { findRedemption } from '../../../src/core/coupons/receipt'
import { redeemCoupon } from '../../../src/core/coupons/redeem'
import { earn } from '../../../src/core/points/earn'
import { verifyLedger } from '../../../src/core/points/verify'
import { startEmbeddedServer } from '../../../src/db/embedded-server'
import { migrate } from '../../../src/db/migrate'
import { type Database, openDatabase } from '../../../src/db/open'
import { startChild } from '../../support/child-process'
import { useScratchFolder } from '../../support/scratch-folder'
import { addCoupon, daysAfter, NOW, secretBytes } from '../coupons/shelf'
import { addMember } from './books'

interface Acknowledged {
  key: string
  memberId: string
  codes: string[]
}

describe('kill -9 in the middle of redemptions', () => {
  const dataDir = path.join(useScratchFolder(), 'postgres')

  /** With fsync on, as in production. */
  async function onServer<T>(work: (database: Database) => Promise<T>): Promise<T> {
    const server = await startEmbeddedServer({ dataDir })
    const database = openDatabase({ url: server.url('postgres') })
    try {
      return await work(database)
    } finally {
      await database.close()
      await server.stop()
    }
  }

  test('loses nothing that was acknowledged and leaves nothing half-done', async () => {
    await onServer(async (database) => {
      await migrate(database.url, path.join(__dirname, '../../../prisma/migrations'))
      await addCoupon(database, { id: 'endless', costPoints: 3 })
      await addCoupon(database, { id: 'counted', costPoints: 5, stock: 1_000_000 })
      for (let number = 0; number < 20; number++) {
        const memberId = await addMember(database, `m${number}`)
        // Lots that run out soonest first, so that redemptions take from several.
        for (let lot = 0; lot < 40; lot++) {
          const key = { source: 'test', externalId: `${memberId} ${lot}` }
          await earn(database, {
            memberId,
            points: 1 + lot * 500,
            at: NOW,
            expiresAt: daysAfter(NOW, 3_000 + lot),
            ...key,
          })
        }
      }
    })
    const acknowledged: Acknowledged[] = []
    for (const round of ['first', 'second']) {
      const child = startChild(path.join(__dirname, 'redeemer.ts'), [dataDir, round])
      for (let count = 0; count < 150; count++) acknowledged.push(await child.next<Acknowledged>())
      const postmaster = Number(readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0])
      child.process.kill('SIGKILL')
      process.kill(postmaster, 'SIGKILL')
      await child.ended
      // What it had said before the end counts as well.
      acknowledged.push(...(await rest(child)))
      await onServer((database) => inspect(database, acknowledged))
    }
    await onServer(async (database) => {
      // Whoever did not hear of the end asks again with the same key, and has it once.
      const first = acknowledged.at(-1)
      if (!first) throw new Error('nothing was acknowledged')
      const couponId = (await findRedemption(database, first))?.couponId ?? ''
      const again = { memberId: first.memberId, couponId, quantity: 2, key: first.key, at: NOW, secretBytes }
      expect(await redeemCoupon(database, again)).toMatchObject({
        ok: true,
        receipt: { codes: first.codes, replayed: true },
      })
      await inspect(database, acknowledged)
    })
  }, 120_000)
})

async function inspect(database: Database, acknowledged: readonly Acknowledged[]): Promise<void> {
  for (const { key, memberId, codes } of acknowledged) {
    expect(await findRedemption(database, { memberId, key })).toMatchObject({ codes })
  }
  const results = await verifyLedger(database, { at: NOW })
  expect(results.filter(({ ok }) => !ok)).toEqual([])
}

/** The lines that were still under way when the process ended; the last one may have been cut short. */
async function rest(child: ReturnType<typeof startChild>): Promise<Acknowledged[]> {
  const lines: Acknowledged[] = []
  for (;;) {
    try {
      lines.push(await child.next<Acknowledged>())
    } catch {
      return lines
    }
  }
}
