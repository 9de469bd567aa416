import { type Command, InvalidArgumentError } from 'commander'
import { findCampaign } from '../core/retention/campaigns'
import { countMessages, listMessages, type MessageStatus, messageStatuses } from '../core/retention/messages'
import { type CliContext, CommandFailure } from './context'
import { wholeNumber } from './program'

interface Flags {
  readonly status: readonly MessageStatus[]
  readonly limit: number
}

/** `campaigns messages CODE`: what became of each message; with `--status dead,failed,unknown`, those that need a look. */
export function registerCampaignMessages(group: Command, context: CliContext): void {
  group
    .command('messages')
    .description('what became of a campaign’s messages: counted, and one by one')
    .argument('<code>', 'the campaign')
    .option('--status <list>', `only these: ${messageStatuses.join(', ')}`, statusList, [])
    .option('--limit <n>', 'how many are listed', wholeNumber({ min: 1, max: 100_000 }), 20)
    .action((code: string, flags: Flags) => messages(context, code, flags))
}

function statusList(text: string): MessageStatus[] {
  return text.split(',').map((given) => {
    const status = messageStatuses.find((known) => known === given.trim())
    if (!status) throw new InvalidArgumentError(`"${given}" given, allowed: ${messageStatuses.join(', ')}.`)
    return status
  })
}

async function messages(context: CliContext, code: string, { status: statuses, limit }: Flags): Promise<void> {
  const db = await context.database()
  if (!(await findCampaign(db, { code })))
    throw new CommandFailure(`there is no campaign "${code}"`, { code: 'unknown-campaign' })
  const counts = await countMessages(db, { code })
  const listed = await listMessages(db, { code, statuses, limit })
  for (const { status, dropReason, messages: count } of counts) {
    context.say(`  ${status}${dropReason === null ? '' : `, ${dropReason}`}: ${count}`)
  }
  context.table(
    [
      { title: 'member', value: (row) => row.memberId },
      { title: 'arm', value: (row) => row.arm },
      { title: 'status', value: (row) => row.status },
      { title: 'channel', value: (row) => row.channel ?? '' },
      { title: 'tries', value: (row) => row.attempts },
      { title: 'sent', value: (row) => row.sentAt?.toISOString() ?? '' },
      { title: 'why', value: (row) => row.dropReason ?? row.error ?? '' },
    ],
    listed,
  )
  context.json({ code, counts, messages: listed })
}
