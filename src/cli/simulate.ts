import type { Command } from 'commander'
import { simulate } from '../core/simulation/simulate'
import type { CliContext } from './context'
import { wholeNumber } from './program'

interface Flags {
  members: number
  periods: number
  seed: number
}

/** `simulate`: win-back on an invented merchant whose truth is known. */
export function registerSimulate(program: Command, context: CliContext): void {
  program
    .command('simulate')
    .description('win-back on an invented merchant: what the program decides and measures, held against the truth')
    .option('--members <n>', 'members of the merchant', wholeNumber({ min: 1_000, max: 1_000_000 }), 100_000)
    .option('--periods <n>', 'periods of four weeks', wholeNumber({ min: 6, max: 130 }), 26)
    .option('--seed <n>', 'seed of all that is drawn', wholeNumber({ min: 0 }), 1)
    .addHelpText(
      'after',
      '\nThe same merchant is run three times: sending to nobody, to everybody, and to those for whom a gain is expected.\n' +
        'Nothing is read from or written to the database.',
    )
    .action((flags: Flags) => {
      const begun = performance.now()
      const bar = context.progress({ label: 'simulating', total: 100, show: (value) => `${value} %` })
      const result = simulate({ ...flags, onProgress: (share) => bar.update(Math.round(100 * share)) })
      bar.stop()
      context.table(
        [
          { title: 'sending to', value: (world) => world.policy },
          { title: 'net', value: (world) => money(world.netMinor) },
          { title: 'orders', value: (world) => world.orders },
          { title: 'messages', value: (world) => world.messages },
          { title: 'offers cost', value: (world) => money(world.offerCostMinor) },
        ],
        result.worlds,
      )
      const { campaigns, coverage } = result
      const covered = campaigns.filter(({ isCovered }) => isCovered).length
      context.say(`${covered} of ${campaigns.length} campaigns' intervals (95 %, at any look) hold the true effect`)
      context.json({ ...flags, ...result, coverage, seconds: Math.round(performance.now() - begun) / 1000 })
    })
}

function money(minor: number): string {
  return (minor / 100).toFixed(2)
}
