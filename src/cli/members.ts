import type { Command } from 'commander'
import { listMembers } from '../core/members/find'
import { type CliContext, NO_MEMBERS_YET } from './context'
import { wholeNumber } from './program'

const DEFAULT_LIMIT = 20

/** `members`: who is there, with points and tier. */
export function registerMembers(program: Command, context: CliContext): void {
  program
    .command('members')
    .description('member ids with points, tier, segment, stage and churn risk; those with the most points first')
    .option('--limit <n>', 'how many to show', wholeNumber({ min: 1, max: 1_000_000 }), DEFAULT_LIMIT)
    .option('--search <text>', 'only those whose id, name or e-mail contains this')
    .addHelpText('after', '\nExamples:\n  regulars members --limit 5\n  regulars members --search 17850')
    .action(async ({ limit, search }: { limit: number; search?: string }) => {
      const db = await context.database()
      const listed = await listMembers(db, { limit, ...(search === undefined ? {} : { search }) })
      if (listed.length === 0) {
        context.say(search === undefined ? NO_MEMBERS_YET : `no member's id, name or e-mail contains "${search}"`)
        context.json({ members: [] })
        return
      }
      context.table(
        [
          { title: 'member', value: (row) => row.id },
          { title: 'name', value: (row) => row.displayName },
          { title: 'points', value: (row) => row.points },
          { title: 'tier', value: (row) => row.tier },
          { title: 'orders', value: (row) => row.orders },
          { title: 'last order', value: (row) => row.lastOrderAt?.toISOString().slice(0, 10) },
          { title: 'segment', value: (row) => row.segment },
          { title: 'cluster', value: (row) => row.cluster },
          { title: 'stage', value: (row) => row.stage },
          {
            title: 'churn risk',
            value: (row) => (row.churnRisk === null ? null : `${Math.round(100 * row.churnRisk)} %`),
          },
        ],
        listed,
      )
      if (listed.every(({ segment }) => segment === null))
        context.say('segment and stage: not scored yet ("regulars score")')
      // Null says "not known".
      context.json({ members: listed })
    })
}
