import type { Command } from 'commander'
import { eraseMember, type Forgotten } from '../core/privacy/erase'
import { type CliContext, CommandFailure } from './context'

/** `privacy erase`: what a member may ask of whoever keeps data about them. */
export function registerPrivacy(program: Command, context: CliContext): void {
  const group = program.command('privacy').description('erase a member: whatever tells of the person goes')
  group
    .command('erase')
    .description('erase a member for good; without --yes tells what would go, and changes nothing')
    .argument('<member>', 'the member\'s id; "regulars members --search …" finds it')
    .option('--yes', 'do it: it cannot be undone')
    .addHelpText(
      'after',
      `
Name, address, language, chats, questions, clicks, consents and scores go. Orders, points and coupons stay
under the member's id without a person, so that every total is as it was. Nobody can link to the member
again, nobody can spend the points left, and new orders that name the member are taken for a guest's.

Examples:
  regulars privacy erase 17850
  regulars privacy erase 17850 --yes`,
    )
    .action((memberId: string, flags: { yes?: boolean }) => erase(context, memberId, flags.yes === true))
}

async function erase(context: CliContext, memberId: string, isMeant: boolean): Promise<void> {
  const database = await context.database()
  const outcome = await eraseMember(database, { memberId, at: context.clock(), isTrial: !isMeant })
  if (!outcome.ok)
    throw new CommandFailure(`there is no member "${memberId}"; "regulars members --search …" finds ids`, {
      code: outcome.code,
      memberId,
    })
  const { erasedAt, wasErased, forgotten } = outcome
  context.table(
    [
      { title: isMeant ? 'erased' : 'would be erased', value: ({ what }) => what },
      { title: 'rows', value: ({ rows }) => rows },
    ],
    rowsOf(forgotten),
  )
  if (!isMeant) context.say('nothing was changed; --yes does it, and cannot be undone')
  else if (wasErased) context.say(`was erased already, at ${erasedAt.toISOString()}; what came since is gone, too`)
  context.json({ memberId, erased: isMeant, wasErased, erasedAt: isMeant || wasErased ? erasedAt : null, forgotten })
}

function rowsOf(forgotten: Forgotten): { what: string; rows: number }[] {
  return Object.entries(forgotten).map(([what, rows]) => ({ what, rows }))
}
