import type { Command } from 'commander'
import { readStateHash, verifyLedger } from '../core/points/verify'
import type { CliContext } from './context'

const ROWS_SHOWN_MAX = 5

/** `verify`: audits every invariant of the ledger; exit code 1 and the rows at fault where one fails. */
export function registerVerify(program: Command, context: CliContext): void {
  program
    .command('verify')
    .description('audit every invariant of the ledger; exit 1 and the rows at fault where one fails')
    .action(async () => {
      const db = await context.database()
      const startedAt = performance.now()
      const results = await verifyLedger(db, {
        at: context.clock(),
        onResult({ ok, invariant, says, rowsAtFault }) {
          context.say(`${ok ? '✓' : '✗'} ${invariant.padEnd(32)} ${says}`)
          for (const row of rowsAtFault.slice(0, ROWS_SHOWN_MAX)) context.say(`    ${JSON.stringify(row)}`)
          if (rowsAtFault.length > ROWS_SHOWN_MAX) context.say(`    and ${rowsAtFault.length - ROWS_SHOWN_MAX} more`)
        },
      })
      const failed = results.filter(({ ok }) => !ok)
      const seconds = Math.round(performance.now() - startedAt) / 1000
      const verdict = failed.length === 0 ? 'all hold' : `${failed.length} broken`
      context.say(`${results.length} invariants, ${verdict} (${seconds} s)`)
      if (failed.length > 0) context.setExitCode(1)
      context.json({
        ok: failed.length === 0,
        invariants: results.length,
        failed: failed.map(({ invariant, rowsAtFault }) => ({ invariant, rowsAtFault })),
        stateHash: await readStateHash(db),
        seconds,
      })
    })
}
