import { type Command, Option } from 'commander'
import { countChurn, listMembersAtRisk } from '../core/churn/read-churn'
import { churnReasonInWords } from '../core/churn/reasons-in-words'
import { type Locale, locales } from '../core/locale'
import { readMerchant } from '../core/merchant'
import { writeMoney } from '../core/segments/money'
import type { CliContext } from './context'
import { wholeNumber } from './program'

const DEFAULT_LIMIT = 20
const DEFAULT_RISK_PERCENT = 50

/** `churn`: who is leaving, with the most at stake first. */
export function registerChurn(program: Command, context: CliContext): void {
  program
    .command('churn')
    .description(
      'members most at risk by what would be lost in 12 months, with reasons; for the shop, never for members',
    )
    .option('--limit <n>', 'how many to show', wholeNumber({ min: 1, max: 1_000_000 }), DEFAULT_LIMIT)
    .option(
      '--risk <percent>',
      'only from this chance of leaving on',
      wholeNumber({ min: 0, max: 100 }),
      DEFAULT_RISK_PERCENT,
    )
    .addOption(new Option('--locale <locale>', 'language of the reasons').choices([...locales]).default('en'))
    .addHelpText('after', '\nExamples:\n  regulars churn --limit 5\n  regulars churn --limit 5 --locale zh')
    .action(async ({ limit, risk, locale }: { limit: number; risk: number; locale: Locale }) => {
      const db = await context.database()
      const { currency } = await readMerchant(db)
      const counts = await countChurn(db)
      const found = await listMembersAtRisk(db, { limit, riskMin: risk / 100 })
      const members = found.map((member) => ({
        ...member,
        why: member.reasons.map((reason) => churnReasonInWords(reason, { locale, currency })),
      }))
      if (counts.scored === 0) {
        context.say('nobody is scored yet: "regulars train --only churn", then "regulars score --only churn"')
      } else {
        context.table(
          [
            { title: 'member', value: (row) => row.memberId },
            { title: 'name', value: (row) => row.displayName },
            { title: 'risk', value: (row) => `${Math.round(100 * row.risk)} %` },
            { title: 'at stake', value: (row) => moneyOrNull(row.valueAtStakeMinor, currency) },
            { title: 'why', value: (row) => row.why.join('; ') },
          ],
          members,
        )
        context.say(
          `${counts.scored} members scored; ${counts.noOrders} without an order and ${counts.tooNew} too new are not`,
        )
      }
      context.json({ ...counts, currency, members })
    })
}

function moneyOrNull(minor: number | null, currency: string): string | null {
  return minor === null ? null : writeMoney(minor, currency)
}
