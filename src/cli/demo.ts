import type { Command } from 'commander'
import { type DemoLoad, loadDemoShop } from '../core/demo/load'
import type { Database } from '../db/open'
import type { CliContext } from './context'
import type { Progress } from './progress'

/** `demo`: fills the database with the demo shop, beside whatever is there. */
export function registerDemo(program: Command, context: CliContext): void {
  program
    .command('demo')
    .description('load the demo shop: 2,000 members, 400 products, 18 months of orders, coupons; twice changes nothing')
    .action(async () => {
      const database = await context.database()
      const startedAt = performance.now()
      const load = await loadWithProgress(context, database)
      const seconds = Math.round(performance.now() - startedAt) / 1000
      const { isAlreadyThere, members, products, orders, redemptions } = load
      const what = `${members} members, ${products} products, ${orders} orders, ${redemptions} redemptions`
      context.say(isAlreadyThere ? `the demo shop is there already: ${what}` : `loaded ${what} in ${seconds} s`)
      context.json({ ...load, seconds })
    })
}

async function loadWithProgress({ clock, secretBytes, progress }: CliContext, database: Database): Promise<DemoLoad> {
  let bar: Progress | undefined
  const onProgress = ({ done, total }: { done: number; total: number }) => {
    bar ??= progress({ label: 'demo shop', total, show: (value) => `step ${value}` })
    bar.update(done)
  }
  try {
    return await loadDemoShop(database, { at: clock(), secretBytes, onProgress })
  } finally {
    bar?.stop()
  }
}
