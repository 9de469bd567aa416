import type { Command } from 'commander'
import { type SimulationResult, simulate } from '../core/simulation/simulate'
import type { CliContext } from './context'
import { wholeNumber } from './program'

interface Flags {
  members: number
  periods: number
  seed: number
  seeds: number
}

/** `simulate`: win-back on an invented merchant whose truth is known. */
export function registerSimulate(program: Command, context: CliContext): void {
  program
    .command('simulate')
    .description('win-back on an invented merchant: what the program decides and measures, held against the truth')
    .option('--members <n>', 'members of the merchant', wholeNumber({ min: 1_000, max: 1_000_000 }), 100_000)
    .option('--periods <n>', 'periods of four weeks', wholeNumber({ min: 6, max: 130 }), 26)
    .option('--seed <n>', 'seed of all that is drawn', wholeNumber({ min: 0 }), 1)
    .option(
      '--seeds <n>',
      'how many such merchants, with the seeds that follow',
      wholeNumber({ min: 1, max: 1_000 }),
      1,
    )
    .addHelpText(
      'after',
      '\nThe same merchant is run three times: sending to nobody, to everybody, and to those for whom a gain is expected.\n' +
        'Nothing is read from or written to the database.',
    )
    .action(({ members, periods, seed, seeds }: Flags) => {
      const flags: Flags = { members, periods, seed, seeds }
      const begun = performance.now()
      const bar = context.progress({ label: 'simulating', total: 100, show: (value) => `${value} %` })
      const results = Array.from({ length: flags.seeds }, (_, place) => ({
        seed: flags.seed + place,
        ...simulate({
          ...flags,
          seed: flags.seed + place,
          onProgress: (share) => bar.update(Math.round((100 * (place + share)) / flags.seeds)),
        }),
      }))
      bar.stop()
      const seconds = () => Math.round(performance.now() - begun) / 1000
      const [only] = results
      if (only && results.length === 1) showOne(context, only)
      else showMany(context, results)
      const campaigns = results.flatMap((result) => result.campaigns)
      const coverage = shareOf(campaigns)
      context.say(
        `${coveredOf(campaigns)} of ${campaigns.length} campaigns' intervals (95 %, at any look) hold the true effect`,
      )
      if (only && results.length === 1) context.json({ ...flags, ...only, seconds: seconds() })
      else
        context.json({
          ...flags,
          coverage,
          campaigns: campaigns.length,
          runs: results.map(summaryOf),
          seconds: seconds(),
        })
    })
}

type SeedResult = SimulationResult & { readonly seed: number }

function showOne(context: CliContext, { worlds }: SeedResult): void {
  context.table(
    [
      { title: 'sending to', value: (world) => world.policy },
      { title: 'net', value: (world) => money(world.netMinor) },
      { title: 'orders', value: (world) => world.orders },
      { title: 'messages', value: (world) => world.messages },
      { title: 'offers cost', value: (world) => money(world.offerCostMinor) },
    ],
    [...worlds],
  )
}

function showMany(context: CliContext, results: readonly SeedResult[]): void {
  context.table(
    [
      { title: 'seed', value: (run) => run.seed },
      { title: 'campaigns', value: (run) => run.campaigns },
      { title: 'covered', value: (run) => run.covered },
      { title: 'net, by gain', value: (run) => money(run.netMinor['expected-gain'] ?? 0) },
      { title: 'net, everybody', value: (run) => money(run.netMinor.everybody ?? 0) },
      { title: 'net, nobody', value: (run) => money(run.netMinor.nobody ?? 0) },
      { title: 'best', value: (run) => run.best },
    ],
    results.map(summaryOf),
  )
}

function summaryOf({ seed, campaigns, worlds }: SeedResult) {
  const netMinor: Record<string, number> = Object.fromEntries(worlds.map((world) => [world.policy, world.netMinor]))
  const best = worlds.reduce((a, b) => (b.netMinor > a.netMinor ? b : a)).policy
  return { seed, campaigns: campaigns.length, covered: coveredOf(campaigns), netMinor, best }
}

function coveredOf(campaigns: SimulationResult['campaigns']): number {
  return campaigns.filter(({ isCovered }) => isCovered).length
}

function shareOf(campaigns: SimulationResult['campaigns']): number {
  return coveredOf(campaigns) / Math.max(1, campaigns.length)
}

function money(minor: number): string {
  return (minor / 100).toFixed(2)
}
